package import HTTP

extension WaysIn {
    /// What may be unlinked.
    enum Way {
        case phone
        case formerPhones
        case weChat(appID: String)
    }

    /// Refuses to take away the last way in, and a volunteer's phone: 民政部令67 art. 5 has them reachable.
    /// - Throws: 404 when there is none, 409 when it must stay.
    func checkUnlinking(_ way: Way, isVolunteer: Bool) throws(Problem) {
        var left = self
        switch way {
        case .phone: left.phone = nil
        case .formerPhones: left.formerPhones = []
        case .weChat(let appID): left.weChatIdentities.removeAll { $0.appId == appID }
        }
        guard left.count < count else { throw Problem(.notFound) }
        if case .phone = way, isVolunteer { throw Problem(.volunteerNeedsPhone) }
        guard left.count > 0 else { throw Problem(.lastWayIn) }
    }

    var isEmpty: Bool { count == 0 }

    private var count: Int {
        weChatIdentities.count + formerPhones.count + (phone == nil ? 0 : 1) + (staffName == nil ? 0 : 1)
    }
}

extension Problem.Kind {
    package static let wayInTaken = Self(
        "/problems/way-in-taken", status: .conflict,
        title: Wording(
            zh: "已绑定另一个账号；如都是您本人的账号，可请工作人员合并",
            en: "It belongs to another account; if both are yours, staff can merge them"))
    package static let lastWayIn = Self(
        "/problems/last-way-in", status: .conflict,
        title: Wording(zh: "这是唯一的登录方式，不能解除", en: "The last way in cannot be unlinked"))
    package static let phoneRequired = Self(
        "/problems/phone-required", status: .forbidden,
        title: Wording(zh: "请先绑定手机号", en: "Link a phone first"))
    package static let volunteerNeedsPhone = Self(
        "/problems/volunteer-needs-phone", status: .conflict,
        title: Wording(zh: "注册志愿者须保留手机号，可以更换", en: "A volunteer must keep a phone; it can be changed"))
}
