package import HTTP

extension UnitProject {
    package enum Action: Sendable, CaseIterable {
        case agree, start, complete, drop

        package var target: State {
            switch self {
            case .agree: .agreed
            case .start: .running
            case .complete: .done
            case .drop: .dropped
            }
        }
    }

    /// - Throws: 409 with the present state.
    package func target(of action: Action) throws(Problem) -> State {
        switch (action, state) {
        case (.agree, .proposed), (.start, .agreed), (.complete, .running): return action.target
        case (.drop, .proposed), (.drop, .agreed), (.drop, .running): return action.target
        default: throw Problem(.conflict, state: state.rawValue)
        }
    }
}

extension Problem.Kind {
    package static let noBond = Self(
        "/problems/no-bond", status: .conflict,
        title: Wording(zh: "该单位与该社区没有包联关系", en: "The unit and the community have no active bond"))
    package static let listFull = Self(
        "/problems/list-full", status: .conflict,
        title: Wording(
            zh: "清单已满 \(UnitListEntry.liveMax) 项，请先撤回",
            en: "The list has \(UnitListEntry.liveMax) entries: withdraw some"))
    package static let listEntryInUse = Self(
        "/problems/list-entry-in-use", status: .conflict,
        title: Wording(zh: "已有达成一致的项目", en: "A project with it is agreed"))
}
