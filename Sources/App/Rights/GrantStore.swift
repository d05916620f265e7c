import HTTP
package import SQLite

extension Account.Grant {
    /// Takes the place of the same grant that has ended.
    /// - Throws: 409 when the account holds it already, 422 for a role, station or team that does not exist.
    package static func insert(
        _ draft: Draft, to account: ID<Account>, by granter: ID<Account>?, in db: Transaction
    ) throws {
        guard try Role.named(draft.role, in: db) != nil else {
            throw Problem(.invalid, faults: [.init("/role", Wording(zh: "没有这个角色", en: "names no role"))])
        }
        try db.run(
            """
            DELETE FROM role_grant WHERE account_id = \(account) AND role = \(draft.role)
                AND station_id IS \(draft.stationId) AND team_id IS \(draft.teamId) AND ends_at <= \(db.now)
            """)
        do {
            try db.run(
                """
                INSERT INTO role_grant (account_id, role, station_id, team_id, ends_at, granted_by, granted_at)
                VALUES (\(account), \(draft.role), \(draft.stationId), \(draft.teamId), \(draft.endsAt), \(granter),
                    \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.conflict, detail: Wording(zh: "已有该授权", en: "The grant exists already"))
        } catch let error as SQLiteError where error.isForeignKeyViolation {
            let (pointer, zh, en) =
                draft.teamId == nil
                ? ("/stationId", "没有这个阵地", "names no station") : ("/teamId", "没有这支队伍", "names no team")
            throw Problem(.invalid, faults: [.init(pointer, Wording(zh: zh, en: en))])
        }
    }

    static func delete(_ grant: ID<Account.Grant>, in db: Transaction) throws {
        try db.run("DELETE FROM role_grant WHERE id = \(grant)")
    }

    /// Ends what anybody may do over a team that is no more. They do not pass to the team it became part of: nobody who
    /// holds them there gave them.
    static func endAll(over team: ID<Team>, in db: Transaction) throws {
        try db.run("DELETE FROM role_grant WHERE team_id = \(team)")
    }

    /// Who holds what at one place: for the place itself, not for those above or below it.
    static func list(at station: ID<Station>, _ page: Page, in db: Database) throws -> [Held] {
        try db.all(
            """
            SELECT role_grant.id, role_grant.role, role_grant.station_id, role_grant.team_id, role_grant.ends_at,
                role_grant.granted_at, account.id, account.name, staff_credential.name
            FROM role_grant JOIN account ON account.id = role_grant.account_id
            LEFT JOIN staff_credential ON staff_credential.account_id = account.id
            WHERE role_grant.station_id = \(station) AND role_grant.id > \(page.after?.first ?? 0)
            ORDER BY role_grant.id LIMIT \(page.limit + 1)
            """)
    }
}

extension Account {
    /// Of rows of `role_grant`: those that have not ended.
    static func livingGrants(at now: Int64) -> SQL { "coalesce(role_grant.ends_at > \(now), 1)" }
}

extension Account.Grant.Held: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            grant: try Account.Grant(row: row), accountId: try row[6], name: try row[7], staffName: try row[8])
    }
}
