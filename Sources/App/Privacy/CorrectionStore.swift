import HTTP
package import SQLite

extension CorrectionRequest: RowDecodable {
    private static var columns: SQL {
        """
        correction_request.id, correction_request.volunteer_id, correction_request.station_id, correction_request.field,
        correction_request.wished, correction_request.reason, correction_request.upload_id, correction_request.state,
        correction_request.due_at, correction_request.old_masked, correction_request.decided_at,
        correction_request.decision_reason, correction_request.created_at, correction_request.account_id
        """
    }

    package init(row: borrowing Row) throws {
        let field: Field = try row[3]
        let value: String = try row[4]
        let upload: ID<Upload>? = try row[6]
        self.init(
            id: try row[0], volunteerId: try row[1], stationId: try row[2], field: field,
            wished: field == .phone ? CorrectionRules.masked(value, field) : value, reason: try row[5],
            hasEvidence: upload != nil, state: try row[7], dueAt: try row[8], oldMasked: try row[9],
            decidedAt: try row[10], decisionReason: try row[11], createdAt: try row[12], accountId: try row[13],
            uploadId: upload, value: value)
    }

    /// - Throws: 404.
    static func find(_ id: ID<CorrectionRequest>, in db: Database) throws -> CorrectionRequest {
        let found: CorrectionRequest? = try db.first("SELECT \(columns) FROM correction_request WHERE id = \(id)")
        guard let found else { throw Problem(.notFound) }
        return found
    }

    /// - Throws: 409 when one is open for the field, 422 for a station or an upload that is not there.
    static func insert(
        _ draft: Draft, _ wish: CorrectionRules.Wish, of volunteer: ID<Volunteer>, by account: ID<Account>,
        in db: Transaction
    ) throws -> CorrectionRequest {
        _ = try Station.path(of: draft.stationId, pointer: "/stationId", in: db)
        if let upload = draft.uploadId { try Upload.useAsProof(upload, of: account, in: db) }
        do {
            try db.run(
                """
                INSERT INTO correction_request (account_id, volunteer_id, station_id, field, wished, reason, upload_id,
                    state, due_at, created_at)
                VALUES (\(account), \(volunteer), \(draft.stationId), \(draft.field), \(wish.value), \(draft.reason),
                    \(draft.uploadId), 'open', \(db.now + CorrectionRules.dueDays * Timestamp.secondsPerDay), \(db.now))
                """)
        } catch let error as SQLiteError where error.isUniqueViolation {
            throw Problem(.correctionOpen)
        }
        let id = ID<CorrectionRequest>(db.lastInsertedID)
        if let identity = wish.identity { try IdentityVault.keepWish(identity, for: id, in: db) }
        return try find(id, in: db)
    }

    /// Ends the request. What was wished stays only as far as lists may show it.
    func settle(
        _ state: State, old: String? = nil, reason: String? = nil, by account: ID<Account>, in db: Transaction
    ) throws -> CorrectionRequest {
        try IdentityVault.dropWish(id, in: db)
        try db.run(
            """
            UPDATE correction_request SET state = \(state), wished = \(CorrectionRules.masked(value, field)),
                old_masked = \(old), decision_reason = \(reason), decided_by = \(account), decided_at = \(db.now)
            WHERE id = \(id)
            """)
        return try Self.find(id, in: db)
    }

    /// Enters what was wished.
    /// - Returns: what stood there before, masked.
    /// - Throws: 409 when somebody else has the identity number meanwhile.
    func apply(_ services: Services, by account: ID<Account>, today: CivilDate, in db: Transaction) throws -> String {
        let volunteer = try Volunteer.find(volunteerId, in: db)
        let old: String
        let change: SQL
        switch field {
        case .name: (old, change) = (Masking.name(volunteer.name), "name = \(value)")
        case .sex: (old, change) = (volunteer.sex.rawValue, "sex = \(value)")
        case .birthDate: (old, change) = (volunteer.birthDate.description, "birth_date = \(value)")
        case .phone: (old, change) = (CorrectionRules.masked(volunteer.phone, .phone), "phone = \(value)")
        case .identityNumber:
            let wish = try IdentityVault.wish(id, in: db)
            guard let identity = IdentityNumber(kind: wish.kind, number: wish.number, today: today) else {
                throw Problem(.conflict, state: state.rawValue)
            }
            try IdentityVault.store(
                identity, hash: IdentityVault.hash(identity.number, services), of: volunteerId, in: db)
            old = volunteer.maskedIdentityNumber
            change =
                """
                sex = \(identity.sex ?? volunteer.sex),
                birth_date = \((identity.birthDate ?? volunteer.birthDate).description)
                """
        }
        try db.run(
            """
            UPDATE volunteer SET \(change), version = version + 1, updated_at = \(db.now) WHERE id = \(volunteerId)
            """)
        // What was verified was the old name or number.
        if field == .name || field == .identityNumber {
            try VolunteerVerification.lose(reason: "更正申请 \(id.rawValue)", of: volunteerId, by: account, in: db)
        }
        return old
    }

    enum Side {
        case owner(ID<Account>)
        /// Those handed to stations in these parts of the tree; nil is the whole city.
        case scope([ID<Station>]?)
    }

    /// Newest first.
    static func list(_ side: Side, state: State?, _ page: Page, in db: Database) throws -> [CorrectionRequest] {
        var conditions: [SQL] = []
        switch side {
        case .owner(let account): conditions.append("correction_request.account_id = \(account)")
        case .scope(let roots):
            if let roots { conditions.append(try Station.within(roots, "correction_request.station_id", in: db)) }
        }
        if let state { conditions.append("correction_request.state = \(state)") }
        if let after = page.after { conditions.append("correction_request.id < \(after.first)") }
        return try db.all(
            """
            SELECT \(columns) FROM correction_request \(.filter(conditions))
            ORDER BY correction_request.id DESC LIMIT \(page.limit + 1)
            """)
    }
}
