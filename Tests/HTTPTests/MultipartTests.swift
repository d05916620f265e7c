import HTTP
import Testing

@Suite("Reading forms") struct MultipartTests {
    private static let type = "multipart/form-data; boundary=XX"

    /// Fields and files as name, file name and content, or the status of the fault.
    private func read(_ text: String, by size: Int = .max, type: String = type, limits: Limits = Limits()) -> [String] {
        var parts: [String] = []
        var content: [UInt8] = []
        do throws(WireFault) {
            var parser = try MultipartParser(contentType: type, limits: limits)
            let bytes = Array(text.utf8)
            var start = 0
            while start < bytes.count {
                let end = size >= bytes.count - start ? bytes.count : start + size
                let piece = Array(bytes[start..<end])
                let outcome = piece.withUnsafeBufferPointer { buffer -> WireFault? in
                    do throws(WireFault) {
                        try parser.feed(buffer) { event throws(WireFault) in
                            switch event {
                            case .part(let head): parts.append("\(head.name)|\(head.filename ?? "-")|")
                            case .data(let data): content += data
                            case .partEnd:
                                parts[parts.count - 1] += String(decoding: content, as: UTF8.self)
                                content = []
                            }
                        }
                        return nil
                    } catch { return error }
                }
                if let outcome { throw outcome }
                start = end
            }
            return parser.isDone ? parts : parts + ["unfinished"]
        } catch {
            return ["\(error.status.code)"]
        }
    }

    private static let form = """
        preamble\r\n--XX\r\nContent-Disposition: form-data; name="note"\r\n\r\n你好\r\n--X\r\n--XX\r\n\
        content-disposition: form-data; name="file"; filename="a;b.jpg"\r\nContent-Type: image/jpeg\r\n\r\n\u{1}\r\n-\r\n--XX\r\n\
        Content-Disposition: form-data; name=empty\r\n\r\n\r\n--XX--\r\nepilogue
        """

