import App
import HTTP
import Support
import Testing

/// A request body as the code has it, and as the contract calls it.
struct ContractBody: Sendable, CustomTestStringConvertible {
    let schema: String
    /// The pointers of what the decoder refuses; empty for a body it takes.
    let faults: @Sendable (String) -> [String]
    /// The names of the model's fields; nil when it holds them in another one.
    let fields: @Sendable (String) -> Set<String>?

    var testDescription: String { schema }

    init<Body: RequestBody>(_ schema: String, _: Body.Type, holdsOwnFields: Bool = true) {
        self.schema = schema
        faults = { text in
            do throws(JSONDecodingFailure) { _ = try JSON.decode(Body.self, from: Array(text.utf8)) } catch {
                return error.faults.map(\.pointer)
            }
            return []
        }
        fields = { text in
            guard holdsOwnFields, let body = try? JSON.decode(Body.self, from: Array(text.utf8)) else { return nil }
            return Set(Mirror(reflecting: body).children.compactMap(\.label))
        }
    }

    static let all = [
        ContractBody("PhoneCodeWish", OneTimeCode.Wish.self), ContractBody("PhoneSignIn", Session.PhoneSignIn.self),
        ContractBody("WeChatSignIn", Session.WeChatSignIn.self), ContractBody("StaffSignIn", Session.StaffSignIn.self),
        ContractBody("StaffDraft", StaffCredential.Draft.self),
        ContractBody("GrantDraft", Account.Grant.Draft.self), ContractBody("RoleNaming", Role.Naming.self),
        ContractBody("RoleDraft", Role.Draft.self), ContractBody("ServiceTokenDraft", ServiceToken.Draft.self),
        ContractBody("PasswordChange", StaffCredential.PasswordChange.self), ContractBody("Nothing", Nothing.self),
        ContractBody("PhoneLink", WaysIn.PhoneLink.self), ContractBody("WeChatLink", WaysIn.WeChatLink.self),
        ContractBody("AccountMergeWish", AccountMerge.Wish.self),
        ContractBody("AccountMergeDraft", AccountMerge.Draft.self),
        ContractBody("AccountMergeReversal", AccountMerge.Reversal.self),
        ContractBody("StationDraft", Station.Draft.self), ContractBody("StationEdit", Station.Edit.self),
        ContractBody("VolunteerDraft", Volunteer.Draft.self), ContractBody("VolunteerEdit", Volunteer.Edit.self),
        ContractBody("VolunteerParticularsDraft", VolunteerParticulars.self),
        ContractBody("VerificationDecision", VolunteerVerification.Decision.self),
        ContractBody("IdentityCorrection", Volunteer.Correction.self),
        ContractBody("VolunteerClaimDraft", VolunteerClaim.Draft.self),
        ContractBody("ShortReason", VolunteerClaim.Refusal.self),
        ContractBody("GuardianDraft", Volunteer.Guardian.self),
        ContractBody("GuardianConsent", Guardianship.Consent.self),
        ContractBody("GuardianRefusal", Guardianship.Refusal.self),
        ContractBody("ChildDraft", Guardianship.ChildDraft.self, holdsOwnFields: false),
        ContractBody("ChildSignUp", Guardianship.ChildSignUp.self),
        ContractBody("SignUpDetails", SignUp.Details.self), ContractBody("ViewReason", Volunteer.ViewReason.self),
        ContractBody("TeamDraft", Team.Draft.self),
        ContractBody("TeamEdit", Team.Edit.self), ContractBody("TeamReason", TeamMember.Removal.self),
        ContractBody("TeamReason", TeamJoinRequest.Refusal.self), ContractBody("TeamReason", TeamChange.Refusal.self),
        ContractBody("TeamRoleChange", TeamMember.RoleChange.self),
        ContractBody("MainTeamChoice", TeamMember.MainChoice.self),
        ContractBody("TeamJoinRequestDraft", TeamJoinRequest.Draft.self),
        ContractBody("ChildJoinRequestDraft", TeamJoinRequest.ChildDraft.self),
        ContractBody("TeamChangeProposal", TeamChange.Proposal.self),
        ContractBody("ActivityDraft", Activity.NewDraft.self, holdsOwnFields: false),
        ContractBody("ActivityEdit", Activity.Draft.self), ContractBody("ShortReason", Activity.Cancellation.self),
        ContractBody("ShortReason", SignUp.Absence.self), ContractBody("CodeEntry", SignUp.CodeEntry.self),
        ContractBody("Withdrawal", SignUp.Withdrawal.self), ContractBody("Confirmation", SignUp.Confirmation.self),
        ContractBody("Correction", ServiceRecord.Correction.self),
        ContractBody("DemandTicketDraft", DemandTicket.Draft.self),
        ContractBody("Dispatch", DemandTicket.Dispatch.self),
        ContractBody("Reason", DemandTicket.Reason.self), ContractBody("Report", DemandTicket.Report.self),
        ContractBody("Rating", DemandTicket.Rating.self), ContractBody("Rating", Feedback.Rating.self),
        ContractBody("FeedbackDraft", Feedback.Draft.self), ContractBody("FeedbackReply", Feedback.Answer.self),
        ContractBody("PartyUnitDraft", PartyUnit.Draft.self),
        ContractBody("UnitRepresentativeDraft", UnitRepresentative.Draft.self),
        ContractBody("PartyMembershipDeclaration", PartyMembership.Declaration.self),
        ContractBody("MemberCheckInDraft", MemberCheckIn.Draft.self),
        ContractBody("CommunityPostDraft", CommunityPost.Draft.self),
        ContractBody("CommunityPostEdit", CommunityPost.Edit.self),
        ContractBody("PostServiceReport", PostService.Report.self),
        ContractBody("UnitBondDraft", UnitBond.Draft.self), ContractBody("UnitListEntry", UnitListEntry.self),
        ContractBody("UnitProjectDraft", UnitProject.Draft.self),
        ContractBody("UnitProjectCompletion", UnitProject.Completion.self),
        ContractBody("UnitFeedbackDraft", UnitFeedback.Draft.self),
        ContractBody("UnitEvaluationDraft", UnitEvaluation.Draft.self),
        ContractBody("GridDraft", Grid.Draft.self), ContractBody("GridEdit", Grid.Edit.self),
        ContractBody("Reason", Grid.Retirement.self), ContractBody("GridPlaceDraft", GridPlace.Draft.self),
        ContractBody("GridWorkerDraft", GridWorker.Draft.self), ContractBody("Reason", GridWorker.Ending.self),
        ContractBody("ChatGroupDraft", ChatGroup.Draft.self), ContractBody("ChatGroupEdit", ChatGroup.Edit.self),
        ContractBody("Reason", ChatGroup.Dissolution.self),
        ContractBody("ChatGroupMemberCounts", ChatGroup.MemberCounts.self),
        ContractBody("Transfer", Feedback.Transfer.self), ContractBody("Visibility", Feedback.Visibility.self),
        ContractBody("ProfileEdit", Profile.Edit.self), ContractBody("PracticeStatusEdit", PracticeVolunteer.Edit.self),
        ContractBody("QualificationDraft", Qualification.Draft.self),
        ContractBody("TrainingRecordDraft", TrainingRecord.Draft.self),
        ContractBody("AwardRecordDraft", AwardRecord.Draft.self),
        ContractBody("AwardRecordSubmission", AwardRecord.Submission.self),
        ContractBody("AwardRecordRefusal", AwardRecord.Refusal.self),
        ContractBody("ExpertListingEdit", ExpertListing.Edit.self),
        ContractBody("ExpertInvitationDraft", ExpertInvitation.Draft.self),
        ContractBody("Declination", ExpertInvitation.Declination.self),
        ContractBody("StarApplicationDraft", StarApplication.Draft.self),
        ContractBody("PolicyDraft", Policy.Draft.self), ContractBody("ConsentDraft", ConsentRecord.Draft.self),
        ContractBody("CorrectionDraft", CorrectionRequest.Draft.self),
        ContractBody("CorrectionRefusal", CorrectionRequest.Refusal.self),
        ContractBody("ClosureDraft", AccountClosure.Draft.self),
        ContractBody("DataSharingDraft", DataSharing.Draft.self),
    ]
}

