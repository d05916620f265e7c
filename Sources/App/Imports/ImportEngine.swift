import Dispatch
import Glibc
import HTTP
package import SQLite

/// Takes a file in batch by batch. Each batch is a closure of the writer's like any other, so that other writers come
/// between two of them; the record of how far the import came is committed with it.
package struct ImportEngine<Source: Importer>: Sendable {
    package struct Options: Sendable {
        /// Rows in one transaction, so that other writers wait for no more than some tens of milliseconds.
        package var batchRows = 200
        /// Rows of one file.
        package var rowsMax = 1_000_000
        /// Rows of a file that is put in order first, which is held in memory for it.
        package var arrangedRowsMax = 200_000
        /// A pause after each batch, in parts of the time it took. Within the server the writer's queue is fair by
        /// itself; another process must leave the lock alone for a while, because SQLite's waiters sleep and try again.
        package var pauseShare = 0.0
        /// Begin with the first row though the file was imported before.
        package var isNew = false

        package init() {}
    }

    /// What one batch came to.
    package struct Progress: Sendable {
        package var record: ImportRecord
        package var problems: [ImportProblem]
    }

    /// The longest pause. Microseconds.
    private static var pauseMax: Double { 100_000 }
    /// A batch that waited five seconds for another process's lock is tried so often.
    private static var tries: Int { 5 }

    private let importer: Source
    private let file: ImportFile
    private let options: Options

    package init(_ importer: Source, _ file: ImportFile, options: Options = Options()) {
        self.importer = importer
        self.file = file
        self.options = options
    }

    /// The record as it stands before anything is done: where an import that was cut off goes on, or that it is complete.
    /// - Throws: `ImportFailure` for a file that is none of this kind.
    package func open(_ writer: Writer, by account: ID<Account>? = nil) throws -> ImportRecord {
        _ = try ImportRows(file, Source.columns)
        let hash = try file.hash()
        return try writer.writeAndWait { [options] db in
            try ImportRecord.open(Source.kind, hash: hash, account: account, isNew: options.isNew, in: db)
        }
    }

    /// Imports what `record` says is left.
    /// - Parameter observe: called after each batch was committed; what it throws ends the import there.
    /// - Throws: `ImportFailure`, or what the database has against it. Batches that were committed stay.
    package func run(
        _ start: ImportRecord, _ writer: Writer, observe: (Progress) throws -> Void = { _ in }
    ) throws -> ImportRecord {
        var record = start
        guard record.completedAt == nil else { return record }
        var feed = try Feed(importer, file, options)
        try feed.skip(record.rowReached)
        while true {
            let rows = try feed.take(options.batchRows)
            guard record.rowReached + rows.count <= options.rowsMax else {
                throw ImportFailure.tooManyRows(options.rowsMax)
            }
            let began = DispatchTime.now().uptimeNanoseconds
            let progress = try commit(rows, isLast: rows.count < options.batchRows, record, writer)
            record = progress.record
            try observe(progress)
            if record.completedAt != nil { return record }
            pause(since: began)
        }
    }

    private func commit(
        _ rows: [ParsedRow<Source.Entry>], isLast: Bool, _ before: ImportRecord, _ writer: Writer
    ) throws -> Progress {
        for attempt in 1... {
            do {
                return try writer.writeAndWait { [importer] db in
                    try Self.write(rows, isLast: isLast, before, importer, in: db)
                }
            } catch let error as SQLiteError where error.isBusy && attempt < Self.tries {
                continue
            }
        }
        throw ImportFailure.runningElsewhere
    }

    private static func write(
        _ rows: [ParsedRow<Source.Entry>], isLast: Bool, _ before: ImportRecord, _ importer: Source, in db: Transaction
    ) throws -> Progress {
        var record = before
        var problems: [ImportProblem] = []
        var created: [Source.Entry] = []
        for row in rows {
            do {
                let entry = try row.result.get()
                let place = ImportPlace(run: record.id, line: row.line)
                let outcome = try db.nested { try importer.write(entry, place, in: $0) }
                record.count(outcome)
                if outcome == .created { created.append(entry) }
            } catch let problem as Problem {
                problems += ImportProblem.list(problem, line: row.line)
                record.refused += 1
            } catch let error as SQLiteError where error.isConstraintViolation && db.isInTransaction {
                problems.append(
                    ImportProblem(line: row.line, column: "", zh: "与数据库的约束冲突", en: "breaks a rule of the database"))
                record.refused += 1
            }
            record.rowReached += 1
            record.lineReached = max(record.lineReached, row.line)
        }
        record.problems += problems.count
        if isLast { record.completedAt = Timestamp(seconds: db.now) }
        try record.save(after: before, problems, in: db)
        // Last, when nothing but the commit can fail: what is kept outside the database cannot be undone.
        try importer.keep(created)
        return Progress(record: record, problems: problems)
    }

    private func pause(since began: UInt64) {
        guard options.pauseShare > 0 else { return }
        let took = Double(DispatchTime.now().uptimeNanoseconds &- began) / 1_000
        usleep(UInt32(min(Self.pauseMax, took * options.pauseShare)))
    }
}

extension ImportEngine {
    /// The rows in the order they are written in, checked one by one as they are asked for.
    private struct Feed {
        private let importer: Source
        private var rows: ImportRows
        /// All of them, where they had to be put in order; nil where they come as they stand.
        private var arranged: ArraySlice<ParsedRow<Source.Entry>>?

        init(_ importer: Source, _ file: ImportFile, _ options: Options) throws {
            self.importer = importer
            rows = try ImportRows(file, Source.columns)
            guard Source.isArranged else { return }
            var all: [ParsedRow<Source.Entry>] = []
            while let row = try rows.next() {
                guard all.count < options.arrangedRowsMax else {
                    throw ImportFailure.tooManyRows(options.arrangedRowsMax)
                }
                all.append(try parse(row))
            }
            arranged = importer.arrange(all)[...]
        }

        /// Passes over rows that are done, without checking them again.
        mutating func skip(_ count: Int) throws {
            if let all = arranged {
                arranged = all.dropFirst(count)
                return
            }
            for _ in 0..<count where try rows.next() == nil { return }
        }

        mutating func take(_ count: Int) throws -> [ParsedRow<Source.Entry>] {
            if let all = arranged {
                arranged = all.dropFirst(count)
                return Array(all.prefix(count))
            }
            var taken: [ParsedRow<Source.Entry>] = []
            while taken.count < count, let row = try rows.next() { taken.append(try parse(row)) }
            return taken
        }

        private func parse(_ row: ParsedRow<ImportRow>) throws -> ParsedRow<Source.Entry> {
            do {
                return ParsedRow(line: row.line, result: .success(try importer.read(row.result.get())))
            } catch let problem as Problem {
                return ParsedRow(line: row.line, result: .failure(problem))
            }
        }
    }
}
