/// A decoded `multipart/form-data` body (RFC 7578): text fields in memory, file parts in temporary files.
package struct MultipartForm: Sendable {
    package struct File: Sendable {
        /// The field's name, `file` for wx.uploadFile.
        package var name: String
        /// What the client called it: untrusted, never a path.
        package var filename: String
        package var contentType: String?
        package var contents: TemporaryFile

        package init(name: String, filename: String, contentType: String?, contents: TemporaryFile) {
            self.name = name
            self.filename = filename
            self.contentType = contentType
            self.contents = contents
        }
    }

    package var fields: [(name: String, value: String)]
    package var files: [File]

    package init(fields: [(name: String, value: String)] = [], files: [File] = []) {
        self.fields = fields
        self.files = files
    }
}

/// A file that is deleted when the last reference to it goes, unless somebody has moved it to its place before.
package final class TemporaryFile: Sendable {
    package let path: String
    /// Bytes.
    package let size: Int
    private let remove: @Sendable (String) -> Void

    /// - Parameter remove: called with `path` at the end of life; it must tolerate a file that was moved away.
    package init(path: String, size: Int, remove: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.size = size
        self.remove = remove
    }

    deinit { remove(path) }
}
