import CLinux
import Glibc

/// Passwords under yescrypt (libcrypt's `crypt_r`), which costs tens of milliseconds and 16 MiB by design: call it on a
/// worker, never on a lane or in the writer.
package enum PasswordHash {
    /// Longer ones are refused rather than cut. Bytes.
    package static let lengthMax = 128
    /// yescrypt's cost, 1 to 11: each step doubles the memory (5 is 16 MiB, libcrypt's default) and the time.
    package static let cost: UInt = 5

    /// A hash with a fresh salt; nil for a password that is too long or has a NUL, and when the machine has no memory.
    package static func make(_ password: String) -> String? {
        guard isHashable(password) else { return nil }
        let random = SecureRandom.bytes(16)
        var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
        let made = random.withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { bytes in
                crypt_gensalt_rn("$y$", cost, bytes.baseAddress, Int32(bytes.count), &setting, Int32(setting.count))
            }
        }
        guard made != nil else { return nil }
        return hash(password, setting: text(setting))
    }

    package static func verify(_ password: String, _ hash: String) -> Bool {
        guard isHashable(password), let again = self.hash(password, setting: hash) else { return false }
        return ConstantTime.equal(Array(again.utf8), Array(hash.utf8))
    }

    /// libcrypt reads up to the first NUL: what stands behind one would not count.
    private static func isHashable(_ password: String) -> Bool {
        password.utf8.count <= lengthMax && !password.utf8.contains(0)
    }

    /// What a name that does not exist is checked against, so that the answer takes as long as for one that does.
    package static let decoy = make("decoy") ?? ""

    private static func hash(_ password: String, setting: String) -> String? {
        let memory = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        defer {
            memset(memory, 0, MemoryLayout<crypt_data>.size)
            memory.deallocate()
        }
        memset(memory, 0, MemoryLayout<crypt_data>.size)
        guard let output = crypt_r(password, setting, memory) else { return nil }
        let hash = String(cString: output)
        // libcrypt answers "*0" or "*1" when it could not.
        return hash.hasPrefix("*") ? nil : hash
    }

    private static func text(_ characters: [CChar]) -> String {
        String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
