/// What the database knows of a bearer token: its SHA-256, and the beginning of that as the key of the row, because a
/// tree of short integers is looked through in fewer pages than one of hashes.
package struct TokenHash: Sendable, Hashable {
    private let words: SIMD8<UInt32>

    package init(of token: some Collection<UInt8>) {
        var hash = SHA256()
        hash.update(token)
        words = hash.finishWords()
    }

    /// - Parameter bytes: 32 of them, as stored.
    init(bytes: [UInt8]) {
        var words = SIMD8<UInt32>()
        for (index, byte) in bytes.prefix(32).enumerated() { words[index / 4] = words[index / 4] << 8 | UInt32(byte) }
        self.words = words
    }

    package var bytes: [UInt8] { SHA256.bytes(of: words) }

    /// The first eight bytes, big-endian. Two living sessions that share them would be told apart by `bytes`, and the
    /// second be refused when it is opened; among a million sessions there is such a pair once in 37 million cities.
    package var key: Int64 { Int64(bitPattern: UInt64(words[0]) << 32 | UInt64(words[1])) }

    package func hash(into hasher: inout Hasher) { hasher.combine(key) }
}
