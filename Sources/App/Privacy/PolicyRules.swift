package import HTTP

package enum PolicyRules {
    /// A version may be announced, but neither reach back nor overtake the one before it.
    /// - Throws: 422 at `/effectiveAt`.
    package static func check(_ effectiveAt: Timestamp, after latest: Timestamp?, now: Timestamp) throws(Problem) {
        var faults = Faults()
        if effectiveAt < now { faults.add("/effectiveAt", "不能早于现在", "must not lie in the past") }
        if let latest, effectiveAt <= latest {
            faults.add("/effectiveAt", "应晚于前一版本的生效时间", "must be later than that of the version before")
        }
        try faults.check()
    }

    /// The documents whose required purposes a volunteer must agree to, by age in years.
    package static func documents(forVolunteerOf age: Int) -> [Policy.Kind] {
        age < childhoodEnd ? [.privacy, .volunteering, .minors] : [.privacy, .volunteering]
    }

    /// Below it a person's data is sensitive as a whole and special rules hold (个人信息保护法 art. 28, 31). Years.
    package static let childhoodEnd = 14
}

extension Problem.Kind {
    package static let consentMissing = Self(
        "/problems/consent-missing", status: .conflict,
        title: Wording(zh: "请先阅读并同意相关政策", en: "A consent is missing: read the policy and agree first"))
    package static let policySuperseded = Self(
        "/problems/policy-superseded", status: .conflict,
        title: Wording(zh: "该政策已有新版本或尚未生效", en: "The policy has a newer version, or is not in force yet"))
}