    @Test func `fields, files and empty parts are read wherever the pieces end`() {
        let whole = read(Self.form)
        #expect(whole == ["note|-|你好\r\n--X", "file|a;b.jpg|\u{1}\r\n-", "empty|-|"])
        for size in 1...Self.form.utf8.count { #expect(read(Self.form, by: size) == whole, "by \(size)") }
    }

    @Test func `a form without its end is not finished`() {
        #expect(read("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx").last == "unfinished")
    }

    @Test func `what is no form is refused`() {
        for type in [
            "", "application/json", "multipart/mixed; boundary=a", "multipart/form-data",
            "multipart/form-data; boundary=",
        ] {
            #expect(read(Self.form, type: type) == ["415"], "\(type)")
        }
        #expect(read(Self.form, type: "multipart/form-data; boundary=\(String(repeating: "a", count: 71))") == ["415"])
        #expect(read(Self.form, type: "Multipart/Form-Data; charset=utf-8; Boundary=\"XX\"").count == 3)
        #expect(read("--XX\r\nContent-Disposition: form-data\r\n\r\nx\r\n--XX--") == ["400"], "no name")
        #expect(read("--XX\r\nContent-Type: text/plain\r\n\r\nx\r\n--XX--") == ["400"], "no disposition")
        #expect(read("--XXbad\r\n\r\n\r\n--XX--") == ["400"], "a delimiter that goes on")
    }

    @Test func `parts and their heads are bounded`() {
        var limits = Limits()
        limits.parts = 2
        limits.partHeadBytes = 100
        #expect(read(Self.form, limits: limits) == ["400"])
        let long = "--XX\r\nContent-Disposition: form-data; name=a\r\nX: \(String(repeating: "y", count: 200))"
        #expect(read(long, by: 10, limits: limits) == ["400"])
    }

    private func part(_ head: String, _ content: String = "x") -> String {
        "--XX\r\n\(head)\r\n\r\n\(content)\r\n--XX--\r\n"
    }

    @Test func `a part's header is held to its grammar wherever the pieces end`() {
        let name = "Content-Disposition: form-data; name=a"
        let cases: [(String, [String])] = [
            (name, ["a|-|x"]), ("Content-Disposition: Form-Data ;NAME=\"a b\" ; ", ["a b|-|x"]),
            ("\(name); filename=\"\"", ["a||x"]), ("\(name); filename=\"../../etc/passwd\"", ["a|../../etc/passwd|x"]),
            ("\(name); filename=\"a\\\"b\\\\c\"", ["a|a\"b\\c|x"]),
            ("\(name); filename=\"C:\\p.jpg\"", ["a|C:\\p.jpg|x"]),
            ("\(name); filename=my photo.jpg", ["a|my photo.jpg|x"]), ("\(name); filename=\"照片.jpg\"", ["a|照片.jpg|x"]),
            ("\(name)\r\nContent-Transfer-Encoding: binary", ["a|-|x"]), ("\(name)\r\nX-Any: thing", ["a|-|x"]),
            ("Content-Disposition: form-data; name=\"\"", ["400"]),
            ("Content-Disposition: attachment; name=a", ["400"]),
            ("Content-Disposition: form-dataX; name=a", ["400"]), ("\(name); name=b", ["400"]),
            ("\(name); filename=b; FileName=c", ["400"]), ("\(name)\r\n\(name)", ["400"]),
            ("Content-Disposition: form-data; name=\"a", ["400"]),
            ("Content-Disposition: form-data; name=\"a\"b", ["400"]),
            ("Content-Disposition: form-data; name", ["400"]),
            ("Content-Disposition: form-data; name=\"\u{0}\"", ["400"]),
            ("Content-Disposition : form-data; name=a", ["400"]),
            ("Content-Disposition: form-data;\r\n name=a", ["400"]),
            ("\(name)\nX: y", ["400"]), ("\(name)\rX: y", ["400"]), ("\(name)\r\nnonsense", ["400"]), ("", ["400"]),
            ("\(name)\r\nContent-Type: multipart/mixed; boundary=b", ["400"]),
            ("\(name)\r\nContent-Type: a/b\r\nContent-Type: a/b", ["400"]),
            ("\(name)\r\nContent-Transfer-Encoding: base64", ["400"]),
            ("\(name)" + (1...15).map { "; p\($0)=v" }.joined(), ["a|-|x"]),
            ("\(name)" + (1...16).map { "; p\($0)=v" }.joined(), ["400"]),
        ]
        for (head, wanted) in cases {
            for size in [Int.max, 1, 2, 5, 13] {
                #expect(read(part(head), by: size) == wanted, "\(head.debugDescription) by \(size)")
            }
        }
    }

    @Test func `a name that is not UTF-8 is refused and a file name is mended`() {
        func feed(_ bytes: [UInt8]) -> String {
            var found = ""
            do throws(WireFault) {
                var parser = try MultipartParser(contentType: Self.type, limits: Limits())
                let outcome = bytes.withUnsafeBufferPointer { buffer -> WireFault? in
                    do throws(WireFault) {
                        try parser.feed(buffer) { event throws(WireFault) in
                            if case .part(let head) = event { found = head.filename ?? head.name }
                        }
                        return nil
                    } catch { return error }
                }
                return outcome.map { "\($0.status.code)" } ?? found
            } catch { return "\(error.status.code)" }
        }
        func damaged(_ text: String) -> [UInt8] { Array(text.utf8).map { $0 == UInt8(ascii: "z") ? 0xFF : $0 } }
        #expect(feed(damaged(part("Content-Disposition: form-data; name=z"))) == "400")
        #expect(feed(damaged(part("Content-Disposition: form-data; name=a; filename=z"))) == "\u{FFFD}")
    }

    @Test func `boundaries are what RFC 2046 allows`() {
        func type(_ boundary: String) -> String { "multipart/form-data; boundary=\(boundary)" }
        let longest = String(repeating: "b", count: 70)
        let fine = ["\"a b\"", "a'()+_,-./:=?b", "\"----WebKitFormBoundary7MA4YWxkTrZu0gW\"", longest]
        for boundary in fine {
            let bare = boundary.replacing("\"", with: "")
            let text = "--\(bare)\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n--\(bare)--"
            #expect(read(text, by: 3, type: type(boundary)) == ["a|-|x"], "\(boundary)")
        }
        let wrong = ["\"\"", "\"a", "\"a \"", "a\u{7F}", "\"a\u{9}b\"", "é", "a; boundary=b", longest + "b", "\"a\"b"]
        for boundary in wrong { #expect(read("", type: type(boundary)) == ["415"], "\(boundary)") }
    }

    @Test func `the limit of a part's header holds to the byte however the bytes arrive`() {
        var limits = Limits()
        limits.partHeadBytes = 60
        for excess in -3...3 {
            let head = "Content-Disposition: form-data; name="
            let name = String(repeating: "n", count: 58 - head.utf8.count + excess)
            let whole = read(part(head + name), limits: limits)
            #expect(whole == (excess <= 0 ? ["\(name)|-|x"] : ["400"]), "\(excess)")
            for size in 1...9 {
                #expect(read(part(head + name), by: size, limits: limits) == whole, "\(excess) by \(size)")
            }
        }
    }

    @Test func `no form traps, and pieces never change what is read`() {
        var dice = Dice(state: 7_578)
        let splinters = ["\r\n", "--XX", "--XX--", "\"", ";", "name=", "\r", "\n", "--", "\r\n\r\n", "\u{0}"]
        for _ in 0..<4_000 {
            let text = String(decoding: dice.mutate(Array(Self.form.utf8), with: splinters), as: UTF8.self)
            let whole = read(text)
            for size in [1, Int.random(in: 2...60, using: &dice)] where read(text, by: size) != whole {
                Issue.record("by \(size): \(text.debugDescription)")
                return
            }
        }
    }
}
