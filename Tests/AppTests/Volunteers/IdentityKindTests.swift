import App
import HTTP
import Support
import Testing

@Suite("Registration by kinds of papers") struct IdentityKindTests {
    private static let papers: [(kind: IdentityKind, number: String, birth: String?)] = [
        (.residentIdentityCard, "510104199003079992", "1990-03-07"),
        (.residencePermit, "810000198503159994", "1985-03-15"), (.residencePermit, "820000199208209983", "1992-08-20"),
        (.residencePermit, "830000197811059994", "1978-11-05"),
        (.permanentResidence, "911124198108030024", "1981-08-03"), (.permanentResidence, "CAN110081080302", nil),
        (.passport, "E12345678", nil), (.hongKongMacauTravelPermit, "H12345678", nil),
        (.taiwanTravelPermit, "12345678", nil),
    ]

    private static func draft(_ kind: IdentityKind, _ number: String, _ more: String = "") -> String {
        """
        {"name": "李志愿", "identityKind": "\(kind.rawValue)", "identityNumber": "\(number)"\(more),
         "residenceCode": "510104", "categories": [], "skills": []}
        """
    }

    @Test(arguments: papers) func `each paper registers its holder, who is found by its number`(
        paper: (kind: IdentityKind, number: String, birth: String?)
    ) async throws {
        let client = try TestClient()
        let person = try client.resident()
        var more = ""
        if paper.birth == nil {
            let lacking = await client.send(
                .post, "/api/v1/volunteers", Self.draft(paper.kind, paper.number), token: person.token)
            let pointers = lacking.json["errors"]?.array.map { $0["pointer"]?.string }
            #expect(pointers == ["/sex", "/birthDate"], "the number does not hold them")
            more = #", "sex": "female", "birthDate": "1980-02-29""#
        } else {
            let other = #", "birthDate": "1980-02-29""#
            let lying = await client.send(
                .post, "/api/v1/volunteers", Self.draft(paper.kind, paper.number, other), token: person.token)
            #expect(lying.json["errors"]?[0]?["pointer"]?.string == "/birthDate")
        }
        let made = await client.send(
            .post, "/api/v1/volunteers", Self.draft(paper.kind, paper.number, more), token: person.token)
        #expect(made.json["identityKind"]?.string == paper.kind.rawValue)
        #expect(made.json["birthDate"]?.string == paper.birth ?? "1980-02-29")
        let manager = try client.staff()
        let found = await client.send(
            .post, "/api/v1/volunteer-searches", #"{"identityNumber": "\#(paper.number.lowercased())"}"#,
            token: manager.token)
        #expect(found.json["items"]?.array.count == 1)
        let shown = await client.send(
            .post, "/api/v1/volunteers/1/identity-views", #"{"reason": "核对保险名单"}"#, token: manager.token)
        #expect(shown.json["identityNumber"]?.string == paper.number)
        #expect(shown.json["identityKind"]?.string == paper.kind.rawValue)
    }
}
