import HTTP
package import SQLite

extension StarAward: RowDecodable {
    private static var columns: SQL {
        """
        id, volunteer_id, station_id, level, minutes, threshold_minutes, manner, awarded_by, awarded_at, revoked_at,
        revocation_reason
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], stationId: try row[2], level: try row[3], minutes: try row[4],
            thresholdMinutes: try row[5], manner: try row[6], awardedBy: try row[7], awardedAt: try row[8],
            revokedAt: try row[9], revocationReason: try row[10])
    }

    /// - Throws: 404.
    static func find(_ id: ID<StarAward>, in db: Database) throws -> StarAward {
        guard let award: StarAward = try db.first("SELECT \(columns) FROM star_award WHERE id = \(id)") else {
            throw Problem(.notFound)
        }
        return award
    }

    /// 0 without a star.
    static func level(of volunteer: ID<Volunteer>, in db: Database) throws -> Int {
        try db.value(
            """
            SELECT max(level) FROM star_award
            WHERE volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db)) AND revoked_at IS NULL
            """, as: Int.self) ?? 0
    }

    static func standing(
        of volunteer: ID<Volunteer>, _ configuration: Configuration, in db: Database
    ) throws -> Standing {
        let level = try level(of: volunteer, in: db)
        let thresholds = configuration.starMinutes
        let volunteers = try Volunteer.everyRow(of: volunteer, in: db)
        return Standing(
            level: level, minutes: try ServiceRecord.minutes(of: volunteer, in: db),
            nextThresholdMinutes: thresholds.indices.contains(level) ? thresholds[level] : nil,
            manner: configuration.starAwards,
            awards: try db.all(
                "SELECT \(columns) FROM star_award WHERE volunteer_id IN \(volunteers) ORDER BY id DESC LIMIT 100"))
    }

    /// Gives what newly confirmed minutes have earned, where stars come by themselves, to the volunteer a row was merged
    /// into where it was. Belongs into the transaction of the confirmation: a few look-ups in indexes.
    static func award(
        _ volunteer: ID<Volunteer>, at station: ID<Station>, _ request: APIRequest, in db: Transaction
    ) throws {
        let configuration = request.services.configuration
        guard configuration.starAwards == .automatic else { return }
        let volunteer = try Volunteer.kept(volunteer, in: db)
        let level = try level(of: volunteer, in: db)
        guard level < configuration.starMinutes.count else { return }
        let minutes = try ServiceRecord.minutes(of: volunteer, in: db)
        for level in earned(beyond: level, minutes: minutes, thresholds: configuration.starMinutes) {
            try insert(
                level, to: volunteer, at: station, minutes: minutes, threshold: configuration.starMinutes[level - 1],
                .automatic, by: request.account(), in: db)
        }
    }

    /// The same for a volunteer whose minutes are read together with another's from now on, at the station where minutes
    /// were confirmed last.
    static func award(_ volunteer: ID<Volunteer>, _ request: APIRequest, in db: Transaction) throws {
        guard request.services.configuration.starAwards == .automatic else { return }
        if let station = try lastConfirmed(of: volunteer, in: db) {
            try award(volunteer, at: station, request, in: db)
        }
    }

    /// The same after a correction, which may also take away.
    static func settle(
        _ volunteer: ID<Volunteer>, at station: ID<Station>, _ request: APIRequest, in db: Transaction
    ) throws {
        guard request.services.configuration.starAwards == .automatic else { return }
        let volunteer = try Volunteer.kept(volunteer, in: db)
        try revokeUnearned(of: volunteer, reason: "服务记录更正后时长不足", request, in: db)
        try award(volunteer, at: station, request, in: db)
    }

    /// The same for a volunteer whose minutes are no longer read together with another's.
    static func settleAlone(
        _ volunteer: ID<Volunteer>, reason: String, _ request: APIRequest, in db: Transaction
    ) throws {
        guard request.services.configuration.starAwards == .automatic else { return }
        try revokeUnearned(of: volunteer, reason: reason, request, in: db)
        try award(volunteer, request, in: db)
    }

    /// The station where minutes of the volunteer were confirmed last.
    private static func lastConfirmed(of volunteer: ID<Volunteer>, in db: Database) throws -> ID<Station>? {
        try db.value(
            """
            SELECT activity.station_id FROM service_record JOIN sign_up ON sign_up.id = service_record.sign_up_id
                JOIN activity ON activity.id = sign_up.activity_id
            WHERE service_record.volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db))
            ORDER BY service_record.id DESC LIMIT 1
            """)
    }

    private static func revokeUnearned(
        of volunteer: ID<Volunteer>, reason: String, _ request: APIRequest, in db: Transaction
    ) throws {
        let minutes = try ServiceRecord.minutes(of: volunteer, in: db)
        let lowest = try db.value(
            """
            SELECT min(level) FROM star_award
            WHERE volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db)) AND revoked_at IS NULL
                AND threshold_minutes > \(minutes)
            """, as: Int.self)
        guard let lowest else { return }
        try revoke(from: lowest, of: volunteer, reason: reason, by: request.account(), in: db)
    }

    /// A star falls with all above it, so that they stay in order.
    static func revoke(
        from level: Int, of volunteer: ID<Volunteer>, reason: String, by account: ID<Account>, in db: Transaction
    ) throws {
        try db.run(
            """
            UPDATE star_award SET revoked_by = \(account), revoked_at = \(db.now), revocation_reason = \(reason)
            WHERE volunteer_id IN \(try Volunteer.everyRow(of: volunteer, in: db)) AND level >= \(level)
                AND revoked_at IS NULL
            """)
    }

    static func insert(
        _ level: Int, to volunteer: ID<Volunteer>, at station: ID<Station>, minutes: Int, threshold: Int,
        _ manner: Manner, by account: ID<Account>, in db: Transaction
    ) throws {
        try db.run(
            """
            INSERT INTO star_award (volunteer_id, station_id, level, minutes, threshold_minutes, manner, awarded_by,
                awarded_at)
            VALUES (\(volunteer), \(station), \(level), \(minutes), \(threshold), \(manner), \(account), \(db.now))
            """)
    }
}
