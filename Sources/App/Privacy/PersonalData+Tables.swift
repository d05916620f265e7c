import HTTP
import SQLite

extension PersonalData {
    /// In the order of the copy. Rows that hang on others come before them, which is the order of deletion too.
    package static let all = account + volunteer + honours + service + messages + party + privacy

    private static let account: [PersonalData] = [
        .init(
            "sessions", "session", account: "account_id",
            ["id", "method", "device", "address", "created_at", "last_used_at", "expires_at"], closing: .deleted),
        .init(
            "weChatIdentities", "wechat_identity", account: "account_id", key: "app_id || ' ' || open_id",
            ["app_id", "open_id", "union_id", "created_at"], closing: .deleted),
        .init(
            "staffCredential", "staff_credential", account: "account_id", key: "account_id", ["name", "changed_at"],
            closing: .deleted),
        .init(
            "grants", "role_grant", account: "account_id", ["role", "station_id", "team_id", "ends_at", "granted_at"],
            closing: .deleted),
        .init(
            "account", "account", ["id", "phone", "name", "created_at"],
            closing: .rewritten { _ in "phone = NULL, name = NULL" }, where: { "id = \($0.account)" }),
    ]

    private static let volunteer: [PersonalData] = [
        .init(
            "availability", "availability", volunteer: "volunteer_id", key: "weekday * 1440 + from_minute",
            ["weekday", "from_minute", "to_minute"], closing: .deleted),
        .init(
            "profile", "volunteer_profile", volunteer: "volunteer_id", key: "volunteer_id",
            ["languages", "contact_name", "contact_relation", "contact_phone", "created_at", "updated_at"],
            closing: .deleted),
        .init(
            "particulars", "volunteer_particulars", volunteer: "volunteer_id", key: "volunteer_id",
            ["ethnicity", "political_status", "education", "employment", "nationality", "updated_at"],
            closing: .deleted),
        .init(
            "verifications", "volunteer_verification", volunteer: "volunteer_id",
            ["id", "method", "result", "reason", "created_at"], closing: .deleted),
        .init(
            "volunteerClaims", "volunteer_claim", account: "account_id",
            ["id", "name", "masked_number", "reason", "state", "decided_at", "decision_reason", "created_at"],
            closing: .deleted),
        .init(
            "guardians", "guardianship", volunteer: "volunteer_id",
            ["id", "name", "phone", "relation", "state", "invited_at", "consented_at", "ended_at", "end_reason"],
            closing: .rewritten(guardianship)),
        .init(
            "guardianOf", "guardianship", account: "account_id",
            [
                "id", "volunteer_id", "name", "phone", "relation", "state", "is_separate", "document_version",
                "invited_at", "consented_at", "ended_at", "end_reason",
            ],
            closing: .rewritten(guardianship)),
        .init(
            "practiceVolunteer", "practice_volunteer", volunteer: "volunteer_id",
            ["id", "station_id", "reason", "marked_at", "ended_at", "end_reason"], closing: .deleted),
        .init(
            "volunteer", "volunteer", account: "account_id",
            [
                "id", "number", "name", "sex", "birth_date", "phone", "residence_code", "categories", "skills",
                "guardian_name", "guardian_phone", "verification", "created_at", "updated_at",
            ],
            closing: .rewritten { now in
                """
                name = \(Masking.closedName), phone = \(Masking.closedPhone), birth_date = substr(birth_date, 1, 4)
                    || '-01-01', residence_code = substr(residence_code, 1, 6), skills = '[]', guardian_name = NULL,
                guardian_phone = NULL, verification = 'unverified', version = version + 1, updated_at = \(now)
                """
            }),
    ]

    private static let guardianship: @Sendable (Int64) -> SQL = { now in
        """
        name = \(Masking.closedName), phone = \(Masking.closedPhone),
        state = CASE WHEN state IN ('invited', 'consented') THEN 'ended' ELSE state END,
        ended_at = coalesce(ended_at, \(now)), end_reason = coalesce(end_reason, '账号注销')
        """
    }

