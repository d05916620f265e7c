import Glibc
import SQLite
import Testing

@Suite("The lock between writers of different processes") struct WriterLockTests {
    /// Another process's hold on the lock beside a database: `flock` tells descriptors apart, not processes.
    private final class OtherProcess {
        private let descriptor: Int32

        init(writing path: String) {
            descriptor = open(path + "-lock", O_RDWR | O_CLOEXEC)
            #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        }

        func end() { close(descriptor) }
    }

    /// Without checkpoints of its own accord.
    private var options: Writer.Options {
        var options = Writer.Options()
        options.busyTimeoutMilliseconds = 10
        options.idleCheckpointMilliseconds = 3_600_000
        return options
    }

    private static let insertion: SQL = "INSERT INTO person (name) VALUES ('李志愿')"

    @Test func `a batch waits for it and fails as busy, and the next succeeds once it is free`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer(options)
        let other = OtherProcess(writing: scratch.path)
        let error = #expect(throws: SQLiteError.self) { try writer.writeAndWait { try $0.run(Self.insertion) } }
        #expect(error?.isBusy == true)
        other.end()
        try writer.writeAndWait { try $0.run(Self.insertion) }
        #expect(try scratch.names() == ["李志愿"])
    }

    @Test func `it is free between batches, after refusals and after lost transactions`() throws {
        let scratch = try Scratch()
        let writer = try scratch.writer(options)
        try writer.writeAndWait { try $0.run(Self.insertion) }
        OtherProcess(writing: scratch.path).end()
        #expect(throws: Refusal.self) { try writer.writeAndWait { _ in throw Refusal() } }
        OtherProcess(writing: scratch.path).end()
        #expect(throws: SQLiteError.self) {
            try writer.writeAndWait { try $0.run("INSERT OR ROLLBACK INTO person (name) VALUES ('李志愿')") }
        }
        OtherProcess(writing: scratch.path).end()
        #expect(try scratch.names() == ["李志愿"])
    }

    @Test(arguments: [false, true])
    func `the log is not written back while another process has it`(_ isHeld: Bool) throws {
        let scratch = try Scratch()
        // Without a reader SQLite itself would write it back, as whoever closes the file last.
        let reader = try Database(path: scratch.path)
        let writer = try scratch.writer(options)
        try writer.writeAndWait { try $0.run(Self.insertion) }
        let other = isHeld ? OtherProcess(writing: scratch.path) : nil
        writer.stop()
        var status = stat()
        #expect(stat(scratch.path + "-wal", &status) == 0)
        #expect((status.st_size > 0) == isHeld)
        #expect(try reader.values("SELECT name FROM person") == ["李志愿"])
        other?.end()
    }

    @Test func `the file is for its owner alone and says nothing`() throws {
        let scratch = try Scratch()
        var status = stat()
        #expect(stat(scratch.path + "-lock", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(status.st_size == 0)
    }
}
