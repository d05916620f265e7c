import Glibc
import Synchronization

/// Lines of JSON on standard error: one for each event, and one for each request when the access log is on. Values that
/// identify a person never come here; callers pass ids and counts.
package struct Log: Sendable {
    package enum Level: String, Sendable, CaseIterable, Comparable {
        case debug, info, warning, error

        package static func < (left: Level, right: Level) -> Bool {
            (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
        }
    }

    private let level: Level
    private let write: @Sendable (UnsafeRawBufferPointer) -> Void

    package init(level: Level, write: @escaping @Sendable (UnsafeRawBufferPointer) -> Void = Log.standardError) {
        self.level = level
        self.write = write
    }

    /// Discards everything, for tests.
    package static let silent = Log(level: .error) { _ in }

    package func callAsFunction(_ level: Level, _ event: String, _ values: KeyValuePairs<String, String> = [:]) {
        guard level >= self.level else { return }
        var line = "{\"at\":\"\(Timestamp.current)\",\"level\":\"\(level.rawValue)\",\"event\":\(quoted(event))"
        for (name, value) in values { line += ",\(quoted(name)):\(quoted(value))" }
        line += "}\n"
        line.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    /// Lines made elsewhere, each ending in a line feed.
    package func lines(_ bytes: UnsafeRawBufferPointer) { write(bytes) }

    private func quoted(_ text: String) -> String { String(decoding: JSON.encode(text), as: UTF8.self) }

    /// One at a time: of two that write more than `PIPE_BUF` to a pipe, the kernel may mix the lines.
    package static let standardError: @Sendable (UnsafeRawBufferPointer) -> Void = { bytes in
        turn.withLock { _ in
            var offset = 0
            while offset < bytes.count {
                let written = Glibc.write(2, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                if written < 0 && errno == EINTR { continue }
                guard written > 0 else { return }
                offset += written
            }
        }
    }

    private static let turn = Mutex(())
}
