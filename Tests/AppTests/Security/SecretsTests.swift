import App
import Testing

@Suite("Secrets") struct SecretsTests {
    @Test func `tokens carry 256 bits and never repeat`() throws {
        let tokens = (0..<200).map { _ in SecureRandom.token() }
        #expect(Set(tokens).count == tokens.count)
        for token in tokens {
            #expect(token.utf8.count == 43)
            #expect(token.utf8.allSatisfy { $0 < 128 })
        }
    }

    @Test func `codes have their length and every digit comes up about as often`() {
        let text = (0..<500).map { _ in SecureRandom.digits(20) }.joined()
        #expect(text.utf8.count == 10_000)
        for digit in "0123456789" {
            // Mean 1,000, standard deviation 30: ten of those are out of reach.
            #expect((700...1_300).contains(text.count { $0 == digit }))
        }
    }

    /// RFC 4648 §10, without padding.
    @Test(arguments: [
        ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"), ("fooba", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy"),
    ])
    func `the examples of RFC 4648`(plain: String, encoded: String) {
        #expect(Base64URL.encode(Array(plain.utf8)) == encoded)
    }

    @Test func `bytes beyond the alphabet of addresses do not come up`() {
        #expect(Base64URL.encode([0xFB, 0xFF]) == "-_8")
    }

    @Test func `equality looks at every byte and at the length`() {
        #expect(ConstantTime.equal([], []))
        #expect(ConstantTime.equal([1, 2, 3], [1, 2, 3]))
        #expect(!ConstantTime.equal([1, 2, 3], [1, 2, 4]))
        #expect(!ConstantTime.equal([1, 2, 3], [0, 2, 3]))
        #expect(!ConstantTime.equal([1, 2], [1, 2, 3]))
    }

    @Test func `a password is known by its hash alone`() throws {
        let hash = try #require(PasswordHash.make("玉林-东路 12号"))
        #expect(hash.hasPrefix("$y$j9T$"))
        #expect(PasswordHash.verify("玉林-东路 12号", hash))
        #expect(!PasswordHash.verify("玉林-东路 13号", hash))
        #expect(PasswordHash.make("玉林-东路 12号") != hash)
    }

    @Test func `a password of another system's making is not mistaken for one`() {
        #expect(!PasswordHash.verify("x", ""))
        #expect(!PasswordHash.verify("x", "*0"))
        #expect(!PasswordHash.verify("x", "plain"))
    }

    @Test func `nothing of a password is cut off`() throws {
        let long = String(repeating: "a", count: PasswordHash.lengthMax)
        let hash = try #require(PasswordHash.make(long))
        #expect(PasswordHash.verify(long, hash))
        #expect(!PasswordHash.verify(String(long.dropLast()), hash))
        #expect(PasswordHash.make(long + "a") == nil)
        #expect(PasswordHash.make("secret\u{0}more") == nil)
        let short = try #require(PasswordHash.make("secret"))
        #expect(!PasswordHash.verify("secret\u{0}more", short))
    }
}
