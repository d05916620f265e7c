import HTTP
import SQLite

extension AccountMerge {
    /// Puts back what moved and is still where it was put.
    /// - Throws: 409 with every reason.
    func reverse(reason: String, _ request: APIRequest, in db: Transaction) throws -> Reversed {
        let moved = try Moved.find(id, in: db)
        try checkReversal(
            now: Timestamp(seconds: db.now),
            isMergedFurther: db.exists("SELECT 1 FROM account WHERE id = \(into) AND merged_into IS NOT NULL"),
            isClosed: db.exists("SELECT 1 FROM account_closure WHERE account_id = \(into) AND closed_at IS NOT NULL"),
            isConfirmedSince: Self.isConfirmedSince(moved, in: db))
        var restored = 0
        for rows in moved.rows { restored += try putBack(rows, moved, in: db) }
        if let volunteer = moved.mergedVolunteer {
            try db.run("UPDATE volunteer SET merged_into = NULL WHERE id = \(volunteer)")
            if let team = moved.mainTeam {
                // The kept person may have made another of the teams that go back the main one.
                try db.run("UPDATE team_member SET is_main = 0 WHERE volunteer_id = \(volunteer) AND is_main = 1")
                try db.run(
                    "UPDATE team_member SET is_main = 1 WHERE volunteer_id = \(volunteer) AND team_id = \(team)")
            }
            try TeamJoinRequest.reopen(moved.cancelledRequests ?? [], in: db)
            for person in [volunteer, moved.keptVolunteer].compactMap(\.self) {
                try TeamMember.keepMain(of: person, in: db)
                try StarAward.settleAlone(person, reason: Self.reversalReason, request, in: db)
            }
        }
        try putBackPhoneAndName(moved, request.services.keyedHash, in: db)
        try db.run("UPDATE account SET merged_into = NULL WHERE id = \(from)")
        // Whoever came in by a way that goes back must not stay in.
        try Session.endAll(of: into, in: db)
        for (account, could) in [(from, moved.hadWayIn), (into, moved.keptHadWayIn)] where could {
            guard try !WaysIn.find(of: account, in: db).isEmpty else {
                throw Problem(.reversalForbidden, reasons: [ReversalBlocker.noWayIn.rawValue])
            }
        }
        let lost = try moved.cancelled.filter { try !$0.takePlaceAgain(in: db) }
        let caller = try request.account()
        try db.run(
            """
            UPDATE account_merge SET reversed_at = \(db.now), reversed_by = \(caller), reversal_reason = \(reason)
            WHERE id = \(id)
            """)
        let all = moved.rows.reduce(0) { $0 + $1.keys.count }
        return Reversed(
            merge: try Self.find(id, in: db), restored: restored, changedSince: all - restored, placesLost: lost)
    }

    private static func isConfirmedSince(_ moved: Moved, in db: Database) throws -> Bool {
        guard let kept = moved.keptVolunteer else { return false }
        let keys = moved.rows.filter { $0.table == "sign_up" }.flatMap(\.keys)
        return try db.exists(
            """
            SELECT 1 FROM service_record WHERE volunteer_id = \(kept)
                AND sign_up_id IN (SELECT CAST(value AS INTEGER) FROM json_each(\(text(keys))))
            """)
    }

    static func text(_ keys: [String]) -> String { String(decoding: JSON.encode(keys), as: UTF8.self) }

    /// - Returns: how many rows were still there.
    private func putBack(_ rows: Moved.Rows, _ moved: Moved, in db: Transaction) throws -> Int {
        guard let reference = PersonReference.all.first(where: { $0.name == "\(rows.table).\(rows.column)" }),
            case .moves(_, let key) = reference.fate
        else { return 0 }
        let owners: (from: Int64, into: Int64)
        switch reference.target {
        case .account: owners = (from.rawValue, into.rawValue)
        case .volunteer:
            guard let ours = moved.mergedVolunteer, let theirs = moved.keptVolunteer else { return 0 }
            owners = (ours.rawValue, theirs.rawValue)
        }
        return try db.run(
            """
            UPDATE OR IGNORE \(raw: reference.table) SET \(raw: reference.column) = \(owners.from)
            WHERE \(raw: reference.column) = \(owners.into)
                AND CAST(\(raw: key) AS TEXT) IN (SELECT value FROM json_each(\(Self.text(rows.keys))))
            """)
    }

    private func putBackPhoneAndName(_ moved: Moved, _ keyedHash: KeyedHash, in db: Transaction) throws {
        if let mark = moved.phone, let phone = try Account.phone(of: into, in: db), Self.mark(phone, keyedHash) == mark
        {
            try Account.movePhone(phone, to: from, in: db)
        }
        guard moved.isNameCopied else { return }
        try db.run(
            """
            UPDATE account SET name = NULL
            WHERE id = \(into) AND name = (SELECT name FROM account WHERE id = \(from))
            """)
    }
}

extension ID<SignUp> {
    /// Takes up a cancelled sign-up again.
    /// - Returns: false when the activity has no place left or will not be.
    fileprivate func takePlaceAgain(in db: Transaction) throws -> Bool {
        let signUp = try SignUp.find(self, in: db)
        if try SignUp.live(signUp.activityId, signUp.volunteerId, in: db) != nil { return true }
        let taken = try db.run(
            """
            UPDATE activity_places SET taken = taken + 1 WHERE activity_id = \(signUp.activityId) AND taken < capacity
                AND EXISTS (SELECT 1 FROM activity WHERE id = \(signUp.activityId) AND state = 'published')
            """)
        guard taken == 1 else { return false }
        try db.run(
            """
            UPDATE sign_up SET state = 'signedUp', cancelled_at = NULL, cancel_reason = NULL,
                (starts_at, ends_at) = (SELECT starts_at, ends_at FROM activity WHERE id = activity_id)
            WHERE id = \(self)
            """)
        return true
    }
}
