import App
import HTTP
import Support
import Testing

@Suite("Rules of party units") struct PartyRuleTests {
    private static let checkIns: [(CheckInState, CheckInState.Action, CheckInState?)] = [
        (.proposed, .accept, .accepted), (.proposed, .refuse, .refused), (.proposed, .end, .ended),
        (.accepted, .accept, nil), (.accepted, .refuse, nil), (.accepted, .end, .ended), (.refused, .accept, nil),
        (.refused, .refuse, nil), (.refused, .end, nil), (.ended, .accept, nil), (.ended, .refuse, nil),
        (.ended, .end, nil),
    ]

    @Test(arguments: checkIns) func `a check-in moves only forward`(
        state: CheckInState, action: CheckInState.Action, target: CheckInState?
    ) {
        #expect((try? state.after(action)) == target)
    }

    @Test func `only a community's station stands for a community`() {
        #expect(Station.Kind.allCases.filter(\.isCommunity) == [.station])
    }

    /// The operations whose answers could tell that somebody is a member.
    @Test func `no operation on units or members is open to anyone`() {
        let mine = PartyUnit.routes + CommunityPost.routes + UnitBond.routes + UnitProject.routes + UnitFeedback.routes
        #expect(mine.count > 60)
        #expect(mine.filter { $0.access == .anyone }.map(\.operation) == [])
    }

    /// 基层减负: no list of theirs can be sorted, and none counts persons.
    @Test func `no list of units or members takes an order`() {
        let mine = PartyUnit.routes + CommunityPost.routes + UnitBond.routes + UnitProject.routes + UnitFeedback.routes
        let known: Set = ["limit", "cursor", "stationId", "parentId", "kind", "q", "state"]
        #expect(mine.filter { !Set($0.query).isSubset(of: known) }.map(\.operation) == [])
    }
}
