package import HTTP

/// When things may happen around an activity, and its check-in code.
package enum ActivityRules {
    package static let longestSeconds: Int64 = 366 * 86_400
    /// Check-in opens so long before the start. Seconds.
    package static let earlySeconds: Int64 = 30 * 60
    /// Check-out stays open so long after the end. Seconds.
    package static let lateSeconds: Int64 = 2 * 3_600
    /// Minutes beyond the planned length that need no explanation.
    package static let toleranceMinutes = 30
    /// A check-in code shows for so long, and is taken for once more as long. Seconds.
    package static let codeSeconds: Int64 = 60
    /// Wrong codes one volunteer may try for one activity.
    package static let codeTries = 10

    /// - Throws: 422 when the activity would be over already.
    package static func checkNew(_ draft: Activity.Draft, now: Timestamp) throws(Problem) {
        guard draft.endsAt > now else {
            throw Problem(
                .invalid, faults: [.init("/endsAt", Wording(zh: "活动应在将来", en: "must be in the future"))])
        }
    }

    /// - Throws: 409 for a cancelled or ended activity; 422 for fewer places than are taken, an end that has passed, or
    ///   another start once people may have checked in.
    package static func checkEdit(_ draft: Activity.Draft, of activity: Activity, now: Timestamp) throws(Problem) {
        guard activity.state == .published else { throw Problem(.conflict, state: activity.state.rawValue) }
        guard activity.endsAt > now else { throw Problem(.activityEnded) }
        try checkNew(draft, now: now)
        let isOpen = activity.startsAt.seconds - earlySeconds <= now.seconds
        guard !isOpen || draft.startsAt == activity.startsAt else {
            throw Problem(
                .invalid,
                faults: [.init("/startsAt", Wording(zh: "签到已开放，不能改变开始时间", en: "must stay once check-in is open"))])
        }
        guard draft.capacity >= activity.taken else {
            throw Problem(
                .invalid,
                faults: [
                    .init(
                        "/capacity",
                        Wording(
                            zh: "已有 \(activity.taken) 人报名", en: "must not be below the \(activity.taken) places taken"))
                ])
        }
    }

    /// The six digits shown at the place during one interval: a photo of them is worth nothing a minute later.
    package static func code(secret: [UInt8], at now: Timestamp, intervalsAgo: Int64 = 0) -> String {
        let interval = now.seconds / codeSeconds - intervalsAgo
        let message = (0..<8).map { UInt8(truncatingIfNeeded: interval >> (56 - 8 * Int64($0))) }
        let digest = HMAC.authenticate(message, key: secret)
        // RFC 4226 §5.3: the last nibble chooses where four bytes are taken.
        let start = Int(digest[31] & 15)
        let number = digest[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        let text = String(number % 1_000_000)
        return String(repeating: "0", count: 6 - text.count) + text
    }

    package static func isCode(_ code: String, secret: [UInt8], at now: Timestamp) -> Bool {
        [0, 1].contains { ago in
            ConstantTime.equal(Array(code.utf8), Array(self.code(secret: secret, at: now, intervalsAgo: ago).utf8))
        }
    }
}

extension APIRequest {
    /// `category` as one of the service categories.
    func category() throws(Problem) -> String? {
        guard let code = parameter("category") else { return nil }
        guard VolunteerRules.categories.contains(code) else {
            throw Problem(
                .malformed,
                faults: [
                    .init("?category", Wording(zh: "应为 01–22 的服务类别代码", en: "must be a service category code, 01 to 22"))
                ])
        }
        return code
    }
}

extension Problem.Kind {
    package static let activityEnded = Self(
        "/problems/activity-ended", status: .conflict, title: Wording(zh: "活动已结束", en: "The activity has ended"))
}
