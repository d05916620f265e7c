package import HTTP

/// Decisions about places, presence and hours.
extension SignUp {
    /// All that decides whether one volunteer may take a place in one activity.
    package struct Terms: Sendable {
        package var activityState: Activity.State
        package var startsAt: Timestamp
        package var endsAt: Timestamp
        package var closesAt: Timestamp
        package var isFull: Bool
        package var ageMin: Int
        package var birthDate: CivilDate?
        /// The state of the volunteer's living sign-up, where there is one.
        package var present: State?
        package var overlaps: Bool
        /// A minor for whom nobody has consented.
        package var isConsentMissing = false

        /// Every reason why the volunteer cannot sign up now; empty when they can.
        package func refusals(now: Timestamp) -> [Refusal] {
            var refusals: [Refusal] = []
            if activityState == .cancelled { refusals.append(.cancelled) }
            if closesAt <= now { refusals.append(.closed) }
            if isFull { refusals.append(.full) }
            if present != nil { refusals.append(.alreadySignedUp) }
            if overlaps { refusals.append(.overlaps) }
            if let birthDate, birthDate.age(on: startsAt.day) < ageMin { refusals.append(.tooYoung) }
            if isConsentMissing { refusals.append(.guardianConsentMissing) }
            return refusals
        }

        /// - Throws: 422 for a small child with whom nobody comes along.
        package func check(_ companion: String?) throws(Problem) {
            guard companion == nil, let birthDate,
                GuardianshipRules.needsCompanion(birthDate, on: startsAt.day)
            else { return }
            throw Problem(
                .invalid,
                faults: [
                    .init(
                        "/companionName",
                        Wording(
                            zh: "未满 \(GuardianshipRules.companionAge) 周岁须填写陪同人",
                            en: "is needed below the age of \(GuardianshipRules.companionAge)"))
                ])
        }
    }

    /// - Throws: 409 with the present state; a repeated cancellation passes.
    package func checkWithdrawal(from activity: Activity, now: Timestamp) throws(Problem) {
        guard state == .signedUp else { throw Problem(.conflict, state: state.rawValue) }
        guard activity.startsAt > now else {
            throw Problem(
                .conflict,
                detail: Wording(zh: "活动已开始，请联系现场负责人", en: "The activity has begun: tell the person in charge"),
                state: state.rawValue)
        }
    }

    /// Whoever was marked absent and comes late is there all the same: their place was kept.
    /// - Parameter isConsentMissing: a minor for whom nobody consents any more.
    /// - Throws: 409 with the state and the reason.
    package func checkIn(to activity: Activity, now: Timestamp, isConsentMissing: Bool) throws(Problem) {
        guard activity.state == .published else { throw refused("activityCancelled") }
        switch state {
        case .signedUp, .absent: break
        case .checkedIn: throw refused("alreadyCheckedIn")
        case .checkedOut: throw refused("alreadyCheckedOut")
        case .confirmed: throw refused("alreadyConfirmed")
        case .cancelled: throw refused("signUpCancelled")
        }
        guard now.seconds >= activity.startsAt.seconds - ActivityRules.earlySeconds else { throw refused("tooEarly") }
        guard now < activity.endsAt else { throw refused("tooLate") }
        guard !isConsentMissing else { throw Problem(.guardianConsentMissing, state: state.rawValue) }
    }

    /// - Throws: 409 with the state and the reason.
    package func checkOut(of activity: Activity, now: Timestamp) throws(Problem) {
        switch state {
        case .checkedIn: break
        // Whose check-out was forgotten has left without a time, and is too late for one.
        case .checkedOut: throw refused(checkedOutAt == nil ? "tooLate" : "alreadyCheckedOut")
        case .signedUp, .absent: throw refused("notCheckedIn")
        case .confirmed: throw refused("alreadyConfirmed")
        case .cancelled: throw refused("signUpCancelled")
        }
        guard now.seconds <= activity.endsAt.seconds + ActivityRules.lateSeconds else { throw refused("tooLate") }
    }

    private func refused(_ reason: String) -> Problem {
        Problem(.checkInRefused, state: state.rawValue, reasons: [reason])
    }

    /// What a confirmation of minutes rests on. For somebody marked absent too: whoever confirms answers for them by name.
    /// - Throws: 409 before the start or in another state; 422 for minutes beyond presence or plan without a reason
    ///   (民政部令67 art. 7: the time actually given).
    package func evidence(
        for confirmation: Confirmation, of activity: Activity, now: Timestamp
    ) throws(Problem) -> ServiceRecord.Evidence {
        guard state != .cancelled && state != .confirmed else {
            throw Problem(.conflict, state: state.rawValue)
        }
        // Time given before an activity was called off was given.
        guard activity.state == .published || checkedInAt != nil, activity.startsAt <= now else {
            throw Problem(
                .conflict, detail: Wording(zh: "活动尚未开始或已取消", en: "The activity has not begun, or was cancelled"))
        }
        let planned = Int((activity.endsAt.seconds - activity.startsAt.seconds) / 60)
        let present = checkedInAt.flatMap { start in checkedOutAt.map { Int(($0.seconds - start.seconds) / 60) } }
        let isProven =
            present.map { confirmation.minutes <= min($0, planned + ActivityRules.toleranceMinutes) } ?? false
        if isProven { return .checkedInAndOut }
        guard confirmation.reason != nil else {
            throw Problem(
                .invalid,
                faults: [
                    .init(
                        "/reason",
                        Wording(
                            zh: "时长超出签到签退或计划时长，须说明理由",
                            en: "is needed: the minutes go beyond check-in and check-out, or the plan"))
                ])
        }
        return .byHand
    }
}
