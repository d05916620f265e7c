import Dispatch
import Foundation
import SQLite
import Synchronization

/// A folder of its own for one test's files, gone with the value.
final class Scratch: Sendable {
    let folder: String
    var path: String { folder + "/test.sqlite" }

    static let schema = """
        CREATE TABLE person (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
        CREATE TABLE hours (
            id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES person, minutes INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE pair (
            id INTEGER PRIMARY KEY, other INTEGER REFERENCES pair DEFERRABLE INITIALLY DEFERRED
        ) STRICT;
        """

    static func migrator(_ more: [Migration] = []) -> Migrator {
        Migrator(
            migrations: [Migration(number: 1, name: "create", statements: schema)] + more, applicationID: 0x77656e6d)
    }

    init(migrated: Bool = true) throws {
        folder = FileManager.default.temporaryDirectory.path + "/wenming-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        if migrated { try Self.migrator().migrate(path: path) { 0 } }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func writer(
        _ options: Writer.Options = Writer.Options(), observe: (@Sendable (CommitObservation) -> Void)? = nil
    ) throws -> Writer {
        try Writer(path: path, options: options, clock: { 1_780_000_000 }, observe: observe)
    }

    func names() throws -> [String] { try Database(path: path).values("SELECT name FROM person ORDER BY id") }
}

/// Holds the writer inside a closure, so that what is submitted meanwhile makes one batch.
struct Gate: Sendable {
    private let entered = DispatchSemaphore(value: 0)
    private let opened = DispatchSemaphore(value: 0)

    init(closing writer: Writer) throws {
        try writer.submit({ [entered, opened] _ in
            entered.signal()
            opened.wait()
        }) { _ in }
        entered.wait()
    }

    func open() { opened.signal() }
}

/// The outcomes of many closures, in the order in which they came.
final class Outcomes<T: Sendable>: Sendable {
    private let list = Mutex<[(label: Int, result: Result<T, any Error>)]>([])
    private let group = DispatchGroup()

    func submit(_ label: Int, to writer: Writer, _ body: @escaping @Sendable (Transaction) throws -> T) throws {
        group.enter()
        do {
            try writer.submit(body) { result in
                self.list.withLock { $0.append((label, result)) }
                self.group.leave()
            }
        } catch {
            group.leave()
            throw error
        }
    }

    /// Blocks until every closure submitted so far was answered.
    func wait() -> [(label: Int, result: Result<T, any Error>)] {
        group.wait()
        return list.withLock { $0 }
    }
}

extension Result {
    var isSuccess: Bool { if case .success = self { true } else { false } }
    var error: Failure? { if case .failure(let error) = self { error } else { nil } }
}

/// What a closure throws to be refused.
struct Refusal: Error {}
