/// SHA-256 (FIPS 180-4), for what is random already: tokens, codes under a key, fingerprints. Passwords go through
/// `PasswordHash`. Foundation on Linux has no hash, and a slow one for each request would cap the server at a thousand a
/// second.
package struct SHA256: Sendable {
    private static let constants: [UInt32] = [
        0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
        0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
        0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
        0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
        0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
        0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
        0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
        0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
    ]

    private var state: SIMD8<UInt32> = [
        0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19,
    ]
    private var pending: [UInt8] = []
    private var length: UInt64 = 0

    package init() {}

    package static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    package mutating func update(_ bytes: some Collection<UInt8>) {
        pending.append(contentsOf: bytes)
        length &+= UInt64(bytes.count)
        compressWhole()
    }

    /// The 32 bytes. The value must not be used afterwards.
    package mutating func finish() -> [UInt8] {
        pending.append(0x80)
        while pending.count % 64 != 56 { pending.append(0) }
        let bits = length &* 8
        for shift in stride(from: 56, through: 0, by: -8) {
            pending.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
        }
        compressWhole()
        var digest: [UInt8] = []
        digest.reserveCapacity(32)
        for index in 0..<8 {
            for shift: UInt32 in [24, 16, 8, 0] { digest.append(UInt8(truncatingIfNeeded: state[index] >> shift)) }
        }
        return digest
    }

    private mutating func compressWhole() {
        let blocks = pending.count / 64
        guard blocks > 0 else { return }
        pending.withUnsafeBufferPointer { bytes in
            Self.constants.withUnsafeBufferPointer { constants in
                for block in 0..<blocks {
                    Self.compress(UnsafeBufferPointer(rebasing: bytes[block * 64..<block * 64 + 64]), constants, &state)
                }
            }
        }
        pending.removeFirst(blocks * 64)
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    /// One block (§6.2.2), the message schedule on the stack.
    private static func compress(
        _ block: UnsafeBufferPointer<UInt8>, _ constants: UnsafeBufferPointer<UInt32>, _ state: inout SIMD8<UInt32>
    ) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            for index in 0..<16 {
                let word = UnsafeRawPointer(block.baseAddress.unsafelyUnwrapped)
                    .loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
                schedule.initializeElement(at: index, to: UInt32(bigEndian: word))
            }
            for index in 16..<64 {
                let (early, late) = (schedule[index - 15], schedule[index - 2])
                let low = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
                let high = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
                schedule.initializeElement(at: index, to: schedule[index - 16] &+ low &+ schedule[index - 7] &+ high)
            }
            var (a, b, c, d) = (state[0], state[1], state[2], state[3])
            var (e, f, g, h) = (state[4], state[5], state[6], state[7])
            for index in 0..<64 {
                let one = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
                let first = h &+ one &+ (e & f ^ ~e & g) &+ constants[index] &+ schedule[index]
                let zero = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
                let second = zero &+ (a & b ^ a & c ^ b & c)
                (h, g, f, e) = (g, f, e, d &+ first)
                (d, c, b, a) = (c, b, a, first &+ second)
            }
            state = state &+ SIMD8(a, b, c, d, e, f, g, h)
        }
    }
}

/// HMAC-SHA-256 (RFC 2104).
package enum HMAC {
    package static func authenticate(_ message: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
        var block = key.count > 64 ? SHA256.hash(key) : key
        block += [UInt8](repeating: 0, count: 64 - block.count)
        var inner = SHA256()
        inner.update(block.map { $0 ^ 0x36 })
        inner.update(message)
        var outer = SHA256()
        outer.update(block.map { $0 ^ 0x5C })
        outer.update(inner.finish())
        return outer.finish()
    }
}
