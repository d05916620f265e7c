import App
import Support
import Testing

@Suite("The contract's enumerations against the code's") struct ContractEnumTests {
    private static func values<Choice: CaseIterable & RawRepresentable>(_: Choice.Type) -> [String]
    where Choice.RawValue == String { Choice.allCases.map(\.rawValue) }

    private static let served: [(schema: String, values: [String])] = [
        ("Permission", values(Permission.self)), ("Duty", values(Role.Duty.self)),
        ("AuditOutcome", values(AuditEntry.Outcome.self)), ("StationKind", values(Station.Kind.self)),
        ("Sex", values(Sex.self)),
        ("IdentityKind", values(IdentityKind.self)), ("ActivityState", values(Activity.State.self)),
        ("SignUpState", values(SignUp.State.self)), ("SignUpRefusal", values(SignUp.Refusal.self)),
        ("DemandTicketState", values(DemandTicket.State.self)), ("FeedbackState", values(Feedback.State.self)),
        ("FeedbackCategory", values(Feedback.Category.self)), ("SpokenLanguage", values(SpokenLanguage.self)),
        ("ContactRelation", values(Profile.Contact.Relation.self)),
        ("QualificationKind", values(Qualification.Kind.self)),
        ("QualificationState", values(Qualification.State.self)),
        ("RecordOutcomeKind", values(RecordOutcome.Outcome.self)), ("AwardLevel", values(AwardRecord.Level.self)),
        ("AwardRecordState", values(AwardRecord.State.self)),
        ("AwardRefusalGround", values(AwardRecord.Ground.self)), ("ExpertField", values(ExpertListing.Field.self)),
        ("AgeBand", values(Expert.AgeBand.self)), ("ExpertInvitationState", values(ExpertInvitation.State.self)),
        ("StarAwardManner", values(StarAward.Manner.self)),
        ("StarApplicationState", values(StarApplication.State.self)),
        ("VerificationMethod", values(VolunteerVerification.Method.self)),
        ("VolunteerClaimState", values(VolunteerClaim.State.self)),
        ("GuardianshipState", values(Guardianship.State.self)),
        ("GuardianRelation", values(Guardianship.Relation.self)), ("FeedbackCategory", values(Feedback.Category.self)),
        ("FeedbackCategory", values(Feedback.Category.self)), ("PartyUnitKind", values(PartyUnit.Kind.self)),
        ("CheckInState", values(CheckInState.self)), ("MembershipState", values(PartyMembership.State.self)),
        ("CommunityPostState", values(CommunityPost.State.self)), ("DutyCategory", values(DutyCategory.self)),
        ("PostClaimState", values(PostClaim.State.self)), ("PostServiceState", values(PostService.State.self)),
        ("UnitSide", values(UnitSide.self)), ("UnitBondState", values(UnitBond.State.self)),
        ("CommunityNeedState", values(CommunityNeed.State.self)),
        ("UnitResourceState", values(UnitResource.State.self)),
        ("UnitProjectState", values(UnitProject.State.self)), ("UnitGrade", values(UnitEvaluation.Grade.self)),
        ("GridKind", values(Grid.Kind.self)),
        ("GridPlaceKind", values(GridPlace.Kind.self)), ("GridWorkerRole", values(GridWorker.Role.self)),
        ("ChatGroupKind", values(ChatGroup.Kind.self)), ("ChatGroupState", values(ChatGroup.State.self)),
        ("ImportKind", values(ImportKind.self)),
        ("TeamLevel", values(Team.Level.self)), ("TeamKind", values(Team.Kind.self)),
        ("TeamTheme", values(TeamTheme.self)), ("TeamState", values(Team.State.self)),
        ("TeamRole", values(TeamMember.Role.self)), ("TeamMemberEventKind", values(TeamMember.Event.Kind.self)),
        ("TeamJoinRequestState", values(TeamJoinRequest.State.self)),
        ("TeamChangeKind", values(TeamChange.Kind.self)), ("TeamChangeState", values(TeamChange.State.self)),
        ("TeamChangeSide", values(TeamChange.OwnSide.self)),
        ("PolicyKind", values(Policy.Kind.self)), ("ConsentChannel", values(ConsentRecord.Channel.self)),
        ("IdentityPurpose", values(ViewPurpose.self)),
        ("CorrectionField", values(CorrectionRequest.Field.self)),
        ("CorrectionState", values(CorrectionRequest.State.self)),
        ("ClosureObstacle", values(AccountClosure.Obstacle.self)),
        ("SharingBasis", values(DataSharing.Basis.self)),
        ("ServiceConsentSubject", values(ServiceConsent.Subject.self)),
        ("AccountMergeKind", values(PersonReference.Kind.self)),
        ("AccountMergeBlocker", values(AccountMerge.Blocker.self)),
    ]

    @Test(arguments: served) func `an enumeration lists what the code knows`(schema: String, values: [String]) throws {
        let node = try #require(OpenAPI.shared.resolve("#/components/schemas/\(schema)"))
        #expect(node["enum"]?.texts == values)
    }

    private static let properties: [(schema: String, property: String, values: [String])] = [
        ("TeamRoleChange", "role", values(TeamMember.RoleChange.Choice.self)),
        ("Session", "method", values(Session.Method.self)),
        ("AccountMergeItem", "fate", values(AccountMerge.Item.Fate.self)),
        ("Volunteer", "verification", values(Volunteer.Verification.self)),
        ("VerificationDecision", "result", values(VolunteerVerification.Decision.Result.self)),
        ("VolunteerVerification", "result", values(Volunteer.Verification.self) + ["null"]),
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
