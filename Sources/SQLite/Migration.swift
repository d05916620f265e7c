/// One step of the schema's history. Once released it is never edited: a test freezes its hash.
package struct Migration: Sendable {
    /// From 1 on, without gaps; `PRAGMA user_version` after it.
    package let number: Int
    package let name: String
    /// SQL, any number of statements. BEGIN and COMMIT are the migrator's and refused here.
    package let statements: String
    /// Moves data where SQL alone cannot, in the same transaction, after `statements`.
    package let data: (@Sendable (Transaction) throws -> Void)?

    package init(
        number: Int, name: String, statements: String, data: (@Sendable (Transaction) throws -> Void)? = nil
    ) {
        self.number = number
        self.name = name
        self.statements = statements
        self.data = data
    }

    /// 16 hexadecimal digits that change with the number, the name or the statements (FNV-1a, 64 bits). It guards against
    /// an accidental edit, not against an attacker; what `data` does it cannot see.
    package var hash: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(number)\n\(name)\n\(statements)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

/// A migration was refused; the file is as it was after the one before it.
package struct MigrationFailure: Error, Sendable, CustomStringConvertible {
    package let number: Int
    package let name: String
    package let reason: any Error

    package var description: String { "Migration \(number) (\(name)) failed and changed nothing: \(reason)" }
}
