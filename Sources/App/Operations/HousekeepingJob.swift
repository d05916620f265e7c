package import SQLite

/// A chore the server does by itself every few minutes, in rounds: each is a transaction of its own, so that other
/// writers get their turn.
package struct HousekeepingJob: Sendable {
    /// What one round came to.
    package struct Round: Sendable {
        package var rows: Int
        /// It took as many as it may, so more may wait.
        package var isFull: Bool
        /// Pictures to remove. They go after the commit: it may fail, and a file that outlives its row hurts nobody.
        package var uploadTokens: [String]
        /// What kept one of the rows from its turn, where the others had theirs.
        package var failure: (any Error)?

        init(_ rows: Int, atMost limit: Int = .max, uploadTokens: [String] = [], failure: (any Error)? = nil) {
            self.rows = rows
            isFull = rows >= limit
            self.uploadTokens = uploadTokens
            self.failure = failure
        }
    }

    /// Rounds of one run, so that no backlog keeps the jobs behind it waiting for ever.
    package static let roundsMax = 200

    package var name: String
    /// Touches a few thousand rows at the most, so that writers wait for no more than some milliseconds.
    package var round: @Sendable (Transaction, Configuration) throws -> Round

    /// Goes on until there is no more to do, or for so many rounds.
    /// - Returns: rows it touched.
    /// - Throws: also, once all rounds are done, the first failure that one of them reported.
    package func run(_ writer: Writer, _ configuration: Configuration, rounds: Int = roundsMax) throws -> Int {
        var rows = 0
        var failure: (any Error)?
        for _ in 0..<rounds {
            let done = try writer.writeAndWait { [round] in try round($0, configuration) }
            for token in done.uploadTokens { FileSystem.remove(Upload.path(token, configuration)) }
            rows += done.rows
            failure = failure ?? done.failure
            if !done.isFull { break }
        }
        if let failure { throw failure }
        return rows
    }
}
