import HTTP
import SQLite

/// Whom a member of staff with a part of the city may see: volunteers who live there, and those who have come there to
/// serve or to learn. Volunteers belong to no station, yet a community's clerk has no business with the rest of the city
/// (个人信息保护法 art. 6). What staff can do alone opens nobody's file: to add a stranger to a team, to dispatch to one, or
/// to write down that one has learnt there. It takes the volunteer's own step, or another's record.
extension Volunteer {
    /// The volunteer the path names.
    /// - Throws: 404; 403 for one outside the caller's part of the city.
    static func reached(_ request: APIRequest, _ permission: Permission, in db: Database) throws -> Volunteer {
        let volunteer = try find(request.id(), in: db)
        guard try volunteer.isReached(by: request.signedIn(), permission, in: db) else { throw Problem(.outsideScope) }
        return volunteer
    }

    func isReached(by caller: Caller, _ permission: Permission, in db: Database) throws -> Bool {
        try db.exists(
            "SELECT 1 FROM volunteer WHERE id = \(id) AND \(Self.reach(of: caller, permission, in: db))")
    }

    /// A condition that the caller may see the volunteer of the row.
    static func reach(of caller: Caller, _ permission: Permission, in db: Database) throws -> SQL {
        guard let roots = caller.scope(of: permission) else { return "1" }
        guard !roots.isEmpty else { return "0" }
        let stations = { (column: StaticString) in try Station.within(roots, column, in: db) }
        return try """
        (\(residing(in: roots, db))
            OR EXISTS (SELECT 1 FROM sign_up JOIN activity ON activity.id = sign_up.activity_id
                WHERE sign_up.volunteer_id = volunteer.id AND \(stations("activity.station_id")))
            OR EXISTS (SELECT 1 FROM team_member JOIN team ON team.id = team_member.team_id
                WHERE team_member.volunteer_id = volunteer.id AND \(stations("team.station_id"))
                AND \(TeamMember.hasCome(by: "event.kind IN ('joined', 'transferred')")))
            OR EXISTS (SELECT 1 FROM training_record
                WHERE training_record.volunteer_id = volunteer.id AND \(stations("training_record.station_id"))
                AND training_record.recorded_by <> \(caller.account))
            OR EXISTS (SELECT 1 FROM demand_ticket WHERE demand_ticket.volunteer_id = volunteer.id
                AND demand_ticket.state IN ('accepted', 'completed', 'rated')
                AND \(stations("demand_ticket.station_id"))))
        """
    }

    /// A condition that a volunteer lives in one of these parts of the tree. A station's code is its division's (GB/T 2260
    /// and the statistics bureau's twelve digits), whose ending zeros stand for everything below.
    static func residing(in roots: [ID<Station>], _ db: Database) throws -> SQL {
        let prefixes = try roots.compactMap { root in
            try db.value("SELECT code FROM station WHERE id = \(root)", as: String.self).flatMap(divisionPrefix)
        }
        guard !prefixes.isEmpty else { return "0" }
        let ranges: [SQL] = prefixes.map { "(residence_code >= \($0) AND residence_code < \($0 + ":"))" }
        return "(\(SQL.joined(ranges, separator: " OR ")))"
    }

    /// `510104000000` → `510104`; nil for a code that is no division's. `:` follows `9` in byte order.
    static func divisionPrefix(_ code: String) -> String? {
        guard code.utf8.count == 12, code.utf8.allSatisfy({ $0 &- 0x30 < 10 }) else { return nil }
        for (zeros, kept) in [(8, 4), (6, 6), (3, 9)] where code.hasSuffix(String(repeating: "0", count: zeros)) {
            return String(code.prefix(kept))
        }
        return code
    }
}
