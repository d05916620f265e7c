/// Reads the header of one part of a form (RFC 7578 §4), as strictly as that of a request.
enum PartHeadReader {
    /// - Parameter bytes: the fields with line breaks between them and none at the end.
    static func read(_ bytes: ArraySlice<UInt8>) throws(WireFault) -> MultipartParser.PartHead {
        var disposition: FieldParameters?
        var type: ArraySlice<UInt8>?
        var rest = bytes
        while !rest.isEmpty {
            let (name, value) = try takeField(&rest)
            if Bytes.equalsFolded(name, "content-disposition") {
                guard disposition == nil, let parameters = FieldParameters(value) else { throw .badForm }
                disposition = parameters
            } else if Bytes.equalsFolded(name, "content-type") {
                guard type == nil else { throw .badForm }
                type = value
            } else if Bytes.equalsFolded(name, "content-transfer-encoding") {
                guard isPlain(value) else { throw .badForm }
            }
        }
        guard let disposition, Bytes.equalsFolded(disposition.word, "form-data"),
            let name = disposition.value(of: "name").flatMap({ String(validating: $0, as: UTF8.self) }), !name.isEmpty
        else { throw .badForm }
        if let type, Bytes.equalsFolded(type.prefix(10), "multipart/") { throw .badForm }
        return .init(
            name: name, filename: disposition.value(of: "filename").map { String(decoding: $0, as: UTF8.self) },
            contentType: type.map { String(decoding: $0, as: UTF8.self) })
    }

    /// Takes a line off: a name, a colon at once behind it, a value of text and nothing else.
    private static func takeField(
        _ rest: inout ArraySlice<UInt8>
    ) throws(WireFault) -> (name: ArraySlice<UInt8>, value: ArraySlice<UInt8>) {
        let name = rest.prefix(while: Bytes.isToken)
        guard !name.isEmpty, name.endIndex < rest.endIndex, rest[name.endIndex] == Bytes.colon else { throw .badForm }
        let value = rest[(name.endIndex + 1)...].prefix(while: Bytes.isFieldText)
        let end = rest[value.endIndex...]
        guard end.isEmpty || (end.count > 2 && end.starts(with: [Bytes.cr, Bytes.lf])) else { throw .badForm }
        rest = end.dropFirst(2)
        return (name, Bytes.trim(value))
    }

    /// RFC 7578 §4.7 has done away with encodings; storing base64 as if it were the file would be the wrong content.
    private static func isPlain(_ encoding: ArraySlice<UInt8>) -> Bool {
        Bytes.equalsFolded(encoding, "binary") || Bytes.equalsFolded(encoding, "8bit")
            || Bytes.equalsFolded(encoding, "7bit")
    }
}
