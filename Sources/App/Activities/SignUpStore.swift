import HTTP
package import SQLite

extension SignUp: RowDecodable {
    private static var columns: SQL {
        """
        sign_up.id, sign_up.activity_id, sign_up.volunteer_id, sign_up.state, sign_up.created_at,
        sign_up.checked_in_at, sign_up.checked_out_at, sign_up.cancelled_at, sign_up.cancel_reason,
        sign_up.companion_name
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], activityId: try row[1], volunteerId: try row[2], state: try row[3], createdAt: try row[4],
            checkedInAt: try row[5], checkedOutAt: try row[6], cancelledAt: try row[7], cancelReason: try row[8],
            companionName: try row[9])
    }

    /// - Throws: 404.
    static func find(_ id: ID<SignUp>, in db: Database) throws -> SignUp {
        guard let signUp: SignUp = try db.first("SELECT \(columns) FROM sign_up WHERE id = \(id)") else {
            throw Problem(
                .notFound, detail: Wording(zh: "没有编号为 \(id.rawValue) 的报名", en: "There is no sign-up \(id.rawValue)"))
        }
        return signUp
    }

    /// The volunteer's living sign-up for an activity.
    static func live(
        _ activity: ID<Activity>, _ volunteer: ID<Volunteer>, in db: Database
    ) throws -> SignUp? {
        try db.first(
            """
            SELECT \(columns) FROM sign_up
            WHERE activity_id = \(activity) AND volunteer_id = \(volunteer) AND state <> 'cancelled'
            """)
    }

    /// The terms for one volunteer and one activity but for their own sign-up, in one statement, and one more for minors.
    /// Half-open intervals: what ends at two lets begin at two.
    /// - Throws: 404 for an activity that does not exist.
    private static func terms(
        of activity: ID<Activity>, _ volunteer: ID<Volunteer>, now: Timestamp, in db: Database
    ) throws -> Terms {
        let found: Terms? = try db.first(
            """
            SELECT activity.state, activity.starts_at, activity.ends_at, activity.sign_up_closes_at,
                places.taken >= places.capacity, activity.age_min, volunteer.birth_date,
                EXISTS (SELECT 1 FROM sign_up AS mine
                    WHERE mine.volunteer_id = volunteer.id AND mine.state IN ('signedUp', 'checkedIn')
                        AND mine.starts_at < activity.ends_at AND mine.ends_at > activity.starts_at
                        AND mine.activity_id <> activity.id)
            FROM activity INDEXED BY activity_terms JOIN activity_places AS places ON places.activity_id = activity.id,
                volunteer
            WHERE activity.id = \(activity) AND volunteer.id = \(volunteer)
            """)
        guard var found else { throw Problem(.notFound) }
        if let birthDate = found.birthDate, GuardianshipRules.isMinor(birthDate, on: now.day) {
            found.isConsentMissing = try !Guardianship.isConsented(volunteer, in: db)
        }
        return found
    }

    static func viewer(
        of activity: Activity, _ volunteer: ID<Volunteer>, now: Timestamp, in db: Database
    ) throws -> Activity.Viewer {
        let live = try live(activity.id, volunteer, in: db)
        var terms = try terms(of: activity.id, volunteer, now: now, in: db)
        terms.present = live?.state
        let reasons = terms.refusals(now: now)
        var actions = reasons.isEmpty ? ["signUp"] : []
        if let live {
            let checks: [(String, () throws -> Void)] = [
                ("cancel", { try live.checkWithdrawal(from: activity, now: now) }),
                ("checkIn", { try live.checkIn(to: activity, now: now, isConsentMissing: terms.isConsentMissing) }),
                ("checkOut", { try live.checkOut(of: activity, now: now) }),
            ]
            actions += checks.compactMap { name, check in (try? check()).map { name } }
        }
        return .init(signUpId: live?.id, signUpState: live?.state, allowedActions: actions, reasons: reasons)
    }

    /// Takes a place. The guarded update decides, inside the transaction: never a count read before it. Nor is it asked
    /// first whether the volunteer has signed up: the index says so, and before anything is written, so that a second
    /// tap costs the batch nothing.
    /// - Throws: 404 for an activity that does not exist, 409 with every reason, 422 for a small child without a companion.
    static func insert(
        to activity: ID<Activity>, _ volunteer: ID<Volunteer>, companion: String?, from group: ID<ChatGroup>?,
        now: Timestamp, in db: Transaction
    ) throws -> SignUp {
        let terms = try terms(of: activity, volunteer, now: now, in: db)
        guard terms.refusals(now: now).isEmpty else { throw try refusal(terms, activity, volunteer, now: now, in: db) }
        try terms.check(companion)
        do {
            try db.run(
                """
                INSERT INTO sign_up (activity_id, volunteer_id, state, starts_at, ends_at, created_at, companion_name,
                    chat_group_id)
                VALUES (\(activity), \(volunteer), 'signedUp', \(terms.startsAt), \(terms.endsAt), \(db.now), \(companion),
                    \(group))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw try refusal(terms, activity, volunteer, now: now, in: db)
        }
        let id = ID<SignUp>(db.lastInsertedID)
        let taken = try db.run(
            """
            UPDATE activity_places SET taken = taken + 1 WHERE activity_id = \(activity) AND taken < capacity
            """)
        guard taken == 1 else { throw Problem(.signUpRefused, reasons: [Refusal.full.rawValue]) }
        return SignUp(
            id: id, activityId: activity, volunteerId: volunteer, state: .signedUp,
            createdAt: Timestamp(seconds: db.now), companionName: companion)
    }

    private static func refusal(
        _ terms: Terms, _ activity: ID<Activity>, _ volunteer: ID<Volunteer>, now: Timestamp, in db: Database
    ) throws -> Problem {
        var terms = terms
        terms.present = try live(activity, volunteer, in: db)?.state
        let reasons = terms.refusals(now: now)
        return Problem(
            reasons.contains(.guardianConsentMissing) ? .guardianConsentMissing : .signUpRefused,
            state: terms.present?.rawValue, reasons: reasons.map(\.rawValue))
    }

    func withdraw(reason: String?, in db: Transaction) throws -> SignUp {
        try db.run(
            """
            UPDATE sign_up SET state = 'cancelled', cancelled_at = \(db.now), cancel_reason = \(reason) WHERE id = \(id)
            """)
        try db.run("UPDATE activity_places SET taken = taken - 1 WHERE activity_id = \(activityId)")
        return try SignUp.find(id, in: db)
    }

    /// Gives back every place in activities still to come.
    /// - Parameter includesBegun: and in those that are not over, where the volunteer has not come yet.
    static func withdrawAll(
        of volunteer: ID<Volunteer>, after now: Timestamp, includesBegun: Bool, reason: String, in db: Transaction
    ) throws {
        let places: [SignUp] = try db.all(
            """
            SELECT \(columns) FROM sign_up JOIN activity ON activity.id = sign_up.activity_id
            WHERE sign_up.volunteer_id = \(volunteer) AND sign_up.state = 'signedUp'
                AND (activity.starts_at > \(now) OR (\(includesBegun) AND activity.ends_at > \(now)))
            """)
        for place in places { _ = try place.withdraw(reason: reason, in: db) }
    }

    /// Those of sign-ups given back count too: signing up again brings no new tries.
    /// - Returns: wrong codes the volunteer has tried so far for this activity.
    func codeFailures(in db: Database) throws -> Int {
        try db.value(
            """
            SELECT sum(code_failures) FROM sign_up WHERE volunteer_id = \(volunteerId) AND activity_id = \(activityId)
            """, as: Int.self) ?? 0
    }

    func countCodeFailure(in db: Transaction) throws {
        try db.run("UPDATE sign_up SET code_failures = code_failures + 1 WHERE id = \(id)")
    }

    /// Ends presences whose check-out was forgotten, for a volunteer is present at one place at a time. When they left
    /// nobody knows, so they have no time of check-out, and minutes go by hand.
    static func leaveForgotten(of volunteer: ID<Volunteer>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE sign_up SET state = 'checkedOut' WHERE volunteer_id = \(volunteer) AND state = 'checkedIn'
                AND (SELECT ends_at FROM activity WHERE id = activity_id) < \(db.now - ActivityRules.lateSeconds)
            """)
    }

    /// Whether the volunteer is at an activity now, as far as anybody knows.
    static func isPresent(_ volunteer: ID<Volunteer>, now: Timestamp, in db: Database) throws -> Bool {
        try db.exists(
            """
            SELECT 1 FROM sign_up JOIN activity ON activity.id = sign_up.activity_id
            WHERE sign_up.volunteer_id = \(volunteer) AND sign_up.state = 'checkedIn'
                AND activity.ends_at >= \(now.seconds - ActivityRules.lateSeconds)
            """)
    }

    /// - Throws: 409 when the volunteer is present elsewhere: nobody is at two places.
    func enter(in db: Transaction) throws -> SignUp {
        try SignUp.leaveForgotten(of: volunteerId, in: db)
        do {
            try db.run("UPDATE sign_up SET state = 'checkedIn', checked_in_at = \(db.now) WHERE id = \(id)")
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.checkInRefused, state: state.rawValue, reasons: ["presentElsewhere"])
        }
        return try SignUp.find(id, in: db)
    }

    func leave(in db: Transaction) throws -> SignUp {
        try db.run("UPDATE sign_up SET state = 'checkedOut', checked_out_at = \(db.now) WHERE id = \(id)")
        return try SignUp.find(id, in: db)
    }

    func set(_ state: State, in db: Transaction) throws -> SignUp {
        try db.run("UPDATE sign_up SET state = \(state) WHERE id = \(id)")
        return try SignUp.find(id, in: db)
    }

    static func list(of volunteer: ID<Volunteer>, _ page: Page, in db: Database) throws -> [SignUp] {
        let before = page.after?.first ?? .max
        return try db.all(
            """
            SELECT \(columns) FROM sign_up WHERE volunteer_id = \(volunteer) AND id < \(before)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
    }

    /// The living sign-ups by volunteer, which is the order of the index that keeps them unique.
    static func list(to activity: ID<Activity>, _ page: Page, in db: Database) throws -> [Listed] {
        let after = page.after?.first ?? 0
        return try db.all(
            """
            SELECT \(columns), volunteer.name, volunteer.number FROM sign_up
            JOIN volunteer ON volunteer.id = sign_up.volunteer_id
            WHERE sign_up.activity_id = \(activity) AND sign_up.volunteer_id > \(after) AND sign_up.state <> 'cancelled'
            ORDER BY sign_up.volunteer_id LIMIT \(page.limit + 1)
            """)
    }
}

extension SignUp.Listed: RowDecodable {
    package init(row: borrowing Row) throws {
        var signUp = try SignUp(row: row)
        signUp.companionName = signUp.companionName.map(Masking.name)
        self.init(signUp: signUp, volunteerName: Masking.name(try row[10]), volunteerNumber: try row[11])
    }
}

extension SignUp.Terms: RowDecodable {
    package init(row: borrowing Row) throws {
        let birthDate: String = try row[6]
        self.init(
            activityState: try row[0], startsAt: try row[1], endsAt: try row[2], closesAt: try row[3],
            isFull: try row[4], ageMin: try row[5], birthDate: CivilDate(birthDate), overlaps: try row[7])
    }
}