@Suite("The contract's request bodies against the code's") struct ContractBodyTests {
    /// The JSON of a value of a schema's form: every field, each with the first value that comes to mind.
    private static func sample(_ schema: YAMLNode) -> String {
        if let target = schema["$ref"]?.text.flatMap(OpenAPI.shared.resolve) { return sample(target) }
        if let choice = schema["anyOf"]?.items.first { return sample(choice) }
        if let example = schema["examples"]?.texts.first { return "\"\(example)\"" }
        if let choice = schema["enum"]?.texts.first { return "\"\(choice)\"" }
        let type = schema["type"]?.text ?? schema["type"]?.texts.first
        switch type {
        case "integer", "number": return schema["minimum"]?.text ?? "1"
        case "boolean": return "true"
        case "array": return "[\(schema["items"].map(sample) ?? "")]"
        case "object": return object(members(schema))
        default: return "\"text\""
        }
    }

    private static func members(_ schema: YAMLNode) -> [String: String] {
        (schema["properties"]?.members ?? [:]).mapValues(sample)
    }

    private static func object(_ members: [String: String]) -> String {
        "{" + members.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
    }

    private func schema(_ body: ContractBody) throws -> YAMLNode {
        try #require(OpenAPI.shared.resolve("#/components/schemas/\(body.schema)"))
    }

