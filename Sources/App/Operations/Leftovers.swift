import FoundationEssentials
import Glibc

/// What killed processes left in the folder for temporary files: uploads on their way in, and copies of the database,
/// which hold personal data.
package enum Leftovers {
    /// Nothing in that folder is in use for so long. Seconds.
    package static let ageSeconds: Int64 = 86_400

    /// - Parameter cutoff: UTC seconds; what changed later stays. So does what tells of a picture: `UnfinishedUpload` is
    ///   settled by itself.
    /// - Returns: how many entries are gone.
    package static func remove(in directory: String, changedBefore cutoff: Int64) -> Int {
        names(in: directory, changedBefore: cutoff).count { name in
            guard !UnfinishedUpload.isMark(name) else { return false }
            return (try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")) != nil
        }
    }

    /// Entries of the directory that last changed before `cutoff`, in UTC seconds.
    static func names(in directory: String, changedBefore cutoff: Int64) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { name in
            var status = stat()
            return lstat("\(directory)/\(name)", &status) == 0 && status.st_mtim.tv_sec < cutoff
        }
    }
}