    private static let honours: [PersonalData] = [
        .init(
            "qualifications", "qualification", volunteer: "volunteer_id",
            [
                "id", "kind", "title", "issuer", "number", "issued_on", "expires_on", "state", "decided_at", "reason",
                "submitted_at",
            ],
            closing: .deleted),
        .init(
            "trainingRecords", "training_record", volunteer: "volunteer_id",
            [
                "id", "name", "content", "minutes", "organiser", "date", "recorded_at", "withdrawn_at",
                "withdrawal_reason",
            ],
            closing: .kept(.honours)),
        .init(
            "awardRecords", "award_record", volunteer: "volunteer_id",
            ["id", "name", "granted_on", "granting_body", "level", "state", "entered_at", "decided_at", "reason"],
            closing: .kept(.honours)),
        .init(
            "starAwards", "star_award", volunteer: "volunteer_id",
            ["id", "level", "minutes", "manner", "awarded_at", "revoked_at", "revocation_reason"],
            closing: .kept(.honours)),
        .init(
            "starApplications", "star_application", volunteer: "volunteer_id",
            ["id", "level", "state", "submitted_at", "decided_at", "reason"], closing: .deleted),
        .init(
            "expertInvitations", "expert_invitation", volunteer: "volunteer_id",
            ["id", "station_id", "message", "wished_at", "state", "reason", "created_at", "answered_at"],
            closing: .deleted),
        .init(
            "expertFields", "expert_field", volunteer: "volunteer_id", key: "field", ["field"], closing: .deleted),
        .init(
            "expertStations", "expert_station", volunteer: "volunteer_id", key: "station_id", ["station_id"],
            closing: .deleted),
        .init(
            "expertListing", "expert_listing", volunteer: "volunteer_id", key: "volunteer_id",
            ["introduction", "is_retired", "consented_at", "withdrawn_at", "updated_at"], closing: .deleted),
    ]

    private static let service: [PersonalData] = [
        .init(
            "signUps", "sign_up", volunteer: "volunteer_id",
            [
                "id", "activity_id", "state", "companion_name", "created_at", "checked_in_at", "checked_out_at",
                "cancelled_at", "cancel_reason",
            ],
            closing: .rewritten { _ in "cancel_reason = NULL, companion_name = NULL" }),
        .init(
            "serviceRecords", "service_record", volunteer: "volunteer_id",
            [
                "id", "sign_up_id", "corrects_id", "activity_name", "date", "place", "content", "minutes", "organiser",
                "person_in_charge", "evidence", "reason", "recorded_at",
            ],
            closing: .kept(.serviceRecords)),
        .init(
            "teamMemberships", "team_member", volunteer: "volunteer_id", key: "team_id",
            ["team_id", "role", "is_main", "joined_at"], closing: .deleted),
        .init(
            "teamEvents", "team_member_event", volunteer: "volunteer_id",
            ["id", "team_id", "kind", "role", "reason", "at"],
            closing: .rewritten { _ in "reason = NULL" }),
        .init(
            "teamJoinRequests", "team_join_request", volunteer: "volunteer_id",
            ["id", "team_id", "note", "state", "reason", "created_at", "decided_at"], closing: .deleted),
        .init(
            "teamsLed", "team", volunteer: "leader_id",
            ["id", "station_id", "name", "state", "contact_name", "contact_phone", "created_at"],
            closing: .rewritten { _ in "contact_name = NULL, contact_phone = NULL" }),
        .init(
            "gridsOfAccount", "grid_worker", account: "account_id",
            ["id", "grid_id", "role", "office_phone", "since", "until", "end_reason"],
            closing: .rewritten { _ in "office_phone = NULL" }),
        .init(
            "gridsOfVolunteer", "grid_worker", volunteer: "volunteer_id",
            ["id", "grid_id", "role", "office_phone", "since", "until", "end_reason"],
            closing: .rewritten { _ in "office_phone = NULL" }),
        .init(
            "enteredByStation", "imported_volunteer", volunteer: "volunteer_id", key: "volunteer_id",
            ["station_id", "has_consented"], closing: .kept(.consents)),
        .init(
            "ticketsHandled", "demand_ticket", volunteer: "volunteer_id",
            ["id", "title", "state", "report", "service_minutes", "stars", "comment", "updated_at"],
            closing: .kept(.publicWork)),
    ]

