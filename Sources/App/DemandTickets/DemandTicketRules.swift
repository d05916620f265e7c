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

    /// Whether it lies there already: repeating a dispatch must not undo the acceptance that followed it.
    func isDispatched(as dispatch: Dispatch) -> Bool {
        (state == .dispatched || state == .accepted) && teamId == dispatch.teamId && volunteerId == dispatch.volunteerId
    }

    /// - Throws: 409 with the present state.
    package func target(of action: Action) throws(Problem) -> State {
        guard action.origins.contains(state) else { throw Problem(.conflict, state: state.rawValue) }
        return action.target
    }
}
