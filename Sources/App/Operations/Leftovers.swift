import FoundationEssentials
import Glibc

/// What killed processes left in the folder for temporary files: uploads on their way in, and copies of the database,
/// which hold personal data.
package enum Leftovers {
    /// Nothing in that folder is in use for so long. Seconds.
    package static let ageSeconds: Int64 = 86_400

    /// - Parameter cutoff: UTC seconds; what changed later stays.
    /// - Returns: how many entries are gone.
    package static func remove(in directory: String, changedBefore cutoff: Int64) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.count { name in
            let path = "\(directory)/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mtim.tv_sec < cutoff else { return false }
            return (try? FileManager.default.removeItem(atPath: path)) != nil
        }
    }
}