    @Test(arguments: ContractBody.all) func `a body of the contract's form is decoded into the same fields`(
        body: ContractBody
    ) throws {
        let schema = try schema(body)
        let text = Self.object(Self.members(schema))
        #expect(body.faults(text) == [])
        if let fields = body.fields(text) {
            // A property wrapper's field shows with an underscore.
            #expect(Set(fields.map { $0.drop { $0 == "_" } }) == Set(Self.members(schema).keys.map { $0[...] }))
        }
    }

    @Test(arguments: ContractBody.all)
    func `fields are required where the contract says so, and null elsewhere is nothing`(
        body: ContractBody
    ) throws {
        let schema = try schema(body)
        let members = Self.members(schema)
        let required = Set(schema["required"]?.texts ?? [])
        for name in members.keys {
            let without = Self.object(members.filter { $0.key != name })
            let empty = Self.object(members.merging([name: "null"]) { $1 })
            #expect(body.faults(without) == (required.contains(name) ? ["/\(name)"] : []))
            let mayBeNull = schema["properties"]?[name]?["anyOf"] != nil || !required.contains(name)
            #expect(body.faults(empty).isEmpty == mayBeNull)
        }
    }

    @Test(arguments: ContractBody.all) func `a field the contract does not know is refused by name`(body: ContractBody)
        throws
    {
        let schema = try schema(body)
        #expect(schema["additionalProperties"]?.text == "false")
        let text = Self.object(Self.members(schema).merging(["unheard": "1"]) { $1 })
        #expect(body.faults(text) == ["/unheard"])
    }

    @Test func `every request body of the contract is compared`() {
        let compared = Set(ContractBody.all.map(\.schema))
        var declared: Set<String> = []
        for operation in OpenAPI.shared.operations where operation.bodyTypes.contains("application/json") {
            let node = OpenAPI.shared.resolve("#/paths")?[operation.path]?[operation.method.lowercased()]
            let reference = node?["requestBody"]?["content"]?["application/json"]?["schema"]?["$ref"]?.text
            if let name = reference?.split(separator: "/").last { declared.insert(String(name)) }
        }
        // The model of a search is private to its routes.
        #expect(declared.subtracting(compared) == ["VolunteerSearch"])
    }
}
