extension PersonalData {
    /// Why a reference to a person is not in the copy of their data.
    package enum Withholding: Sendable {
        /// Who did something in office: the audit log tells a person what they did themselves.
        case office
        /// In the copy under another heading.
        case elsewhere
        /// Copies of answers that were given, gone within a day.
        case passing
        /// A machine's account, not a person's.
        case machine
        /// What others ask of the volunteer's record is theirs.
        case another
    }

    /// Every foreign key to a person that no section of the copy goes by, as `table.column`.
    package static let withheld: [String: Withholding] = [
        // The copy runs over merged-away accounts too.
        "account.merged_into": .elsewhere,
        "account_merge.from_id": .elsewhere,
        "account_merge.merged_by": .office,
        "account_merge.reversed_by": .office,
        "activity.created_by": .office,
        "award_record.decided_by": .office,
        "award_record.entered_by": .office,
        "community_post.created_by": .office,
        "correction_request.decided_by": .office,
        "correction_request.volunteer_id": .elsewhere,
        "data_sharing.account_id": .office,
        "demand_ticket_move.actor_id": .elsewhere,
        "expert_invitation.invited_by": .office,
        "feedback.replied_by": .office,
        "feedback_move.actor_id": .elsewhere,
        "grid_worker.appointed_by": .office,
        "grid_worker.ended_by": .office,
        "idempotent_answer.account_id": .passing,
        // The number stands first in the copy, opened by the vault.
        "identity_document.volunteer_id": .elsewhere,
        "import_run.account_id": .office,
        "policy.published_by": .office,
        "post_service.decided_by": .office,
        "practice_volunteer.ended_by": .office,
        "practice_volunteer.marked_by": .office,
        "qualification.decided_by": .office,
        "role_grant.granted_by": .office,
        "service_record.recorded_by": .office,
        "service_token.account_id": .machine,
        "service_token.issued_by": .office,
        "session.volunteer_id": .elsewhere,
        "star_application.decided_by": .office,
        "star_award.awarded_by": .office,
        "star_award.revoked_by": .office,
        "team_change.decided_by": .office,
        "team_change.proposed_by": .office,
        "team_join_request.decided_by": .office,
        "team_member_event.actor_id": .office,
        "training_record.recorded_by": .office,
        "training_record.withdrawn_by": .office,
        "unit_bond.created_by": .office,
        "unit_check_in.proposed_by": .office,
        "unit_evaluation.made_by": .office,
        "unit_feedback.sent_by": .office,
        "unit_project_move.actor_id": .office,
        "unit_representative.linked_by": .office,
        "volunteer.merged_into": .elsewhere,
        "volunteer_claim.decided_by": .office,
        "volunteer_claim.volunteer_id": .another,
        "volunteer_verification.account_id": .office,
    ]
}
