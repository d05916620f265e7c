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
}
