import HTTP
import SQLite

/// One merge on its way through the tables.
struct AccountMerging {
    let from: ID<Account>
    let into: ID<Account>
    private(set) var moved = AccountMerge.Moved()
    private(set) var items: [AccountMerge.Item] = []
    private(set) var conflicts: [AccountMerge.SignUpConflict] = []
    private(set) var blockers: [AccountMerge.Blocker] = []
    /// Rows that do not move, whatever becomes of those they gave way to.
    private let staying: [AccountMerge.Moved.Rows]

    init(from: ID<Account>, into: ID<Account>, staying: [AccountMerge.Moved.Rows] = []) {
        self.from = from
        self.into = into
        self.staying = staying
    }

    /// Does all of it, whatever forbids it: the caller undoes it by throwing when it is only looked at or forbidden. A
    /// preview is so the merge itself and cannot tell of anything else.
    mutating func carryOut(by caller: ID<Account>, _ keyedHash: KeyedHash, in db: Transaction) throws {
        if caller == from || caller == into { blockers.append(.ownAccount) }
        guard try !db.exists("SELECT 1 FROM account WHERE id IN (\(from), \(into)) AND merged_into IS NOT NULL") else {
            blockers.append(.alreadyMerged)
            return
        }
        try noteWhatForbids(in: db)
        moved.hadWayIn = try !WaysIn.find(of: from, in: db).isEmpty
        moved.keptHadWayIn = try !WaysIn.find(of: into, in: db).isEmpty
        let (ours, theirs) = (try volunteer(of: from, in: db), try volunteer(of: into, in: db))
        try applyToAccounts(in: db)
        if let ours, let theirs { try merge(ours, theirs, by: caller, in: db) }
        try movePhoneAndName(keyedHash, in: db)
        try db.run("UPDATE account SET merged_into = \(into) WHERE id = \(from)")
        let rows = moved.rows.reduce(0) { $0 + $1.keys.count }
        if rows > AccountMerge.rowsMax { blockers.append(.tooManyRows) }
    }

    /// The same for the same accounts and rows, and for nothing else.
    var fingerprint: String {
        var hash = SHA256()
        hash.update(Array("\(from.rawValue) \(into.rawValue) ".utf8))
        hash.update(JSON.encode(moved))
        return Base64URL.encode(hash.finish())
    }

    private mutating func noteWhatForbids(in db: Database) throws {
        if try db.exists("SELECT 1 FROM service_token WHERE account_id IN (\(from), \(into))") {
            blockers.append(.machineAccount)
        }
        if try db.exists("SELECT 1 FROM account_closure WHERE account_id IN (\(from), \(into))") {
            blockers.append(.closing)
        }
        let staffNames: Int? = try db.value(
            "SELECT count(*) FROM staff_credential WHERE account_id IN (\(from), \(into))")
        if staffNames == 2 { blockers.append(.bothStaff) }
        let isGuarded = try db.exists(
            """
            SELECT 1 FROM volunteer JOIN guardianship ON guardianship.volunteer_id = volunteer.id
            WHERE volunteer.account_id IN (\(from), \(into)) AND guardianship.account_id IN (\(from), \(into))
            """)
        if isGuarded { blockers.append(.guardianAndWard) }
    }

    private func volunteer(of account: ID<Account>, in db: Database) throws -> ID<Volunteer>? {
        try db.value("SELECT id FROM volunteer WHERE account_id = \(account)")
    }

    private mutating func merge(
        _ ours: ID<Volunteer>, _ theirs: ID<Volunteer>, by caller: ID<Account>, in db: Transaction
    ) throws {
        let identities = try [ours, theirs].map { try AccountMerge.Identity.find($0, in: db) }
        if !identities[0].mayBeSamePerson(as: identities[1]) { blockers.append(.differentPeople) }
        for volunteer in [ours, theirs] { try SignUp.leaveForgotten(of: volunteer, in: db) }
        let present =
            try db.value(
                "SELECT count(*) FROM sign_up WHERE volunteer_id IN (\(ours), \(theirs)) AND state = 'checkedIn'",
                as: Int.self) ?? 0
        if present == 2 { blockers.append(.bothPresent) }
        try settleSignUps(ours, theirs, in: db)
        try settleTeams(ours, theirs, in: db)
        let idle = try TeamJoinRequest.settle(
            ours, theirs, by: caller, reason: AccountMerge.cancelReason, in: db)
        if !idle.isEmpty { moved.cancelledRequests = idle }
        try applyToVolunteers(ours, theirs, in: db)
        try db.run("UPDATE volunteer SET merged_into = \(theirs) WHERE id = \(ours)")
        (moved.mergedVolunteer, moved.keptVolunteer) = (ours, theirs)
    }

