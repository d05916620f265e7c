package import HTTP

package enum QualificationRules {
    /// Qualifications of one volunteer, the refused and replaced ones included.
    package static let perVolunteerMax = 40

    /// - Throws: 422 for a paper of the future, and for one that has expired: nothing could be done with it.
    package static func check(_ draft: Qualification.Draft, today: CivilDate) throws(Problem) {
        var faults = Faults()
        if draft.issuedOn > today { faults.add("/issuedOn", "不能晚于今天", "must not be in the future") }
        if let expiresOn = draft.expiresOn, expiresOn < today {
            faults.add("/expiresOn", "证书已过期", "has passed already")
        }
        try faults.check()
    }
}

extension Qualification {
    /// - Throws: 409 with the present state unless it waits for a decision.
    func requireSubmitted() throws(Problem) {
        guard state == .submitted else { throw Problem(.conflict, state: state.rawValue) }
    }
}

extension Problem.Kind {
    package static let ownCase = Self(
        "/problems/own-case", status: .forbidden,
        title: Wording(zh: "不能审核自己的事项", en: "Nobody decides about themselves"))
    package static let limitReached = Self(
        "/problems/limit-reached", status: .conflict,
        title: Wording(zh: "数量已达上限", en: "There are as many as are allowed"))
}
