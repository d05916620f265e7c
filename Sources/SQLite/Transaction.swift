import CSQLite

/// A database inside the writer's transaction: it can also write, and its time stands still.
package final class Transaction: Database {
    /// UTC seconds, the same for everything one closure does.
    package internal(set) var now: Int64 = 0

    /// - Returns: rows inserted, updated or deleted by this statement itself.
    @discardableResult
    package func run(_ sql: SQL) throws -> Int {
        try withStatement(sql) { statement in
            while try statement.step() {}
            return Int(sqlite3_changes64(handle))
        }
    }

    package var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }
}
