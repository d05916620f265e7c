import CLinux
import Glibc
import SQLite

/// The few questions we ask of the file system.
package enum FileSystem {
    private static let pieceBytes = 262_144

    /// Bytes of a regular file; nil when there is none.
    package static func size(of path: String) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        return Int(status.st_size)
    }

    /// Bytes an ordinary user may still write where `path` lies.
    package static func freeBytes(at path: String) -> Int64? {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        return Int64(
            clamping: UInt64(status.f_bavail).multipliedReportingOverflow(by: UInt64(status.f_frsize)).partialValue)
    }

    /// A file that is gone already is as good as removed.
    package static func remove(_ path: String) { unlink(path) }

    package static func isWritable(_ path: String) -> Bool { access(path, W_OK) == 0 }

    /// A whole small file; nil when it cannot be read or is longer than `limit` bytes.
    package static func read(_ path: String, limit: Int) -> [UInt8]? {
        guard let size = size(of: path), size <= limit else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: size)
        var offset = 0
        while offset < size {
            let count = bytes.withUnsafeMutableBytes {
                Glibc.read(descriptor, $0.baseAddress?.advanced(by: offset), size - offset)
            }
            guard count > 0 else { return nil }
            offset += count
        }
        return bytes
    }

    /// SHA-256 of a whole file, read in pieces; nil when it cannot be read.
    package static func hash(of path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var hash = SHA256()
        while true {
            var failed = false
            let piece = [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, count in
                let got = Glibc.read(descriptor, buffer.baseAddress, pieceBytes)
                failed = got < 0
                count = max(got, 0)
            }
            guard !failed else { return nil }
            guard !piece.isEmpty else { return hash.finish() }
            hash.update(piece)
        }
    }

    /// Writes a new file for our eyes only and has it reach the disk, its name too.
    /// - Returns: false when it exists already or cannot be written; nothing of it is left then, and `errno` says why.
    package static func write(_ bytes: [UInt8], to path: String) -> Bool {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        guard written == bytes.count, fsync(descriptor) == 0, syncDirectory(of: path) else {
            // A part that was written is no error to the system, and means that there is no room for the rest.
            let reason = written >= 0 && written < bytes.count ? ENOSPC : errno
            unlink(path)
            errno = reason
            return false
        }
        return true
    }

    /// Makes the directory and those above it, for our eyes only.
    /// - Returns: false when one could not be made.
    package static func makeDirectory(_ path: String) -> Bool {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part + "/"
            if mkdir(made, 0o700) != 0, errno != EEXIST { return false }
        }
        return true
    }
}
