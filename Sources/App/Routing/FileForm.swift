import HTTP

/// A form of exactly one file, in a part named `file` as `wx.uploadFile` sends it, and texts beside it.
struct FileForm: Sendable {
    let file: MultipartForm.File
    /// The texts by name.
    let texts: [String: String]

    /// - Parameters:
    ///   - names: texts that may stand beside the file.
    ///   - faults: where every unknown and repeated text is named; as for JSON, they are the fault of a malformed body.
    /// - Throws: 400 for another body.
    init(_ request: APIRequest, texts names: [String] = [], _ faults: inout Faults) throws(Problem) {
        guard case .form(let form) = request.message.body, form.files.count == 1, let file = form.files.first,
            file.name == "file"
        else {
            throw Problem(
                .malformed,
                detail: Wording(zh: "需要一个名为 file 的文件", en: "Exactly one file part named file is required"))
        }
        var texts: [String: String] = [:]
        for field in form.fields {
            if !names.contains(field.name) {
                faults.add("/\(field.name.prefix(Self.shownMax))", "没有这个字段", "is not a field of this form")
            } else if texts.updateValue(field.value, forKey: field.name) != nil {
                faults.add("/\(field.name)", "重复", "is given twice")
            }
        }
        self.file = file
        self.texts = texts
    }

    /// Characters of an unknown name that are told back.
    private static let shownMax = 40
}