    /// A person has one main team: the kept account's, where it has one.
    private mutating func settleTeams(_ ours: ID<Volunteer>, _ theirs: ID<Volunteer>, in db: Transaction) throws {
        let isLed = try db.exists(
            """
            SELECT 1 FROM team_member AS mine JOIN team_member AS other ON other.team_id = mine.team_id
            WHERE mine.volunteer_id = \(ours) AND other.volunteer_id = \(theirs)
                AND (mine.role = 'leader' OR other.role = 'leader')
            """)
        if isLed { blockers.append(.leadsCommonTeam) }
        guard try db.exists("SELECT 1 FROM team_member WHERE volunteer_id = \(theirs) AND is_main = 1") else { return }
        moved.mainTeam = try db.value(
            "UPDATE team_member SET is_main = 0 WHERE volunteer_id = \(ours) AND is_main = 1 RETURNING team_id")
    }

    private mutating func settleSignUps(_ ours: ID<Volunteer>, _ theirs: ID<Volunteer>, in db: Transaction) throws {
        struct Pair: RowDecodable {
            var activity: ID<Activity>
            var from: (id: ID<SignUp>, state: SignUp.State)
            var into: (id: ID<SignUp>, state: SignUp.State)

            init(row: borrowing Row) throws {
                activity = try row[0]
                from = (try row[1], try row[2])
                into = (try row[3], try row[4])
            }
        }
        let pairs: [Pair] = try db.all(
            """
            SELECT mine.activity_id, mine.id, mine.state, other.id, other.state
            FROM sign_up AS mine JOIN sign_up AS other ON other.activity_id = mine.activity_id
                AND other.volunteer_id = \(theirs) AND other.state <> 'cancelled'
            WHERE mine.volunteer_id = \(ours) AND mine.state <> 'cancelled' ORDER BY mine.id
            """)
        for pair in pairs {
            let (keepsFrom, cancels) = AccountMerge.settle(from: pair.from.state, into: pair.into.state)
            let (kept, other) = keepsFrom ? (pair.from.id, pair.into.id) : (pair.into.id, pair.from.id)
            conflicts.append(
                .init(activityId: pair.activity, keptId: kept, otherId: other, isOtherCancelled: cancels))
            guard cancels else { continue }
            _ = try SignUp.find(other, in: db).withdraw(reason: AccountMerge.cancelReason, in: db)
            moved.cancelled.append(other)
        }
    }

    mutating func applyToAccounts(in db: Transaction) throws {
        for reference in PersonReference.all where reference.target == .account {
            try apply(reference, from: from.rawValue, into: into.rawValue, in: db)
        }
    }

    mutating func applyToVolunteers(_ ours: ID<Volunteer>, _ theirs: ID<Volunteer>, in db: Transaction) throws {
        for reference in PersonReference.all where reference.target == .volunteer {
            try apply(reference, from: ours.rawValue, into: theirs.rawValue, in: db)
        }
    }

