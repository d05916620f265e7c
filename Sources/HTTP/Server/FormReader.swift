import Glibc

/// Stores a multipart form while it arrives: text fields in memory, each file part in a temporary file that is gone when
/// nobody wants it.
final class FormReader {
    private let limits: Limits
    private let directory: String
    private var parser: MultipartParser
    private var form = MultipartForm()
    private var part: MultipartParser.PartHead?
    private var text: [UInt8] = []
    private var textBytes = 0
    private var file: (descriptor: Int32, path: String, size: Int)?

    init(contentType: String, limits: Limits, directory: String) throws(WireFault) {
        self.limits = limits
        self.directory = directory
        parser = try MultipartParser(contentType: contentType, limits: limits)
    }

    deinit {
        guard let file else { return }
        close(file.descriptor)
        unlink(file.path)
    }

    func feed(_ bytes: UnsafeBufferPointer<UInt8>) throws(WireFault) {
        try parser.feed(bytes) { event throws(WireFault) in
            switch event {
            case .part(let head): try begin(head)
            case .data(let data): try store(data)
            case .partEnd: endPart()
            }
        }
    }

    /// - Throws: 400 when the closing delimiter is missing.
    func finish() throws(WireFault) -> MultipartForm {
        guard parser.isDone else { throw .badForm }
        return form
    }

    private func begin(_ head: MultipartParser.PartHead) throws(WireFault) {
        part = head
        text = []
        guard head.filename != nil else { return }
        var template = Array("\(directory)/upload-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else { throw .storage }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        file = (descriptor, path, 0)
    }

    private func store(_ data: ArraySlice<UInt8>) throws(WireFault) {
        guard let current = file else {
            textBytes += data.count
            guard textBytes <= limits.formFieldBytes else { throw .bodyTooLarge }
            text.append(contentsOf: data)
            return
        }
        let written = data.withUnsafeBytes { write(current.descriptor, $0.baseAddress, $0.count) }
        guard written == data.count else { throw .storage }
        file?.size += written
    }

    private func endPart() {
        guard let part else { return }
        self.part = nil
        guard let done = file else {
            form.fields.append((part.name, String(decoding: text, as: UTF8.self)))
            return
        }
        file = nil
        close(done.descriptor)
        let contents = TemporaryFile(path: done.path, size: done.size) { unlink($0) }
        form.files.append(
            .init(name: part.name, filename: part.filename ?? "", contentType: part.contentType, contents: contents))
    }
}
