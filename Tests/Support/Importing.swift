package import App
package import SQLite

/// Imports from a text instead of a file somebody made.
package enum Importing {
    package struct Result: Sendable {
        package var record: ImportRecord
        package var problems: [ImportProblem]

        /// `line column`, in the order they were met.
        package var places: [String] { problems.map { "\($0.line) \($0.column)" } }
    }

    /// - Parameters:
    ///   - folder: where the text is put, under a name of its own.
    ///   - configure: changes the engine's options.
    package static func run<Source: Importer>(
        _ importer: Source, _ text: String, in folder: String, _ writer: Writer,
        configure: (inout ImportEngine<Source>.Options) -> Void = { _ in },
        observe: (ImportEngine<Source>.Progress) throws -> Void = { _ in }
    ) throws -> Result {
        let path = "\(folder)/import-\(SecureRandom.digits(12)).csv"
        _ = FileSystem.write(Array(text.utf8), to: path)
        defer { FileSystem.remove(path) }
        var options = ImportEngine<Source>.Options()
        configure(&options)
        let engine = ImportEngine(importer, try ImportFile(path), options: options)
        var problems: [ImportProblem] = []
        let record = try engine.run(engine.open(writer), writer) { progress in
            problems += progress.problems
            try observe(progress)
        }
        return Result(record: record, problems: problems)
    }
}

extension TestClient {
    /// Imports a text into the client's database.
    package func importing<Source: Importer>(_ importer: Source, _ text: String) throws -> Importing.Result {
        try Importing.run(importer, text, in: folder.path, services.writer)
    }
}
