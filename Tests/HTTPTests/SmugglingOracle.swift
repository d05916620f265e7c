import HTTP

/// Judges an accepted head as the most lenient reader in front of us might: any control byte ends a line, blanks and case
/// mean nothing. Where even that one finds the same single framing, nobody can be talked into another.
enum SmugglingOracle {
    /// What is wrong with the head; nil when there is one interpretation.
    static func fault(_ parsed: ParsedHead) -> String? {
        let lines = parsed.head.bytes.split(omittingEmptySubsequences: false) { $0 < 0x20 && $0 != 0x09 }
        let fields = lines.dropFirst().map { line -> (name: String, value: String) in
            let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
            return (visible(line[..<colon]), visible(line[colon...].dropFirst()))
        }
        if fields.count(where: { $0.name == "host" }) > 1 { return "two hosts" }
        let framings = fields.filter { $0.name == "content-length" || $0.name == "transfer-encoding" }
        guard framings.count <= 1 else { return "two framings" }
        switch (parsed.framing, framings.first?.name, framings.first?.value) {
        case (.none, nil, _): return nil
        case (.none, "content-length", let value?): return Int(value) == 0 ? nil : "a body of \(value) is overlooked"
        case (.length(let length), "content-length", let value?):
            return Int(value) == length && value.utf8.allSatisfy { 0x30...0x39 ~= $0 } ? nil : "length \(value)"
        case (.chunked, "transfer-encoding", let value?):
            let isExact = parsed.head.values(of: .transferEncoding).first?.lowercased() == "chunked"
            return value == "chunked" && isExact ? nil : "coding \(value)"
        default: return "\(parsed.framing) without its field"
        }
    }

    private static func visible(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes.filter { $0 > 0x20 && $0 != 0x7F }, as: UTF8.self).lowercased()
    }

    /// The same request written in the one plain way: read again it must be the same request.
    static func rewritten(_ item: WireReader.Item) -> [UInt8]? {
        guard case .request(let method, let path, let query, let body, let keepsAlive) = item else { return nil }
        let target = query.map { "\(path)?\($0)" } ?? path
        let connection = keepsAlive ? "" : "Connection: close\r\n"
        let length = body.isEmpty ? "" : "Content-Length: \(body.count)\r\n"
        return Array("\(method) \(target) HTTP/1.1\r\nHost: a\r\n\(connection)\(length)\r\n".utf8) + body
    }

    /// Everything that must hold for any bytes; nil when it does.
    static func judge(_ bytes: [UInt8], by sizes: [Int]) -> String? {
        let whole = WireReader.reading(bytes)
        for head in whole.heads { if let fault = fault(head) { return fault } }
        for size in sizes where WireReader.read(bytes, by: size) != whole.items { return "pieces of \(size)" }
        for item in whole.items {
            guard let plain = rewritten(item) else { continue }
            if WireReader.read(plain) != [item] { return "another request when written plainly" }
        }
        return nil
    }
}
