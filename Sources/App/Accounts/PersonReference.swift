/// A column that refers to an account or a volunteer, and what merging two people's accounts does to its rows. Every
/// foreign key of the schema to either table stands in `all`: a test compares the two, so that a later table is not
/// forgotten.
package struct PersonReference: Sendable {
    package enum Target: String, Sendable { case account, volunteer }

    /// Under which name a preview counts the rows.
    package enum Kind: String, Codable, Sendable, CaseIterable {
        case waysIn, grants, sessions, volunteers, signUps, serviceRecords, teamMemberships, teamsLed, demandTickets
        case feedback, uploads, mergedAccounts, guardianships, claims, particulars, qualifications, trainingRecords
        case awardRecords, practiceMarks, starAwards, starApplications, unitRepresentatives, gridWork, joinRequests
        case corrections
        /// Counted together and without a name of their own: party membership is sensitive data (个人信息保护法 art. 28),
        /// and who merges accounts need not learn of it.
        case others
    }

    package enum Fate: Sendable {
        /// The rows become the kept person's, but for those the kept person has alike: they stay.
        /// - Parameter key: an expression that finds the row again among one person's, and that moving does not change.
        case moves(Kind, key: StaticString)
        /// The rows are deleted.
        case ends(Kind)
        /// The rows keep their volunteer, and reads of the kept volunteer take them in by `volunteer.merged_into`.
        case follows(Kind)
        case stays(because: StaticString)
    }

    package let table: StaticString
    package let column: StaticString
    package let target: Target
    package let fate: Fate

    private init(_ table: StaticString, _ column: StaticString, _ target: Target, _ fate: Fate) {
        self.table = table
        self.column = column
        self.target = target
        self.fate = fate
    }

    /// `table.column`.
    package var name: String { "\(table).\(column)" }

    package static let all = toAccounts + toVolunteers

    private static let whoActed: StaticString = "it says who acted at the time"
    private static let machine: StaticString = "a machine's account is not merged"
    private static let whatWasMerged: StaticString = "it says what was merged"

    private static let toAccounts: [PersonReference] = [
        .init("session", "account_id", .account, .ends(.sessions)),
        .init("wechat_identity", "account_id", .account, .moves(.waysIn, key: "app_id || ' ' || open_id")),
        .init("staff_credential", "account_id", .account, .moves(.waysIn, key: "name")),
        .init("role_grant", "account_id", .account, .moves(.grants, key: "id")),
        .init("role_grant", "granted_by", .account, .stays(because: whoActed)),
        .init("volunteer", "account_id", .account, .moves(.volunteers, key: "id")),
        .init("demand_ticket", "requester_id", .account, .moves(.demandTickets, key: "id")),
        .init("demand_ticket_move", "actor_id", .account, .stays(because: whoActed)),
        .init("feedback", "reporter_id", .account, .moves(.feedback, key: "id")),
        .init("feedback", "replied_by", .account, .stays(because: whoActed)),
        .init("feedback_move", "actor_id", .account, .stays(because: whoActed)),
        .init("upload", "account_id", .account, .moves(.uploads, key: "id")),
        .init("activity", "created_by", .account, .stays(because: whoActed)),
        .init("service_record", "recorded_by", .account, .stays(because: whoActed)),
        .init("audit_entry", "account_id", .account, .stays(because: whoActed)),
        .init(
            "idempotent_answer", "account_id", .account,
            .stays(because: "the sessions that asked have ended, and it is gone within days")),
        .init("account", "merged_into", .account, .moves(.mergedAccounts, key: "id")),
        .init("service_token", "account_id", .account, .stays(because: machine)),
        .init("service_token", "issued_by", .account, .stays(because: whoActed)),
        .init("qualification", "decided_by", .account, .stays(because: whoActed)),
        .init("training_record", "recorded_by", .account, .stays(because: whoActed)),
        .init("training_record", "withdrawn_by", .account, .stays(because: whoActed)),
        .init("award_record", "entered_by", .account, .stays(because: whoActed)),
        .init("award_record", "decided_by", .account, .stays(because: whoActed)),
        .init("practice_volunteer", "marked_by", .account, .stays(because: whoActed)),
        .init("practice_volunteer", "ended_by", .account, .stays(because: whoActed)),
        .init("expert_invitation", "invited_by", .account, .stays(because: whoActed)),
        .init("star_award", "awarded_by", .account, .stays(because: whoActed)),
        .init("star_award", "revoked_by", .account, .stays(because: whoActed)),
        .init("star_application", "decided_by", .account, .stays(because: whoActed)),
        .init("volunteer_verification", "account_id", .account, .stays(because: whoActed)),
        .init("volunteer_claim", "account_id", .account, .moves(.claims, key: "id")),
        .init("volunteer_claim", "decided_by", .account, .stays(because: whoActed)),
        .init("guardianship", "account_id", .account, .moves(.guardianships, key: "id")),
        .init("unit_representative", "account_id", .account, .moves(.unitRepresentatives, key: "unit_id")),
        .init("unit_representative", "linked_by", .account, .stays(because: whoActed)),
        .init("unit_check_in", "proposed_by", .account, .stays(because: whoActed)),
        .init("community_post", "created_by", .account, .stays(because: whoActed)),
        .init("post_service", "decided_by", .account, .stays(because: whoActed)),
        .init("unit_bond", "created_by", .account, .stays(because: whoActed)),
        .init("unit_project_move", "actor_id", .account, .stays(because: whoActed)),
        .init("unit_feedback", "sent_by", .account, .stays(because: whoActed)),
        .init("unit_evaluation", "made_by", .account, .stays(because: whoActed)),
        .init("grid_worker", "account_id", .account, .moves(.gridWork, key: "id")),
        .init("grid_worker", "appointed_by", .account, .stays(because: whoActed)),
        .init("grid_worker", "ended_by", .account, .stays(because: whoActed)),
        .init("import_run", "account_id", .account, .stays(because: whoActed)),
        .init("team_member_event", "actor_id", .account, .stays(because: whoActed)),
        .init("team_join_request", "decided_by", .account, .stays(because: whoActed)),
        .init("team_change", "proposed_by", .account, .stays(because: whoActed)),
        .init("team_change", "decided_by", .account, .stays(because: whoActed)),
        .init("policy", "published_by", .account, .stays(because: whoActed)),
        .init(
            "consent", "account_id", .account,
            .stays(because: "it was given under that account, and the kept one is asked")),
        .init("correction_request", "account_id", .account, .moves(.corrections, key: "id")),
        .init("correction_request", "decided_by", .account, .stays(because: whoActed)),
        .init("account_closure", "account_id", .account, .stays(because: "an account that closes is not merged")),
        .init("data_sharing", "account_id", .account, .stays(because: whoActed)),
        .init("account_merge", "from_id", .account, .stays(because: whatWasMerged)),
        .init("account_merge", "into_id", .account, .stays(because: whatWasMerged)),
        .init("account_merge", "merged_by", .account, .stays(because: whoActed)),
        .init("account_merge", "reversed_by", .account, .stays(because: whoActed)),
    ]

    /// These matter only where both people are volunteers: otherwise the one volunteer goes along with the account.
    private static let toVolunteers: [PersonReference] = [
        .init("sign_up", "volunteer_id", .volunteer, .moves(.signUps, key: "id")),
        .init("service_record", "volunteer_id", .volunteer, .follows(.serviceRecords)),
        .init("team", "leader_id", .volunteer, .moves(.teamsLed, key: "id")),
        .init("team_member", "volunteer_id", .volunteer, .moves(.teamMemberships, key: "team_id")),
        .init("demand_ticket", "volunteer_id", .volunteer, .moves(.demandTickets, key: "id")),
        .init(
            "identity_document", "volunteer_id", .volunteer,
            .stays(because: "the paper still leads to the volunteer who registered with it")),
        .init(
            "volunteer_verification", "volunteer_id", .volunteer,
            .stays(because: "it tells how that volunteer's paper was verified")),
        .init(
            "volunteer_claim", "volunteer_id", .volunteer, .stays(because: "it claims that volunteer's paper")),
        .init("volunteer_particulars", "volunteer_id", .volunteer, .moves(.particulars, key: "updated_at")),
        .init("guardianship", "volunteer_id", .volunteer, .moves(.guardianships, key: "id")),
        .init(
            "volunteer_profile", "volunteer_id", .volunteer,
            .stays(because: "its times hang on it, and the kept volunteer says these things of themselves")),
        .init("qualification", "volunteer_id", .volunteer, .follows(.qualifications)),
        .init("training_record", "volunteer_id", .volunteer, .follows(.trainingRecords)),
        .init("award_record", "volunteer_id", .volunteer, .follows(.awardRecords)),
        .init("practice_volunteer", "volunteer_id", .volunteer, .moves(.practiceMarks, key: "id")),
        .init(
            "expert_listing", "volunteer_id", .volunteer,
            .stays(because: "the consent was to listing that profile; merged-away volunteers are not found")),
        .init(
            "expert_invitation", "volunteer_id", .volunteer, .stays(because: "it was to the listing, which stays")),
        .init("star_award", "volunteer_id", .volunteer, .follows(.starAwards)),
        .init("star_application", "volunteer_id", .volunteer, .moves(.starApplications, key: "id")),
        .init("party_membership", "volunteer_id", .volunteer, .moves(.others, key: "consented_at")),
        .init("member_check_in", "volunteer_id", .volunteer, .moves(.others, key: "id")),
        .init("post_claim", "volunteer_id", .volunteer, .moves(.others, key: "id")),
        .init("grid_worker", "volunteer_id", .volunteer, .moves(.gridWork, key: "id")),
        .init("imported_volunteer", "volunteer_id", .volunteer, .stays(because: "it says where that row came from")),
        .init(
            "team_member_event", "volunteer_id", .volunteer, .stays(because: "it says what happened at the time")),
        .init("team_join_request", "volunteer_id", .volunteer, .moves(.joinRequests, key: "id")),
        .init(
            "session", "volunteer_id", .volunteer, .stays(because: "the sessions of the account given up have ended")),
        .init("correction_request", "volunteer_id", .volunteer, .moves(.corrections, key: "id")),
        .init("volunteer", "merged_into", .volunteer, .moves(.volunteers, key: "id")),
    ]
}
