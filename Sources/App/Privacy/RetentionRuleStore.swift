package import SQLite

extension RetentionRule {
    private func cutoff(_ configuration: Configuration, _ now: Int64) -> Int64 { now - seconds(configuration) }

    /// The rows to go, at most `limit`.
    private func due(_ cutoff: Int64, limit: Int) -> SQL {
        if isAppended {
            return """
                SELECT \(raw: key) FROM
                    (SELECT \(raw: key), \(raw: column) AS moment FROM \(raw: table) ORDER BY \(raw: key) LIMIT \(limit))
                WHERE moment <= \(cutoff)
                """
        }
        let rest: SQL = also.map { "AND \(raw: $0)" } ?? ""
        return "SELECT \(raw: key) FROM \(raw: table) WHERE \(raw: column) <= \(cutoff) \(rest) LIMIT \(limit)"
    }

    /// What would go now.
    package func count(_ configuration: Configuration, now: Timestamp, limit: Int, in db: Database) throws -> Int {
        let due = due(cutoff(configuration, now.seconds), limit: limit)
        return try db.value("SELECT count(*) FROM (\(due))", as: Int.self) ?? 0
    }

    /// Drops at most `batch` rows; fewer mean that none are left.
    func drop(_ db: Transaction, _ configuration: Configuration) throws -> HousekeepingJob.Round {
        let cutoff = cutoff(configuration, db.now)
        if let run { return try run(db, cutoff, Self.batch) }
        let rows = try db.run(
            "DELETE FROM \(raw: table) WHERE (\(raw: key)) IN (\(due(cutoff, limit: Self.batch)))")
        return .init(rows, atMost: Self.batch)
    }
}

extension CorrectionRequest {
    /// Lets go of pictures of papers whose request is decided.
    static func dropEvidence(before cutoff: Int64, limit: Int, in db: Transaction) throws -> Int {
        let uploads = try db.values(
            """
            SELECT upload_id FROM correction_request
            WHERE decided_at <= \(cutoff) AND upload_id IS NOT NULL LIMIT \(limit)
            """, as: ID<Upload>.self)
        for upload in uploads {
            try db.run("UPDATE correction_request SET upload_id = NULL WHERE upload_id = \(upload)")
            try Upload.releaseProof(upload, in: db)
        }
        return uploads.count
    }
}
