import App
import Support
import Testing

@Suite("The contract's enumerations against the code's") struct ContractEnumTests {
    private static func values<Choice: CaseIterable & RawRepresentable>(_: Choice.Type) -> [String]
    where Choice.RawValue == String { Choice.allCases.map(\.rawValue) }

    private static let served: [(schema: String, values: [String])] = [
        ("Role", values(Role.self)), ("StationKind", values(Station.Kind.self)), ("Sex", values(Sex.self)),
        ("IdentityKind", values(IdentityKind.self)), ("ActivityState", values(Activity.State.self)),
        ("SignUpState", values(SignUp.State.self)), ("SignUpRefusal", values(SignUp.Refusal.self)),
        ("DemandTicketState", values(DemandTicket.State.self)), ("FeedbackState", values(Feedback.State.self)),
        ("FeedbackCategory", values(Feedback.Category.self)), ("PartyUnitKind", values(PartyUnit.Kind.self)),
        ("CheckInState", values(CheckInState.self)), ("MembershipState", values(PartyMembership.State.self)),
        ("CommunityPostState", values(CommunityPost.State.self)), ("DutyCategory", values(DutyCategory.self)),
        ("PostClaimState", values(PostClaim.State.self)), ("PostServiceState", values(PostService.State.self)),
        ("UnitSide", values(UnitSide.self)), ("UnitBondState", values(UnitBond.State.self)),
        ("CommunityNeedState", values(CommunityNeed.State.self)),
        ("UnitResourceState", values(UnitResource.State.self)),
        ("UnitProjectState", values(UnitProject.State.self)), ("UnitGrade", values(UnitEvaluation.Grade.self)),
    ]

    @Test(arguments: served) func `an enumeration lists what the code knows`(schema: String, values: [String]) throws {
        let node = try #require(OpenAPI.shared.resolve("#/components/schemas/\(schema)"))
        #expect(node["enum"]?.texts == values)
    }

    private static let properties: [(schema: String, property: String, values: [String])] = [
        ("Session", "method", values(Session.Method.self)),
        ("Volunteer", "verification", values(Volunteer.Verification.self)),
        ("ServiceRecord", "evidence", values(ServiceRecord.Evidence.self)),
        ("PositionDraft", "coordinateSystem", values(Position.CoordinateSystem.self) + ["null"]),
    ]

    @Test(arguments: properties) func `a property lists what the code knows`(
        schema: String, property: String, values: [String]
    ) throws {
        let node = try #require(OpenAPI.shared.resolve("#/components/schemas/\(schema)/properties/\(property)"))
        #expect(node["enum"]?.texts == values)
    }
}
