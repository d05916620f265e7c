package import HTTP

package enum CommunityPostRules {
    package static let placesMax = 1_000
    /// Longer than a year nobody should bind themselves.
    package static let termDaysMax: Int64 = 731
    /// Posts one member holds at a time.
    package static let liveClaimsMax = 3
    /// Times one member may claim the same post, having given it up.
    package static let claimsOfPostMax = 3
    /// Posts whose term has ended, closed in one round of housekeeping.
    static let closedAtOnce = 500

    static let termEnded = Wording(zh: "任期已满", en: "The term has ended")
}

extension CommunityPost {
    package enum ClaimRefusal: String, Sendable, CaseIterable {
        case closed, termEnded, full, alreadyClaimed, tooManyClaims, givenUpTooOften
    }

    /// Every reason why a member cannot claim the post; empty when they can.
    package func refusals(hasClaimed: Bool, liveClaims: Int, formerClaims: Int, today: CivilDate) -> [ClaimRefusal] {
        var refusals: [ClaimRefusal] = []
        if state == .closed { refusals.append(.closed) }
        if endsOn < today { refusals.append(.termEnded) }
        if taken >= places { refusals.append(.full) }
        if hasClaimed { refusals.append(.alreadyClaimed) }
        if liveClaims >= CommunityPostRules.liveClaimsMax { refusals.append(.tooManyClaims) }
        if formerClaims >= CommunityPostRules.claimsOfPostMax { refusals.append(.givenUpTooOften) }
        return refusals
    }

    /// - Throws: 422 for fewer places than are taken, or a term that is over already.
    package func check(_ edit: Edit, today: CivilDate) throws(Problem) {
        guard state == .open else { throw Problem(.conflict, state: state.rawValue) }
        var faults = Faults()
        if edit.places < taken {
            faults.add("/places", "不能少于已认领的 \(taken) 个", "must not be less than the \(taken) taken")
        }
        edit.checkTerm(today: today, &faults)
        try faults.check()
    }
}

extension CommunityPost.Edit {
    func checkTerm(today: CivilDate, _ faults: inout Faults) {
        if endsOn < today { faults.add("/endsOn", "不能早于今天", "must not be in the past") }
    }
}

extension PostClaim {
    /// Service lies within the claim and the post's term, and not in the future.
    /// - Throws: 409 for any other day.
    package func checkService(on day: CivilDate, today: CivilDate) throws(Problem) {
        let first = max(claimedAt.day, beginsOn)
        let last = min(endedAt?.day ?? today, endsOn, today)
        guard day >= first, day <= last else { throw Problem(.notWithinClaim, state: state.rawValue) }
    }
}

extension Problem.Kind {
    package static let claimRefused = Self(
        "/problems/post-claim-refused", status: .conflict,
        title: Wording(zh: "现在不能认领", en: "The post cannot be claimed now"))
    package static let notWithinClaim = Self(
        "/problems/not-within-claim", status: .conflict,
        title: Wording(zh: "不在认领期或任期之内", en: "Not a day of the claim and of the post's term"))
}
