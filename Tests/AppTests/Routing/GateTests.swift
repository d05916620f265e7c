import App
import HTTP
import SQLite
import Support
import Testing

@Suite("The gate") struct GateTests {
    @Test func `an unknown path, a wrong method and an unknown parameter are told apart`() async throws {
        let client = try TestClient()
        #expect(await client.send(.get, "/api/v1/nothing").status == .notFound)
        #expect(await client.send(.get, "/api/v1/stations/0").status == .notFound)
        #expect(await client.send(.get, "/api/v1/stations/9223372036854775808").status == .notFound)
        let method = await client.send(.delete, "/api/v1/stations")
        #expect(method.status == .methodNotAllowed)
        #expect(method.value(of: .allow) == "GET, HEAD, OPTIONS, POST")
        let parameter = await client.send(.get, "/api/v1/stations?knd=station")
        #expect(parameter.status == .badRequest)
        #expect(parameter.json["errors"]?[0]?["pointer"]?.string == "?knd")
        #expect(await client.send(.get, "/api/v1/stations?limit=1&limit=2").status == .badRequest)
        for query in ["limit=0", "limit=101", "limit=x", "cursor=%F0%28", "cursor=abc", "near=1", "kind=palace"] {
            #expect(await client.send(.get, "/api/v1/stations?\(query)").status == .badRequest, "\(query)")
        }
    }

    @Test func `problems speak Chinese unless English is asked for`() async throws {
        let client = try TestClient()
        let chinese = await client.send(.get, "/api/v1/nothing")
        #expect(chinese.json["title"]?.string == "没有找到")
        let english = await client.send(.get, "/api/v1/nothing", fields: [("Accept-Language", "en-GB, zh;q=0.5")])
        #expect(english.json["title"]?.string == "Not found")
        #expect(english.value(of: .contentType) == "application/problem+json; charset=utf-8")
    }

    @Test func `a caller's request id comes back, a dangerous one does not`() async throws {
        let client = try TestClient()
        let kept = await client.send(.get, "/healthz", fields: [("X-Request-Id", "trace-0001")])
        #expect(kept.value(of: .requestID) == "trace-0001")
        let made = await client.send(.get, "/healthz", fields: [("X-Request-Id", "a b\"c-long-enough")])
        #expect(made.value(of: .requestID) != "a b\"c-long-enough")
    }

    @Test func `calls beyond the limit are refused until the window ends`() async throws {
        let client = try TestClient { $0.rateReads = RateLimit(calls: 2, seconds: 60) }
        let person = try client.resident()
        let first = await client.send(.get, "/api/v1/me", token: person.token)
        #expect(first.value(of: "ratelimit-remaining") == "1")
        #expect(await client.send(.get, "/api/v1/me", token: person.token).status == .ok)
        let refused = await client.send(.get, "/api/v1/me", token: person.token)
        #expect(refused.status == .tooManyRequests)
        #expect(refused.value(of: .retryAfter) == "60")
        #expect(refused.value(of: "ratelimit-limit") == "2")
        let other = try client.resident(2)
        #expect(await client.send(.get, "/api/v1/me", token: other.token).status == .ok, "another caller has their own")
        client.advance(minutes: 1)
        #expect(await client.send(.get, "/api/v1/me", token: person.token).status == .ok)
    }

