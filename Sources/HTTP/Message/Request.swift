/// One request: a value that a test can make without a socket.
package struct Request: Sendable {
    package enum Body: Sendable {
        case empty
        case bytes([UInt8])
        case form(MultipartForm)
    }

    package var head: RequestHead
    package var body: Body
    package var peer: PeerAddress

    package init(head: RequestHead, body: Body = .empty, peer: PeerAddress) {
        self.head = head
        self.body = body
        self.peer = peer
    }
}

/// The address at the other end of a connection: 4 or 16 bytes, IPv4-mapped IPv6 addresses already unwrapped.
package struct PeerAddress: Sendable, Hashable, CustomStringConvertible {
    /// The address in network order; an IPv4 address has `isIPv6 == false` and sits in the low 32 bits of `low`.
    package let high: UInt64
    package let low: UInt64
    package let isIPv6: Bool

    package init(ipv4 address: UInt32) { (high, low, isIPv6) = (0, UInt64(address), false) }

    package init(high: UInt64, low: UInt64) {
        guard high == 0, low >> 32 == 0xFFFF else {
            (self.high, self.low, isIPv6) = (high, low, true)
            return
        }
        (self.high, self.low, isIPv6) = (0, low & 0xFFFF_FFFF, false)
    }

    package static let loopback = PeerAddress(ipv4: 0x7F00_0001)

    package var description: String {
        if !isIPv6 { return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)" }
        let words = [high, low].flatMap { half in stride(from: 48, through: 0, by: -16).map { half >> $0 & 0xFFFF } }
        return words.map { String($0, radix: 16) }.joined(separator: ":")
    }
}
