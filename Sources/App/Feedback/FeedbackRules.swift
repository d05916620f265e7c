package import HTTP

extension Feedback {
    package enum Action: String, Sendable, CaseIterable {
        case accept, answer, refuse, transfer, rate

        var origins: Set<State> {
            switch self {
            case .accept: [.submitted]
            case .answer: [.submitted, .accepted, .answered]
            case .refuse, .transfer: [.submitted, .accepted]
            case .rate: [.answered]
            }
        }

        var target: State {
            switch self {
            case .accept: .accepted
            case .answer: .answered
            case .refuse: .refused
            case .transfer: .submitted
            case .rate: .rated
            }
        }
    }

    /// - Throws: 409 with the present state.
    package func target(of action: Action) throws(Problem) -> State {
        guard action.origins.contains(state) else { throw Problem(.conflict, state: state.rawValue) }
        return action.target
    }

    /// Whether it is on the public list.
    package var isPublic: Bool { !isHidden && state != .refused }

    package var publicView: Public {
        Public(
            id: id, category: category, title: title.map(Masking.numbers), text: Masking.numbers(text),
            position: position.coarse, officeId: officeId, state: state, reply: reply.map(Masking.numbers),
            repliedAt: repliedAt, stars: stars, photos: photos, createdAt: createdAt)
    }
}

extension Position {
    /// To about a hundred metres, so that a public list shows no front door.
    package var coarse: Position? {
        Position(longitude: (longitude * 1_000).rounded() / 1_000, latitude: (latitude * 1_000).rounded() / 1_000)
    }
}
