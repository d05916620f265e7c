import SQLite

/// One living sign-in (会话): an opaque bearer token, of which only the hash is kept.
package struct Session: Encodable, Sendable {
    package enum Method: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case phone, wechat, staff, service
    }

    package var id: ID<Session>
    package var method: Method
    package var device: String
    package var address: String
    package var createdAt: Timestamp
    package var lastUsedAt: Timestamp
    package var expiresAt: Timestamp
    /// The session that asks.
    package var isCurrent: Bool

    /// The answer to a sign-in: the only time the token is seen.
    package struct Opened: Encodable, Sendable {
        package var token: String
        package var sessionId: ID<Session>
        package var expiresAt: Timestamp
        package var account: Account
    }

    package struct PhoneSignIn: RequestBody {
        package var phone: String
        package var code: String
        package var device: String?

        package func check(_ faults: inout Faults) {
            if PhoneNumber(phone) == nil { faults.add("/phone", "手机号无效", "is not a phone number") }
            OneTimeCode.check(code, &faults)
            faults.text("/device", device, 0...200)
        }
    }

    package struct WeChatSignIn: RequestBody {
        package var code: String
        package var device: String?

        package func check(_ faults: inout Faults) {
            faults.text("/code", code, 1...200)
            faults.text("/device", device, 0...200)
        }
    }

    package struct StaffSignIn: RequestBody {
        package var name: String
        package var password: String
        package var device: String?

        package func check(_ faults: inout Faults) {
            faults.text("/name", name, 2...40)
            if !(1...PasswordHash.lengthMax).contains(password.utf8.count) {
                faults.add(
                    "/password", "长度应为 1–\(PasswordHash.lengthMax) 字节", "must have 1 to \(PasswordHash.lengthMax) bytes"
                )
            }
            faults.text("/device", device, 0...200)
        }
    }
}

/// A code sent to a phone to prove that it is at hand (短信验证码).
package struct OneTimeCode: Encodable, Sendable {
    package static let digits = 6

    package var expiresAt: Timestamp
    /// When another may be asked for.
    package var nextAt: Timestamp

    /// Judges the form of a code typed in, at `/code`.
    static func check(_ code: String, _ faults: inout Faults) {
        if code.utf8.count != digits || !code.utf8.allSatisfy({ $0 &- 0x30 < 10 }) {
            faults.add("/code", "应为 \(digits) 位数字", "must be \(digits) digits")
        }
    }

    package struct Wish: RequestBody {
        package var phone: String

        package func check(_ faults: inout Faults) {
            if PhoneNumber(phone) == nil { faults.add("/phone", "手机号无效", "is not a phone number") }
        }
    }
}