    private mutating func apply(_ reference: PersonReference, from: Int64, into: Int64, in db: Transaction) throws {
        let (table, column) = (reference.table, reference.column)
        switch reference.fate {
        case .stays: return
        case .ends(let kind):
            count(kind, .ends, try db.run("DELETE FROM \(raw: table) WHERE \(raw: column) = \(from)"))
        case .follows(let kind): count(kind, .follows, try rows(of: reference, from, in: db))
        case .moves(let kind, let key):
            let fixed = staying.filter { "\($0.table).\($0.column)" == reference.name }.flatMap(\.keys)
            let keys: [String] = try db.values(
                """
                UPDATE OR IGNORE \(raw: table) SET \(raw: column) = \(into)
                WHERE \(raw: column) = \(from)
                    AND CAST(\(raw: key) AS TEXT) NOT IN (SELECT value FROM json_each(\(AccountMerge.text(fixed))))
                RETURNING CAST(\(raw: key) AS TEXT)
                """)
            let left: [String] = try db.values(
                "SELECT CAST(\(raw: key) AS TEXT) FROM \(raw: table) WHERE \(raw: column) = \(from)")
            count(kind, .moves, keys.count)
            count(kind, .stays, left.count)
            if !keys.isEmpty { moved.rows.append(.init(reference, keys)) }
            if !left.isEmpty { moved.left = (moved.left ?? []) + [.init(reference, left)] }
        }
    }

    private func rows(of reference: PersonReference, _ person: Int64, in db: Database) throws -> Int {
        try db.value("SELECT count(*) FROM \(raw: reference.table) WHERE \(raw: reference.column) = \(person)") ?? 0
    }

    private mutating func count(_ kind: PersonReference.Kind, _ fate: AccountMerge.Item.Fate, _ count: Int) {
        guard count > 0 else { return }
        if let index = items.firstIndex(where: { $0.kind == kind && $0.fate == fate }) {
            items[index].count += count
        } else {
            items.append(.init(kind: kind, fate: fate, count: count))
        }
    }

    /// A phone moves where the kept account has none; otherwise it stays and leads to the kept account from there.
    private mutating func movePhoneAndName(_ keyedHash: KeyedHash, in db: Transaction) throws {
        if let phone = try Account.phone(of: from, in: db) {
            if try Account.phone(of: into, in: db) == nil {
                try Account.movePhone(phone, to: into, in: db)
                moved.phone = AccountMerge.mark(phone, keyedHash)
            }
            count(.waysIn, .moves, 1)
        }
        let named = try db.run(
            """
            UPDATE account SET name = (SELECT name FROM account WHERE id = \(from))
            WHERE id = \(into) AND name IS NULL AND (SELECT name FROM account WHERE id = \(from)) IS NOT NULL
            """)
        moved.isNameCopied = named > 0
    }
}

extension AccountMerge.Identity: RowDecodable {
    init(row: borrowing Row) throws { self.init(kind: try row[0], birthDate: try row[1], sex: try row[2]) }

    static func find(_ id: ID<Volunteer>, in db: Database) throws -> Self {
        try db.one(
            """
            SELECT coalesce(identity_kind, ''), birth_date, sex FROM volunteer WHERE id = \(id)
            """)
    }
}

extension Account {
    /// From whichever account has it: the column is unique.
    static func movePhone(_ phone: PhoneNumber, to account: ID<Account>, in db: Transaction) throws {
        try db.run("UPDATE account SET phone = NULL WHERE phone = \(phone)")
        try db.run("UPDATE account SET phone = \(phone) WHERE id = \(account)")
    }

    /// - Throws: 422 at `pointer`, because the id came in a body.
    static func find(_ id: ID<Account>, pointer: String, in db: Database) throws -> Account {
        guard try db.exists("SELECT 1 FROM account WHERE id = \(id)") else {
            throw Problem(.invalid, faults: [.init(pointer, Wording(zh: "没有这个账号", en: "names no account"))])
        }
        return try find(id, in: db)
    }
}

extension Volunteer {
    /// The volunteer and those merged into it.
    static func everyID(of volunteer: ID<Volunteer>, in db: Database) throws -> [ID<Volunteer>] {
        try [volunteer] + db.values("SELECT id FROM volunteer WHERE merged_into = \(volunteer)")
    }

    /// The same as a list for `IN`. Without merges it is one id, which SQLite takes for `=`.
    static func everyRow(of volunteer: ID<Volunteer>, in db: Database) throws -> SQL {
        "(\(.joined(try everyID(of: volunteer, in: db).map { "\($0)" }, separator: ", ")))"
    }
}
