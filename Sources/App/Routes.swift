package import SQLite

/// The whole API on one screen.
package enum Routes {
    /// Before every path but those of the machine room.
    package static let base = "/api/v1"

    package static let all: [Route] =
        Health.routes + Session.routes + StaffCredential.routes + Station.routes + Volunteer.routes + Team.routes
        + Activity.routes + SignUp.routes + ServiceRecord.routes + DemandTicket.routes + Upload.routes + Feedback.routes
        + Overview.routes + PartyUnit.routes + CommunityPost.routes + UnitBond.routes + UnitProject.routes
        + UnitFeedback.routes

    /// What the server does by itself every few minutes.
    package static let housekeeping: [HousekeepingJob] = [
        Session.housekeeping, Upload.housekeeping, CommunityPost.housekeeping,
    ]
}

/// A small chore in the writer's transaction.
package struct HousekeepingJob: Sendable {
    package var name: String
    /// - Returns: rows it touched; at most a few thousand, so that writers wait for no more than some milliseconds.
    package var run: @Sendable (Transaction, Configuration) throws -> Int
}