    private static let messages: [PersonalData] = [
        .init(
            "demandTicketMoves", "demand_ticket_move", ["ticket_id", "from_state", "to_state", "at", "reason"],
            closing: .kept(.messages),
            where: { "ticket_id IN (SELECT id FROM demand_ticket WHERE requester_id = \($0.account))" }),
        .init(
            "demandTickets", "demand_ticket", account: "requester_id",
            [
                "id", "station_id", "title", "detail", "category", "address", "contact_phone", "wished_at", "state",
                "report", "service_minutes", "stars", "comment", "created_at", "updated_at",
            ],
            closing: .rewritten { _ in "contact_phone = \(Masking.closedPhone), address = \(Masking.closedName)" }),
        .init(
            "feedbackMoves", "feedback_move", ["feedback_id", "from_state", "to_state", "at", "reason"],
            closing: .kept(.messages),
            where: { "feedback_id IN (SELECT id FROM feedback WHERE reporter_id = \($0.account))" }),
        .init(
            "feedback", "feedback", account: "reporter_id",
            [
                "id", "station_id", "category", "title", "text", "address", "longitude", "latitude", "state", "reply",
                "replied_at", "stars", "comment", "is_hidden", "created_at", "updated_at",
            ],
            closing: .kept(.messages)),
        .init(
            "uploads", "upload", account: "account_id", ["id", "token", "type", "bytes", "created_at", "is_used"],
            // Those nothing refers to go with the next run of retention.
            closing: .rewritten { _ in "created_at = CASE is_used WHEN 0 THEN 0 ELSE created_at END" }),
    ]

    /// Party data goes by `PartyMembership.wipe`, which counts places anew.
    private static let party: [PersonalData] = [
        .init(
            "partyMembership", "party_membership", volunteer: "volunteer_id", key: "volunteer_id",
            ["unit_id", "state", "consent_version", "consented_at", "decided_at", "reason"], closing: .elsewhere),
        .init(
            "communityCheckIns", "member_check_in", volunteer: "volunteer_id",
            ["id", "unit_id", "station_id", "state", "proposed_at", "accepted_at", "ended_at", "reason"],
            closing: .elsewhere),
        .init(
            "postServices", "post_service", ["id", "claim_id", "served_on", "minutes", "note", "state", "reported_at"],
            closing: .elsewhere,
            where: { person in
                person.volunteer.map { "claim_id IN (SELECT id FROM post_claim WHERE volunteer_id = \($0))" }
            }),
        .init(
            "postClaims", "post_claim", volunteer: "volunteer_id",
            ["id", "post_id", "state", "claimed_at", "ended_at", "reason"], closing: .elsewhere),
        .init(
            "unitsRepresented", "unit_representative", account: "account_id", key: "unit_id", ["unit_id", "linked_at"],
            closing: .deleted),
    ]

    private static let privacy: [PersonalData] = [
        .init(
            "consents", "consent", account: "account_id",
            ["id", "policy_id", "purpose", "channel", "address", "given_at", "withdrawn_at"],
            closing: .rewritten { now in "address = '', withdrawn_at = coalesce(withdrawn_at, \(now))" }),
        .init(
            "corrections", "correction_request", account: "account_id",
            [
                "id", "field", "wished", "reason", "state", "due_at", "old_masked", "decided_at", "decision_reason",
                "created_at",
            ],
            closing: .rewritten { now in
                """
                wished = '*', reason = \(Masking.closedName), upload_id = NULL,
                old_masked = CASE WHEN old_masked IS NULL THEN NULL ELSE '*' END,
                decided_at = coalesce(decided_at, \(now)),
                state = CASE state WHEN 'open' THEN 'withdrawn' ELSE state END
                """
            }),
        .init(
            "accountMerges", "account_merge", account: "into_id",
            ["id", "from_id", "reason", "merged_at", "reversed_at", "reversal_reason"],
            // What moved tells what the person had, and nobody can undo it any more.
            closing: .rewritten { _ in "moved = \(AccountMerge.Moved.nothing)" }),
        .init(
            "closure", "account_closure", account: "account_id", key: "account_id", ["requested_at", "due_at"],
            closing: .kept(.closure)),
        .init(
            "auditEntries", "audit_entry", account: "account_id",
            ["id", "at", "operation", "subject", "outcome", "address"], closing: .kept(.auditLog),
            page: { AuditIndex.isOf($0.account, after: $1, limit: $2) }),
    ]
}
