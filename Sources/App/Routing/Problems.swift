package import HTTP

/// The kinds of problem that belong to no single service.
extension Problem.Kind {
    package static let malformed = Self(
        "/problems/malformed", status: .badRequest, title: Wording(zh: "请求格式有误", en: "The request is malformed"))
    package static let invalid = Self(
        "/problems/invalid", status: .unprocessableContent,
        title: Wording(zh: "内容不符合要求", en: "The content breaks a rule"))
    package static let unauthenticated = Self(
        "/problems/unauthenticated", status: .unauthorized, title: Wording(zh: "请先登录", en: "Sign in first"))
    package static let forbidden = Self(
        "/problems/forbidden", status: .forbidden, title: Wording(zh: "没有权限", en: "Not allowed"))
    package static let notFound = Self(
        "/problems/not-found", status: .notFound, title: Wording(zh: "没有找到", en: "Not found"))
    package static let methodNotAllowed = Self(
        "/problems/method-not-allowed", status: .methodNotAllowed,
        title: Wording(zh: "不支持这种请求方法", en: "The method is not allowed here"))
    package static let conflict = Self(
        "/problems/conflict", status: .conflict,
        title: Wording(zh: "与当前状态冲突", en: "In conflict with the present state"))
    package static let stale = Self(
        "/problems/stale", status: .preconditionFailed,
        title: Wording(zh: "内容已被他人修改，请刷新后重试", en: "Somebody changed it meanwhile; read it again"))
    package static let versionRequired = Self(
        "/problems/version-required", status: .preconditionRequired,
        title: Wording(zh: "修改时须带 If-Match", en: "An edit must carry If-Match"))
    package static let keyReused = Self(
        "/problems/idempotency-key-reused", status: .unprocessableContent,
        title: Wording(zh: "幂等键已用于另一请求", en: "The idempotency key belongs to another request"))
    package static let requestUnderWay = Self(
        "/problems/request-under-way", status: .conflict,
        title: Wording(zh: "相同的请求正在处理，请稍后重试", en: "The same request is under way; try again soon"))
    package static let answerNotKept = Self(
        "/problems/answer-not-kept", status: .conflict,
        title: Wording(
            zh: "该请求已执行，其答复含一次性密钥，不再提供",
            en: "The request was done; its answer held a secret that is shown once"))
    package static let tooManyRequests = Self(
        "/problems/too-many-requests", status: .tooManyRequests,
        title: Wording(zh: "请求过于频繁", en: "Too many requests"))
    package static let unavailable = Self(
        "/problems/unavailable", status: .serviceUnavailable,
        title: Wording(zh: "服务暂时不可用，请稍后重试", en: "Temporarily unavailable; try again soon"))
    package static let internalError = Self(
        "/problems/internal", status: .internalServerError, title: Wording(zh: "服务器内部错误", en: "Internal error"))

    /// For a fault of the wire: the status says what it is.
    package static func wire(_ status: Status) -> Self {
        let title: Wording =
            switch status {
            case .requestTimeout: Wording(zh: "请求超时", en: "The request took too long")
            case .contentTooLarge: Wording(zh: "请求内容过大", en: "The content is too large")
            case .uriTooLong: Wording(zh: "请求地址过长", en: "The address is too long")
            case .unsupportedMediaType: Wording(zh: "不支持的内容类型", en: "The media type is not supported")
            case .rangeNotSatisfiable: Wording(zh: "请求的范围超出文件", en: "The range lies beyond the file")
            case .expectationFailed: Wording(zh: "无法满足 Expect", en: "The expectation cannot be met")
            case .headerFieldsTooLarge: Wording(zh: "请求头过大", en: "The header fields are too large")
            case .notImplemented: Wording(zh: "不支持该方法或传输编码", en: "Method or transfer coding not implemented")
            case .versionNotSupported: Wording(zh: "不支持的 HTTP 版本", en: "HTTP version not supported")
            case .serviceUnavailable: unavailable.title
            case .internalServerError: internalError.title
            default: malformed.title
            }
        return Self("/problems/http-\(status.code)", status: status, title: title)
    }
}
