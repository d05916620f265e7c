package import HTTP

extension Problem.Kind {
    package static let wrongCode = Self(
        "/problems/wrong-code", status: .unauthorized,
        title: Wording(zh: "验证码错误或已失效", en: "The code is wrong or no longer valid"))
    package static let wrongPassword = Self(
        "/problems/wrong-password", status: .unauthorized,
        title: Wording(zh: "用户名或密码错误", en: "The name or the password is wrong"))
    package static let locked = Self(
        "/problems/locked", status: .tooManyRequests,
        title: Wording(zh: "密码多次错误，账号暂时锁定", en: "Too many wrong passwords: locked for a while"))
    package static let codeTooSoon = Self(
        "/problems/code-too-soon", status: .tooManyRequests,
        title: Wording(zh: "验证码发送过于频繁", en: "Codes are asked for too often"))
    package static let weChatRefused = Self(
        "/problems/wechat-refused", status: .unauthorized,
        title: Wording(zh: "微信登录失败", en: "WeChat did not accept the sign-in"))
    package static let weChatUnavailable = Self(
        "/problems/wechat-unavailable", status: .serviceUnavailable,
        title: Wording(zh: "微信登录暂不可用", en: "WeChat sign-in is not available now"))
}

/// What a staff password must be (等保 practice: length and three kinds of characters).
package enum PasswordRules {
    /// - Parameter least: characters at the least.
    /// - Throws: 422 at `pointer`.
    package static func check(_ password: String, least: Int, pointer: String) throws(Problem) {
        var faults = Faults()
        if password.count < least || password.utf8.count > PasswordHash.lengthMax {
            faults.add(
                pointer, "至少 \(least) 个字符，至多 \(PasswordHash.lengthMax) 字节",
                "must have at least \(least) characters and at most \(PasswordHash.lengthMax) bytes")
        }
        let kinds: [(Character) -> Bool] = [
            { $0.isLowercase }, { $0.isUppercase }, { $0.isNumber }, { !$0.isLetter && !$0.isNumber },
        ]
        if kinds.count(where: { password.contains(where: $0) }) < 3 {
            faults.add(
                pointer, "应含大写字母、小写字母、数字、符号中的三类", "must mix three of capitals, small letters, digits and signs")
        }
        try faults.check()
    }
}

/// The wrong passwords of one name since the last right one, and how long they lock it.
struct WrongTries: Equatable {
    struct Limits {
        /// Tries until the lock.
        var most: Int
        var lockSeconds: Int64
    }

    static let none = WrongTries(failures: 0, lockedUntil: 0)

    /// Since the last lock.
    var failures: Int
    var lockedUntil: Int64

    /// One more, which locks where it is the last allowed.
    /// - Throws: 429 while locked.
    func counting(_ limits: Limits, now: Int64) throws(Problem) -> WrongTries {
        guard lockedUntil <= now else { throw Problem(.locked, retryAfter: Int(lockedUntil - now)) }
        guard failures + 1 >= limits.most else { return WrongTries(failures: failures + 1, lockedUntil: lockedUntil) }
        return WrongTries(failures: 0, lockedUntil: now + limits.lockSeconds)
    }
}

extension Configuration {
    var tryLimits: WrongTries.Limits { .init(most: loginFailures, lockSeconds: Int64(lockMinutes) * 60) }
}
