/// Why the wire refused a request, or broke off an answer, without the responder.
package enum WireFault: Error, Sendable, CaseIterable {
    // The head of a request.
    case bareLineFeed, badRequestLine, badTarget, targetTooLong, headTooLong, tooManyFields, unknownMethod, badVersion
    case badField, foldedField, badHost, badLength, lengthAndCoding, badCoding, unknownCoding, badExpectation
    // Its body.
    case badChunk, bodyTooLarge, badForm, notForm, storage
    // The connection and the answer.
    case timeOut, tooManyConnections, unreadableFile

    package var status: Status {
        switch self {
        case .bareLineFeed, .badRequestLine, .badTarget, .badField, .foldedField, .badHost, .badLength,
            .lengthAndCoding, .badCoding, .badChunk, .badForm:
            .badRequest
        case .targetTooLong: .uriTooLong
        case .headTooLong, .tooManyFields: .headerFieldsTooLarge
        case .unknownMethod, .unknownCoding: .notImplemented
        case .badVersion: .versionNotSupported
        case .badExpectation: .expectationFailed
        case .bodyTooLarge: .contentTooLarge
        case .notForm: .unsupportedMediaType
        case .timeOut: .requestTimeout
        case .storage, .tooManyConnections: .serviceUnavailable
        case .unreadableFile: .internalServerError
        }
    }

    /// Says nothing of the request's contents.
    package var detail: Wording {
        switch self {
        case .bareLineFeed: Wording(zh: "请求头中的换行必须是 CRLF。", en: "A line of the head ends without a carriage return.")
        case .badRequestLine: Wording(zh: "请求行格式不正确。", en: "The request line is malformed.")
        case .badTarget: Wording(zh: "请求地址格式不正确。", en: "The request target is malformed.")
        case .targetTooLong: Wording(zh: "请求地址过长。", en: "The request target is too long.")
        case .headTooLong: Wording(zh: "请求头过长。", en: "The request's head is too long.")
        case .tooManyFields: Wording(zh: "请求头字段过多。", en: "The request has too many header fields.")
        case .unknownMethod: Wording(zh: "不支持该请求方法。", en: "The method is unknown here.")
        case .badVersion: Wording(zh: "只支持 HTTP/1.0 和 HTTP/1.1。", en: "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
        case .badField: Wording(zh: "请求头字段格式不正确。", en: "A header field is malformed.")
        case .foldedField: Wording(zh: "请求头字段不能折行。", en: "A header field is folded over lines.")
        case .badHost: Wording(zh: "必须且只能有一个有效的 Host 字段。", en: "Exactly one valid Host field is required.")
        case .badLength: Wording(zh: "Content-Length 重复或格式不正确。", en: "Content-Length is malformed or repeated.")
        case .lengthAndCoding:
            Wording(
                zh: "Content-Length 与 Transfer-Encoding 不能同时使用。",
                en: "Content-Length and Transfer-Encoding exclude each other.")
        case .badCoding:
            Wording(
                zh: "chunked 必须是唯一且最后的传输编码。", en: "chunked has to be the only and final transfer coding.")
        case .unknownCoding: Wording(zh: "不支持该传输编码。", en: "The transfer coding is unknown here.")
        case .badExpectation: Wording(zh: "Expect 只支持 100-continue。", en: "Only 100-continue can be expected.")
        case .badChunk: Wording(zh: "分块格式不正确。", en: "A chunk is malformed.")
        case .bodyTooLarge: Wording(zh: "请求内容过大。", en: "The content is too large.")
        case .badForm: Wording(zh: "multipart/form-data 格式不正确。", en: "The multipart/form-data is malformed.")
        case .notForm:
            Wording(
                zh: "请求内容必须是带 boundary 的 multipart/form-data。",
                en: "multipart/form-data with a boundary is required.")
        case .storage: Wording(zh: "暂时无法保存上传的文件。", en: "The upload cannot be stored now.")
        case .timeOut: Wording(zh: "请求未能在规定时间内到达。", en: "The request did not arrive in time.")
        case .tooManyConnections: Wording(zh: "连接过多。", en: "There are too many connections.")
        case .unreadableFile: Wording(zh: "暂时无法读取该文件。", en: "The file cannot be read now.")
        }
    }
}
