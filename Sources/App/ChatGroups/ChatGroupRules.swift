package import HTTP

/// The bounds of the register and the codes it gives out.
extension ChatGroup {
    /// WeChat's own limit is 500; the room above is for other messengers.
    package static let memberCounts = 0...100_000
    /// Groups of one bulk update.
    package static let countsMax = 500
    package static let codeLengths = 8...16
    private static let codeLength = 10
    /// Letters and digits none of which is taken for another: no 0 and O, no 1, I and L.
    private static let alphabet = Array("23456789ABCDEFGHJKMNPQRSTUVWXYZ".utf8)

    /// Ten characters of 31: of 12,300 groups two meet once in ten million registers, and the code tells nothing.
    package static func newSourceCode() -> String {
        var code: [UInt8] = []
        while code.count < codeLength {
            // 248 is the largest multiple of 31 in a byte: the rest would favour the first letters.
            for byte in SecureRandom.bytes(codeLength) where byte < 248 && code.count < codeLength {
                code.append(alphabet[Int(byte) % alphabet.count])
            }
        }
        return String(decoding: code, as: UTF8.self)
    }

    /// For the check of a body that carries one.
    package static func checkSourceCode(_ code: String?, _ faults: inout Faults) {
        guard let code else { return }
        if !codeLengths.contains(code.utf8.count) || !code.utf8.allSatisfy(alphabet.contains) {
            faults.add("/sourceCode", "来源码无效", "is not a source code")
        }
    }

    /// - Throws: 422 for a time in the future.
    package static func checkCountedAt(_ time: Timestamp, now: Timestamp) throws(Problem) {
        guard time <= now else {
            throw Problem(
                .invalid, faults: [.init("/countedAt", Wording(zh: "不能晚于现在", en: "must not be in the future"))])
        }
    }

    /// - Throws: 409 for a group that is no more.
    package func requireActive() throws(Problem) {
        guard state == .active else { throw Problem(.conflict, state: state.rawValue) }
    }
}
