import CSQLite
import Glibc

/// Interrupts a statement that runs too long. SQLite asks every few thousand steps of its machine; the object outlives
/// the connection it is installed on because that connection owns it.
final class Deadline {
    /// Steps of SQLite's virtual machine between two looks at the clock: about 50 µs.
    private static let steps: Int32 = 4_000
    private let nanoseconds: UInt64
    private var end: UInt64 = 0

    init(milliseconds: Int) { nanoseconds = UInt64(max(0, milliseconds)) * 1_000_000 }

    func install(on handle: OpaquePointer) {
        guard nanoseconds > 0 else { return }
        sqlite3_progress_handler(
            handle, Self.steps,
            { context in
                guard let context else { return 0 }
                return Unmanaged<Deadline>.fromOpaque(context).takeUnretainedValue().isPast ? 1 : 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    /// The clock is read when the first look is taken, not for each short statement.
    func restart() { end = 0 }

    private var isPast: Bool {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        let now = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
        if end == 0 { end = now + nanoseconds }
        return now > end
    }
}
