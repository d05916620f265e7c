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
    /// The block being filled.
    private var block = InlineArray<64, UInt8>(repeating: 0)
    private var filled = 0
    private var length: UInt64 = 0

    package init() {}

    package static func hash(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    package mutating func update(_ bytes: some Collection<UInt8>) {
        let isContiguous: Void? = bytes.withContiguousStorageIfAvailable { update($0) }
        if isContiguous == nil { Array(bytes).withUnsafeBufferPointer { update($0) } }
    }

    private mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
        length &+= UInt64(bytes.count)
        var index = 0
        while index < bytes.count {
            if filled == 0, bytes.count - index >= 64 {
                Self.compress(
                    UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(bytes)[index..<index + 64]), &state)
                index += 64
                continue
            }
            block[filled] = bytes[index]
            filled += 1
            index += 1
            if filled == 64 { compressBlock() }
        }
    }

    /// The hash as eight big-endian words.
    consuming func finishWords() -> SIMD8<UInt32> {
        pad()
        return state
    }

    /// The 32 bytes.
    package consuming func finish() -> [UInt8] {
        pad()
        return Self.bytes(of: state)
    }

    /// Big-endian words as bytes.
    static func bytes(of words: SIMD8<UInt32>) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: 32) { bytes, count in
            let bytes = UnsafeMutableRawBufferPointer(bytes)
            for index in 0..<8 {
                bytes.storeBytes(of: words[index].bigEndian, toByteOffset: index * 4, as: UInt32.self)
            }
            count = 32
        }
    }

    /// A one, noughts, and the length in bits (§5.1.1).
    private mutating func pad() {
        block[filled] = 0x80
        for index in filled + 1..<64 { block[index] = 0 }
        if filled >= 56 {
            compressBlock()
            for index in 0..<64 { block[index] = 0 }
        }
        let bits = length &* 8
        for place in 0..<8 { block[56 + place] = UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * place)) }
        compressBlock()
    }

    private mutating func compressBlock() {
        let full = block
        withUnsafeBytes(of: full) { Self.compress($0, &state) }
        filled = 0
    }

    @inline(__always) private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word >> count | word << (32 - count)
    }

    /// One block (§6.2.2), the message schedule on the stack.
    private static func compress(_ block: UnsafeRawBufferPointer, _ state: inout SIMD8<UInt32>) {
        withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { schedule in
            for index in 0..<16 {
                let word = block.loadUnaligned(fromByteOffset: index * 4, as: UInt32.self)
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
            constants.withUnsafeBufferPointer { constants in
                // Eight rounds at a time: the words change their parts instead of their places.
                for first in stride(from: 0, to: 64, by: 8) {
                    round(a, b, c, &d, e, f, g, &h, constants[first] &+ schedule[first])
                    round(h, a, b, &c, d, e, f, &g, constants[first + 1] &+ schedule[first + 1])
                    round(g, h, a, &b, c, d, e, &f, constants[first + 2] &+ schedule[first + 2])
                    round(f, g, h, &a, b, c, d, &e, constants[first + 3] &+ schedule[first + 3])
                    round(e, f, g, &h, a, b, c, &d, constants[first + 4] &+ schedule[first + 4])
                    round(d, e, f, &g, h, a, b, &c, constants[first + 5] &+ schedule[first + 5])
                    round(c, d, e, &f, g, h, a, &b, constants[first + 6] &+ schedule[first + 6])
                    round(b, c, d, &e, f, g, h, &a, constants[first + 7] &+ schedule[first + 7])
                }
            }
            state = state &+ SIMD8(a, b, c, d, e, f, g, h)
        }
    }

    @inline(__always) private static func round(
        _ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32,
        _ h: inout UInt32, _ word: UInt32
    ) {
        let one = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
        let zero = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
        h = h &+ one &+ (e & f ^ ~e & g) &+ word
        d = d &+ h
        h = h &+ zero &+ (a & b ^ a & c ^ b & c)
    }
}

/// HMAC-SHA-256 (RFC 2104).
package enum HMAC {
    package static func authenticate(_ message: some Collection<UInt8>, key: [UInt8]) -> [UInt8] {
        let key = key.count > 64 ? SHA256.hash(key) : key
        var inner = SHA256()
        inner.update(pad(key, 0x36))
        inner.update(message)
        var outer = SHA256()
        outer.update(pad(key, 0x5C))
        outer.update(inner.finish())
        return outer.finish()
    }

    private static func pad(_ key: [UInt8], _ filler: UInt8) -> [UInt8] {
        var block = [UInt8](repeating: filler, count: 64)
        for index in key.indices { block[index] ^= key[index] }
        return block
    }
}
