package import SQLite

/// The whole API on one screen.
package enum Routes {
    /// Before every path but those of the machine room.
    package static let base = "/api/v1"

    package static let all: [Route] = [
        Health.routes,
        Session.routes,
        WaysIn.routes,
        AccountMerge.routes,
        StaffCredential.routes,
        Role.routes,
        Account.Grant.routes,
        ServiceToken.routes,
        AuditEntry.routes,
        Station.routes,
        Volunteer.routes,
        VolunteerParticulars.routes,
        VolunteerVerification.routes,
        VolunteerClaim.routes,
        Guardianship.routes,
        Guardianship.childRoutes,
        Profile.routes,
        Profile.childRoutes,
        Qualification.routes,
        TrainingRecord.routes,
        AwardRecord.routes,
        ExpertListing.routes,
        ExpertInvitation.routes,
        StarAward.routes,
        StarApplication.routes,
        Team.routes,
        TeamMember.routes,
        TeamJoinRequest.routes,
        TeamMember.childRoutes,
        TeamChange.routes,
        Activity.routes,
        SignUp.routes,
        ServiceRecord.routes,
        DemandTicket.routes,
        Upload.routes,
        Feedback.routes,
        PartyUnit.routes,
        CommunityPost.routes,
        UnitBond.routes,
        UnitProject.routes,
        UnitFeedback.routes,
        Grid.routes,
        GridPlace.routes,
        GridWorker.routes,
        ChatGroup.routes,
        ImportRecord.routes,
        Policy.routes,
        ConsentRecord.routes,
        CorrectionRequest.routes,
        PersonalData.routes,
        AccountClosure.routes,
        RetentionRule.routes,
        DataSharing.routes,
        Overview.routes,
    ].flatMap { $0 }

    /// What the server does by itself every few minutes.
    package static let housekeeping: [HousekeepingJob] =
        [
            AccountMerge.housekeeping,
            StaffCredential.housekeeping,
            ExpertInvitation.housekeeping,
            CommunityPost.housekeeping,
            AccountClosure.housekeeping,
        ] + RetentionRule.housekeeping
}

/// A small chore in the writer's transaction.
package struct HousekeepingJob: Sendable {
    package var name: String
    /// - Returns: rows it touched; at most a few thousand, so that writers wait for no more than some milliseconds.
    package var run: @Sendable (Transaction, Configuration) throws -> Int
}
