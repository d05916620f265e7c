/// Every way one person can sign in to one account (登录方式).
package struct WaysIn: Encodable, Sendable {
    package struct WeChat: Encodable, Sendable {
        package var appId: String
        package var linkedAt: Timestamp
    }

    /// 138****0001, to its owner too.
    package var phone: String?
    /// Numbers of accounts that were merged into this one: they lead here, and count as ways in.
    package var formerPhones: [String]
    package var weChatIdentities: [WeChat]
    package var staffName: String?

    /// A new number, proved by the code sent to it or by WeChat.
    package struct PhoneLink: RequestBody {
        package var phone: String?
        package var code: String?
        /// What WeChat's phone button gave, instead of the other two.
        package var weChatCode: String?

        package func check(_ faults: inout Faults) {
            guard (phone == nil) == (code == nil), (phone == nil) != (weChatCode == nil) else {
                return faults.add("", "须填写 phone 和 code，或 weChatCode", "must have phone and code, or weChatCode")
            }
            if let phone, PhoneNumber(phone) == nil { faults.add("/phone", "手机号无效", "is not a phone number") }
            if let code { OneTimeCode.check(code, &faults) }
            faults.text("/weChatCode", weChatCode, 1...200)
        }
    }

    /// A WeChat identity, by a code of `wx.login`.
    package struct WeChatLink: RequestBody {
        package var code: String

        package func check(_ faults: inout Faults) { faults.text("/code", code, 1...200) }
    }
}
