package import HTTP

extension AccountMerge {
    /// A merge can be undone for so long. Days.
    package static let reversalDays: Int64 = 30
    /// One merge moves so many rows at the most: it runs in one transaction, and all writers wait for it.
    static let rowsMax = 50_000

    /// Why two accounts cannot be merged. Open: clients must bear new ones.
    package enum Blocker: String, Encodable, Sendable, CaseIterable {
        /// One of them was merged away before.
        case alreadyMerged
        /// One of them was closed, or is about to be.
        case closing
        /// One of them is the caller's own.
        case ownAccount
        /// One of them is a machine's, which signs in by a token.
        case machineAccount
        /// Both have a staff name: end one first, so that nobody's rights add up unseen.
        case bothStaff
        /// Both are volunteers, with papers that cannot be one person's.
        case differentPeople
        /// One answers for the other: a child never becomes its guardian.
        case guardianAndWard
        /// One leads a team the other belongs to as well: let one of them leave first.
        case leadsCommonTeam
        /// Both are checked in at an activity at this moment.
        case bothPresent
        case tooManyRows
    }

    /// Why a merge cannot be undone. Open: clients must bear new ones.
    package enum ReversalBlocker: String, Encodable, Sendable, CaseIterable {
        case alreadyReversed
        case expired
        /// The kept account was itself merged away: undo that first.
        case mergedFurther
        /// The kept account was closed, and both people's data with it.
        case closed
        /// A sign-up that moved was confirmed since, and its record belongs to the kept volunteer for good.
        case confirmedSince
        /// One of the two could not sign in afterwards.
        case noWayIn
    }

    /// What tells one volunteer from another.
    struct Identity: Equatable {
        var kind: String
        var birthDate: String
        var sex: String

        /// No two volunteers have one number, so two papers of one kind are two people's; of different kinds (a passport
        /// and a residence permit) they may be one's, if birth date and sex agree.
        func mayBeSamePerson(as other: Identity) -> Bool {
            kind != other.kind && birthDate == other.birthDate && sex == other.sex
        }
    }

    /// Which of two living sign-ups stays in force: the one that got further, else the kept account's. The other is
    /// cancelled while it is no more than a promise; once somebody came or did not, it remains as it is.
    package static func settle(from: SignUp.State, into: SignUp.State) -> (keepsFrom: Bool, cancelsOther: Bool) {
        if from == .signedUp { return (false, true) }
        if into == .signedUp { return (true, true) }
        return (false, false)
    }

    /// - Throws: 409 with every reason.
    func checkReversal(now: Timestamp, isMergedFurther: Bool, isClosed: Bool, isConfirmedSince: Bool) throws(Problem) {
        var reasons: [ReversalBlocker] = []
        if reversedAt != nil { reasons.append(.alreadyReversed) }
        if now > reversibleUntil { reasons.append(.expired) }
        if isMergedFurther { reasons.append(.mergedFurther) }
        if isClosed { reasons.append(.closed) }
        if isConfirmedSince { reasons.append(.confirmedSince) }
        guard reasons.isEmpty else { throw Problem(.reversalForbidden, reasons: reasons.map(\.rawValue)) }
    }
}

extension Problem.Kind {
    package static let mergeForbidden = Self(
        "/problems/merge-forbidden", status: .conflict,
        title: Wording(zh: "这两个账号不能合并", en: "These two accounts cannot be merged"))
    package static let mergeChanged = Self(
        "/problems/merge-changed", status: .conflict,
        title: Wording(zh: "账号内容已有变化，请重新预览", en: "Something changed since the preview; look again"))
    package static let reversalForbidden = Self(
        "/problems/reversal-forbidden", status: .conflict,
        title: Wording(zh: "该合并不能撤销", en: "The merge cannot be undone"))
}
