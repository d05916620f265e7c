package import SQLite

/// A chore the server does by itself every few minutes.
package struct HousekeepingJob: Sendable {
    /// What one round came to.
    package struct Round: Sendable {
        package var rows: Int
        /// Pictures to remove. They go after the commit: it may fail, and a file that outlives its row hurts nobody.
        package var uploadTokens: [String]

        init(_ rows: Int, uploadTokens: [String] = []) {
            self.rows = rows
            self.uploadTokens = uploadTokens
        }
    }

    package var name: String
    /// Touches a few thousand rows at the most, so that writers wait for no more than some milliseconds.
    package var round: @Sendable (Transaction, Configuration) throws -> Round

    /// - Returns: rows it touched.
    package func run(_ writer: Writer, _ configuration: Configuration) throws -> Int {
        let done = try writer.writeAndWait { [round] in try round($0, configuration) }
        for token in done.uploadTokens { FileSystem.remove(Upload.path(token, configuration)) }
        return done.rows
    }
}
