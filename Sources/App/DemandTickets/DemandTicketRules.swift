package import HTTP

/// Which move leads where.
extension DemandTicket {
    package enum Action: String, Sendable, CaseIterable {
        case dispatch, accept, decline, complete, rate, refuse, cancel

        var origins: Set<State> {
            switch self {
            // Whoever accepted may find that they cannot, or be heard of no more: the resident still waits.
            case .dispatch: [.ordered, .dispatched, .accepted]
            case .accept: [.dispatched]
            case .decline: [.dispatched, .accepted]
            case .complete: [.accepted]
            case .rate: [.completed]
            case .refuse: [.ordered]
            case .cancel: [.ordered, .dispatched, .accepted]
            }
        }

        var target: State {
            switch self {
            case .dispatch: .dispatched
            case .accept: .accepted
            // 志愿服务条例 art. 25: nobody is assigned against their will; the order waits to be dispatched anew.
            case .decline: .ordered
            case .complete: .completed
            case .rate: .rated
            case .refuse: .refused
            case .cancel: .cancelled
            }
        }
    }

    /// - Throws: 422 when whoever ordered would serve themselves.
    package static func check(isToRequester: Bool) throws(Problem) {
        guard isToRequester else { return }
        throw Problem(
            .invalid,
            faults: [.init("/volunteerId", Wording(zh: "不能派给点单人本人", en: "must not be whoever ordered"))])
    }

    /// Whether it lies there already: repeating a dispatch must not undo the acceptance that followed it.
    func isDispatched(as dispatch: Dispatch) -> Bool {
        (state == .dispatched || state == .accepted) && teamId == dispatch.teamId && volunteerId == dispatch.volunteerId
    }

    /// Who looks at a ticket.
    package enum Viewer: Sendable { case requester, handler, dispatcher, formerHandler }

    /// The requester's telephone is whole for themselves, and for the handler while the order is accepted; dispatchers ask
    /// for it, which is noted. What dispatchers and handlers tell each other as reasons is not for the requester.
    package func seen(by viewer: Viewer) -> DemandTicket {
        var ticket = self
        switch viewer {
        case .requester:
            ticket.moves = moves?.map { $0.toState == .refused || $0.toState == .cancelled ? $0 : $0.withoutReason }
        case .handler where state == .accepted: break
        case .handler, .dispatcher: ticket.contactPhone = contactPhone.map(Masking.storedPhone)
        case .formerHandler: (ticket.contactPhone, ticket.address) = (nil, nil)
        }
        return ticket
    }

    /// - Throws: 422 for a wish that has passed.
    package static func check(_ draft: Draft, now: Timestamp) throws(Problem) {
        guard let wishedAt = draft.wishedAt, wishedAt < now else { return }
        throw Problem(
            .invalid, faults: [.init("/wishedAt", Wording(zh: "期望时间应在将来", en: "must be in the future"))])
    }

    /// - Throws: 409 with the present state.
    package func target(of action: Action) throws(Problem) -> State {
        guard action.origins.contains(state) else { throw Problem(.conflict, state: state.rawValue) }
        return action.target
    }
}

extension DemandTicket.Move {
    fileprivate var withoutReason: Self {
        var move = self
        move.reason = nil
        return move
    }
}
