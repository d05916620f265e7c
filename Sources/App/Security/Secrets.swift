import CLinux
import Glibc

/// Bytes nobody can guess, from the kernel.
package enum SecureRandom {
    /// Traps on a machine that has no random numbers: nothing made without them would be safe.
    package static func bytes(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes {
                getrandom($0.baseAddress?.advanced(by: filled), count - filled, 0)
            }
            // Fails only when a signal interrupts it (getrandom(2)).
            precondition(got > 0 || errno == EINTR, "getrandom")
            filled += max(got, 0)
        }
        return bytes
    }

    /// 256 bits as 43 characters that need no escape anywhere.
    package static func token() -> String { Base64URL.encode(bytes(32)) }

    /// Decimal digits, each as likely as the others.
    package static func digits(_ count: Int) -> String {
        var text = ""
        while text.count < count {
            // 250 is the largest multiple of ten in a byte: the rest would favour small digits.
            for byte in bytes(count) where byte < 250 && text.count < count { text += String(byte % 10) }
        }
        return text
    }
}

/// RFC 4648 §5, without padding.
package enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    package static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[Int(word >> UInt32(18 - 6 * place) & 63)]) }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

package enum ConstantTime {
    /// Takes as long for a near miss as for a far one.
    package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return zip(left, right).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

/// Finds a phone or an ID number without keeping it readable in an index: a plain hash of eleven digits is undone by
/// trying them all, so it is taken under a key that never enters the database.
package struct KeyedHash: Sendable {
    package static let keyBytes = 32
    private let key: [UInt8]

    package init(key: [UInt8]) { self.key = key }

    /// - Parameter purpose: keeps the hashes of different things apart.
    package func callAsFunction(_ text: String, purpose: StaticString) -> [UInt8] {
        HMAC.authenticate(Array("\(purpose)\u{0}\(text)".utf8), key: key)
    }
}
