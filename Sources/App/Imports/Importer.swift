package import HTTP
package import SQLite

/// What one CSV file holds (批量导入).
package enum ImportKind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
    case stations, grids, gridPlaces, chatGroups, staff, volunteers, teams
}

/// A column of such a file. The header names it in English or in Chinese.
package struct ImportColumn: Sendable {
    package var name: String
    package var title: String
    package var isRequired: Bool
    package var meaning: String

    package init(_ name: String, _ title: String, required: Bool = false, _ meaning: String) {
        self.name = name
        self.title = title
        isRequired = required
        self.meaning = meaning
    }
}

/// What became of a row that was not refused.
package enum ImportOutcome: Sendable { case created, updated, unchanged }

/// Which row of which import is being written.
package struct ImportPlace: Sendable {
    package var run: ID<ImportRecord>
    package var line: Int
}

/// Knows the rows of one kind of file. The engine does the rest: reading, batches, savepoints, report, resumption.
package protocol Importer: Sendable {
    associatedtype Entry: Sendable

    static var kind: ImportKind { get }
    static var columns: [ImportColumn] { get }
    /// Whether the rows must be put in order before they are written. Such a file is read whole, so keep it short.
    static var isArranged: Bool { get }

    /// Reads and checks a row on the importing thread, before the transaction: the place for hashing.
    /// - Throws: `Problem` to refuse the row; anything else ends the import.
    func read(_ row: ImportRow) throws -> Entry

    /// Puts all rows of a file in the order they are written in, and refuses those that cannot stand together.
    func arrange(_ rows: [ParsedRow<Entry>]) -> [ParsedRow<Entry>]

    /// Writes a row under a savepoint of its own.
    /// - Throws: `Problem` to refuse the row and undo what it did; anything else ends the import.
    func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome

    /// Called in the transaction behind the last row of a batch: what must be safe before the batch is.
    func keep(_ created: [Entry]) throws
}

extension Importer {
    package static var isArranged: Bool { false }
    package func arrange(_ rows: [ParsedRow<Entry>]) -> [ParsedRow<Entry>] { rows }
    package func keep(_ created: [Entry]) throws {}
}

/// One row on its way: what was read, or why not.
package struct ParsedRow<Entry: Sendable>: Sendable {
    package var line: Int
    package var result: Result<Entry, Problem>
}

/// One fault of one row. Says what is wrong with a field and never what stands in it: reports are passed around, and the
/// field may be somebody's number.
package struct ImportProblem: Encodable, Sendable, Equatable {
    package var line: Int
    /// Empty for a fault of the whole row.
    package var column: String
    package var zh: String
    package var en: String

    /// - Parameter problem: thrown by the rules of the service, whose pointers lead into a body and not into a row.
    package static func list(_ problem: Problem, line: Int) -> [ImportProblem] {
        guard !problem.faults.isEmpty else {
            let wording = problem.detail ?? problem.kind.title
            return [ImportProblem(line: line, column: "", zh: wording.zh, en: wording.en)]
        }
        return problem.faults.map { fault in
            ImportProblem(
                line: line, column: column(of: fault.pointer), zh: fault.detail.zh, en: fault.detail.en)
        }
    }

    /// `/guardian/name` is the column `guardianName`, `/skills/3` the column `skills`.
    static func column(of pointer: String) -> String {
        let parts = pointer.split(separator: "/").filter { Int($0) == nil }
        let rest = parts.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }
        return (parts.first.map(String.init) ?? "") + rest.joined()
    }
}

extension Problem {
    /// A row refused for one of its columns.
    package static func column(_ name: String, _ zh: String, _ en: String) -> Problem {
        Problem(.invalid, faults: [.init("/\(name)", Wording(zh: zh, en: en))])
    }
}

/// Why an import ended before its file did.
package enum ImportFailure: Error, Sendable, Equatable, CustomStringConvertible {
    case unreadable(String)
    /// The first line does not name the columns: every fault of it.
    case header([Wording])
    case tooManyRows(Int)
    /// Another process imports the same file.
    case runningElsewhere
    /// The file for first passwords is not one that only its owner can read, or cannot be written.
    case passwordFile(String)
    case noMemory

    package var description: String {
        switch self {
        case .unreadable(let path): "\(path) cannot be read, or is no file of a size that is taken"
        case .header(let faults): "the first line must name the columns: \(faults.map(\.en).joined(separator: "; "))"
        case .tooManyRows(let most): "the file has more than \(most) rows: split it"
        case .runningElsewhere: "the same file is being imported elsewhere; let that finish"
        case .passwordFile(let path): "\(path) must be a file of your own that nobody else may read (mode 0600)"
        case .noMemory: "no memory to hash a password"
        }
    }
}
