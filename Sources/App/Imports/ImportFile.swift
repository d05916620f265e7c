import Glibc

/// A file to import, open as long as this lives, read in pieces.
package final class ImportFile: Sendable {
    /// Bytes of one file.
    package static let bytesMax = 1 << 30
    private static let pieceBytes = 256 * 1_024

    package let path: String
    private let descriptor: Int32

    /// - Throws: `ImportFailure.unreadable` unless it is a regular file of at most `bytesMax` bytes.
    package init(_ path: String) throws(ImportFailure) {
        guard let size = FileSystem.size(of: path), size <= Self.bytesMax else { throw .unreadable(path) }
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.path = path
        guard descriptor >= 0 else { throw .unreadable(path) }
    }

    deinit { close(descriptor) }

    /// The next piece from `offset` on; empty at the end.
    func piece(at offset: Int) throws(ImportFailure) -> [UInt8] {
        var failed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: Self.pieceBytes) { buffer, count in
            let got = pread(descriptor, buffer.baseAddress, Self.pieceBytes, off_t(offset))
            failed = got < 0
            count = max(got, 0)
        }
        guard !failed else { throw .unreadable(path) }
        return bytes
    }

    /// SHA-256 of all of it, by which the same file is known again.
    func hash() throws(ImportFailure) -> [UInt8] {
        var hash = SHA256()
        var offset = 0
        while true {
            let bytes = try piece(at: offset)
            guard !bytes.isEmpty else { return hash.finish() }
            hash.update(bytes)
            offset += bytes.count
        }
    }
}

/// A file only its owner may read, written at the end: first passwords, and reports.
package final class PrivateFile: Sendable {
    private let descriptor: Int32

    /// Opens or makes it; nil unless it is a regular file of ours that nobody else may read.
    package init?(_ path: String, emptied: Bool = false) {
        let flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC
        descriptor = open(path, flags, 0o600)
        guard descriptor >= 0 else { return nil }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0,
            status.st_uid == geteuid(), !emptied || ftruncate(descriptor, 0) == 0
        else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Whether the text is on the disk now.
    package func append(_ text: String) -> Bool {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 else { return false }
            bytes = bytes.dropFirst(written)
        }
        return fsync(descriptor) == 0
    }
}
