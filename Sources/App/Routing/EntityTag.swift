import HTTP

/// `"<version>-<hash of the body>"`: the hash makes it a strong validator of what this caller was shown, the version
/// alone decides an edit, so that a sign-up meanwhile does not refuse the manager's change of title.
package enum EntityTag {
    package static func make(version: Int64, body: [UInt8]) -> String {
        let (number, hash) = (version.description, hash(body))
        let digits = Base36.digitCount(hash)
        let length = number.utf8.count + digits + 3
        return String(unsafeUninitializedCapacity: length) { text in
            text.initializeElement(at: 0, to: UInt8(ascii: "\""))
            var end = 1
            for byte in number.utf8 {
                text.initializeElement(at: end, to: byte)
                end += 1
            }
            text.initializeElement(at: end, to: UInt8(ascii: "-"))
            Base36.write(hash, to: UnsafeMutableBufferPointer(rebasing: text[end + 1..<length - 1]))
            text.initializeElement(at: length - 1, to: UInt8(ascii: "\""))
            return length
        }
    }

    /// Whether an `If-Match` value allows an edit of this version.
    package static func matches(_ field: String, version: Int64) -> Bool {
        if field == "*" { return true }
        return field.split(separator: ",").contains { entry in
            let tag = Text.trimmed(entry)
            guard tag.hasPrefix("\"") else { return false }
            return tag.dropFirst().prefix { $0 != "-" && $0 != "\"" } == String(version)
        }
    }

    /// Eight bytes at a time; not for secrets.
    static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes { buffer in
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(buffer.count)
            var offset = 0
            while offset + 8 <= buffer.count {
                state = mix(state ^ buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset += 8
            }
            var rest: UInt64 = 0
            while offset < buffer.count {
                rest = rest << 8 | UInt64(buffer[offset])
                offset += 1
            }
            return mix(state ^ rest)
        }
    }

    private static func mix(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        return product.high ^ product.low
    }
}
