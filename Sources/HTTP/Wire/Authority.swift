/// The host and port a client calls a server by (RFC 9112 §3.2, RFC 3986 §3.2.2).
enum Authority {
    /// Whether it is a name or an address with an optional port. Narrower than RFC 3986: userinfo, percent escapes and
    /// the delimiters `!$&'()*+,;=` stand in no name of the DNS, and another reader could cut the name there.
    static func isValid(_ value: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        let rest: Slice<UnsafeBufferPointer<UInt8>>
        if value.first == UInt8(ascii: "[") {
            guard let end = value.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = value[..<end].dropFirst()
            guard address.count >= 2, address.allSatisfy(isAddressByte) else { return false }
            rest = value[end...].dropFirst()
        } else {
            let name = value.prefix { $0 != Bytes.colon }
            guard !name.isEmpty, name.allSatisfy(isNameByte) else { return false }
            rest = value[name.endIndex...]
        }
        return rest.isEmpty || (rest.first == Bytes.colon && isPort(rest.dropFirst()))
    }

    /// A port may be empty: `example.cn:` is the default port.
    private static func isPort(_ digits: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard digits.count <= 5, digits.allSatisfy(Bytes.isDigit) else { return false }
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } <= Int(UInt16.max)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: false
        }
    }

    /// IPv6 in its usual notations; a zone has no meaning to a server.
    private static func isAddressByte(_ byte: UInt8) -> Bool {
        Bytes.hexadecimal(byte) != nil || byte == Bytes.colon || byte == UInt8(ascii: ".")
    }
}