    @Test func `a write that the writer refuses is 503 and counted as shed`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        client.services.writer.stop()
        let refused = await client.send(.delete, "/api/v1/sessions", token: person.token)
        #expect(refused.status == .serviceUnavailable)
        #expect(refused.value(of: .retryAfter) == "1")
        let page = await client.send(.get, "/metrics").text
        #expect(page.contains(#"wenming_requests_shed_total{by="writer"} 1"#))
        #expect(page.contains(#"wenming_requests_shed_total{by="slowQueries"} 0"#))
    }

    @Test func `a POST may ask to be taken for a PUT`() async throws {
        let client = try TestClient()
        try client.stations()
        let manager = try client.staff()
        let id = try await client.activity(by: manager)
        let answer = await client.send(
            .post, "/api/v1/activities/\(id)/cancellation", #"{"reason": "改期"}"#, token: manager.token,
            fields: [("X-HTTP-Method-Override", "PUT")])
        #expect(answer.status == .ok)
    }

    @Test func `only listed origins are allowed by CORS`() async throws {
        let client = try TestClient { $0.origins = ["https://wenming.example"] }
        let preflight = await client.send(
            .options, "/api/v1/activities",
            fields: [("Origin", "https://wenming.example"), ("Access-Control-Request-Method", "POST")])
        #expect(preflight.status == .noContent)
        #expect(preflight.value(of: "access-control-allow-origin") == "https://wenming.example")
        #expect(preflight.value(of: "access-control-allow-methods")?.contains("POST") == true)
        let fields = preflight.value(of: "access-control-allow-headers")?.split(separator: ", ") ?? []
        for field in ["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "X-HTTP-Method-Override"] {
            #expect(fields.contains { $0 == field }, "\(field)")
        }
        let stranger = await client.send(.get, "/healthz", fields: [("Origin", "https://evil.example")])
        #expect(stranger.value(of: "access-control-allow-origin") == nil)
        let page = await client.send(.get, "/healthz")
        for answer in [stranger, page] { #expect(answer.value(of: .vary) == "Origin", "no cache may mix them up") }
    }

    @Test func `tokens that are nobody's count against the address, so that guessing has an end`() async throws {
        let client = try TestClient {
            $0.rateReads = RateLimit(calls: 3, seconds: 60)
            $0.rateAddressFactor = 1
        }
        for number in 0..<5 {
            let token = String(repeating: "\(number)", count: 40)
            let answer = await client.send(.get, "/api/v1/me", token: token)
            #expect(answer.status == (number < 3 ? .unauthorized : .tooManyRequests))
        }
    }

    @Test func `the address behind a configured proxy counts, and only behind one`() async throws {
        let client = try TestClient {
            $0.proxies = ["127.0.0.1"]
            $0.rateReads = RateLimit(calls: 1, seconds: 60)
            $0.rateAddressFactor = 1
        }
        for address in ["203.0.113.1", "203.0.113.2", "::ffff:203.0.113.3"] {
            let answer = await client.send(
                .get, "/api/v1/stations", fields: [("X-Forwarded-For", "10.0.0.9, \(address)")])
            #expect(answer.status == .ok, "\(address)")
        }
        let again = await client.send(.get, "/api/v1/stations", fields: [("X-Forwarded-For", "203.0.113.1")])
        #expect(again.status == .tooManyRequests)
        // Whoever has one address of IPv6 has as many as they like.
        for (address, status) in [("2001:db8::1", Status.ok), ("2001:db8::ffff:2", .tooManyRequests)] {
            let answer = await client.send(.get, "/api/v1/stations", fields: [("X-Forwarded-For", address)])
            #expect(answer.status == status, "\(address)")
        }
        // A caller who sends the field too: what the proxy adds behind it is what counts.
        let forged = await client.send(
            .get, "/api/v1/stations", fields: [("X-Forwarded-For", "203.0.113.8"), ("X-Forwarded-For", "203.0.113.1")])
        #expect(forged.status == .tooManyRequests)
    }

    @Test func `a body that is not the operation's is refused by name`() async throws {
        let client = try TestClient()
        let path = "/api/v1/phone-codes"
        #expect(await client.send(.post, path).status == .badRequest)
        #expect(await client.send(.post, path, "{").status == .badRequest)
        #expect(await client.send(.post, path, #"{"phone": 1}"#).json["errors"]?[0]?["pointer"]?.string == "/phone")
        #expect(await client.send(.post, path, #"{"phone": "1", "phone": "2"}"#).status == .badRequest)
        #expect(await client.send(.post, path, #"{"phone": "abc"}"#).status == .unprocessableContent)
        for type in ["application/x-www-form-urlencoded", "application/js on", "json", ""] {
            let answer = await client.send(
                .post, path, body: .bytes(Array("{}".utf8)), fields: [("Content-Type", type)])
            #expect(answer.status == .unsupportedMediaType, "\(type)")
        }
        for type in ["application/json", "Application/JSON ;charset=utf-8", "application/merge+json"] {
            let answer = await client.send(
                .post, path, body: .bytes(Array("{}".utf8)), fields: [("Content-Type", type)])
            #expect(answer.status != .unsupportedMediaType, "\(type)")
        }
    }

    /// `wx.request` makes `{}` of an empty `data`.
    @Test func `an operation without a body takes an empty object and no other`() async throws {
        let client = try TestClient()
        let person = try client.resident()
        for body in ["[]", "null", "{", #"{"all": true}"#] {
            let answer = await client.send(.delete, "/api/v1/sessions", body, token: person.token)
            #expect(answer.status == .badRequest, "\(body)")
        }
        #expect(await client.send(.delete, "/api/v1/sessions", " { } ", token: person.token).status == .noContent)
        #expect(await client.send(.get, "/api/v1/sessions", token: person.token).status == .unauthorized)
    }

    @Test func `every operation refuses whoever it is not for`() async throws {
        let client = try TestClient { $0.rateLogins = RateLimit(calls: 0, seconds: 1) }
        let resident = try client.resident()
        for route in Routes.all where route.access != .anyone {
            let path = route.path.description.replacing("{id}", with: "1").replacing("{grantId}", with: "1")
                .replacing("{volunteerId}", with: "1").replacing("{token}", with: "x")
            #expect(await client.send(route.method, path).status == .unauthorized, "\(route.operation)")
            if case .staff = route.access {
                #expect(
                    await client.send(route.method, path, token: resident.token).status == .forbidden,
                    "\(route.operation)")
            }
        }
    }
}
