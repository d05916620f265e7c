import App
import Testing

@Suite("Hashes of tokens") struct TokenHashTests {
    @Test func `it is the SHA-256 of the token, and its key the first eight bytes`() {
        for token in ["", "abc", String(repeating: "k", count: 200)] {
            let hash = TokenHash(of: token.utf8)
            #expect(hash.bytes == SHA256.hash(token.utf8))
            let key = hash.bytes.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            #expect(hash.key == Int64(bitPattern: key))
        }
    }

    @Test func `another token is another hash`() {
        let hashes = (0..<1_000).map { TokenHash(of: "token \($0)".utf8) }
        #expect(Set(hashes).count == hashes.count)
        #expect(TokenHash(of: "token 7".utf8) == hashes[7])
    }
}
