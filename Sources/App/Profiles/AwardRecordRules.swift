package import HTTP

extension AwardRecord {
    /// Submissions of one volunteer that wait for a decision.
    package static let waitingMax = 20

    /// The level of what a station grants itself.
    package static func level(of kind: Station.Kind) -> Level {
        switch kind {
        case .city: .municipal
        case .center: .county
        case .institute: .township
        case .station, .point, .base, .home: .community
        }
    }

    /// Awards of county level and above must be recorded on proof (民政部令67 art. 9): they may be refused for the proof
    /// or because they stand there already, but not because somebody thinks little of them.
    package static func checkRefusal(of level: Level, on ground: Ground) throws(Problem) {
        let isBound = [.national, .provincial, .municipal, .county].contains(level)
        guard isBound, ground == .notEstablished || ground == .notVolunteering else { return }
        throw Problem(
            .invalid,
            faults: [
                .init(
                    "/ground",
                    Wording(
                        zh: "县级以上表彰凭证明应予记录，只能因证明材料本身拒绝",
                        en: "must concern the proof: awards of county level and above are recorded on proof"))
            ])
    }

    /// - Throws: 409 with the present state.
    func require(_ state: State) throws(Problem) {
        guard self.state == state else { throw Problem(.conflict, state: self.state.rawValue) }
    }
}
