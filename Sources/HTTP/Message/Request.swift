import Glibc

/// One request: a value that a test can make without a socket.
package struct Request: Sendable {
    package enum Body: Sendable {
        case empty
        case bytes([UInt8])
        case form(MultipartForm)
    }

    package var head: RequestHead
    package var body: Body
    /// Whether any content came, so that the responder was asked to admit it.
    package var hasBody: Bool { if case .empty = body { false } else { true } }
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

    /// Reads a dotted IPv4 or any IPv6 notation; nil for anything else.
    package init?(text: String) {
        var four = in_addr()
        if inet_pton(AF_INET, text, &four) == 1 {
            self.init(ipv4: UInt32(bigEndian: four.s_addr))
            return
        }
        var six = in6_addr()
        guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
        let halves = withUnsafeBytes(of: six) { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            )
        }
        self.init(high: halves.0, low: halves.1)
    }

    package static let loopback = PeerAddress(ipv4: 0x7F00_0001)

    /// Whom to count calls and connections by. The last 64 bits of an IPv6 address are its owner's to choose (RFC 4291
    /// §2.5.1), anew for every call if they like.
    package var subscriber: PeerAddress { isIPv6 ? PeerAddress(high: high, low: 0) : self }

    package var description: String {
        if !isIPv6 { return "\(low >> 24 & 255).\(low >> 16 & 255).\(low >> 8 & 255).\(low & 255)" }
        let words = [high, low].flatMap { half in stride(from: 48, through: 0, by: -16).map { half >> $0 & 0xFFFF } }
        return words.map { String($0, radix: 16) }.joined(separator: ":")
    }
}
