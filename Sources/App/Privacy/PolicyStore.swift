import HTTP
package import SQLite

extension Policy: RowDecodable {
    private static var columns: SQL {
        "id, kind, version, effective_at, title_zh, text_zh, title_en, text_en, published_at"
    }

    package init(row: borrowing Row) throws {
        let title: String = try row[4]
        let text: String = try row[5]
        let titleEn: String? = try row[6]
        let textEn: String? = try row[7]
        self.init(
            id: try row[0], kind: try row[1], version: try row[2], effectiveAt: try row[3],
            title: Wording(zh: title, en: titleEn ?? title), text: Wording(zh: text, en: textEn ?? text),
            isTranslated: textEn != nil, purposes: [], publishedAt: try row[8])
    }

    private func withPurposes(in db: Database) throws -> Policy {
        var policy = self
        policy.purposes = try db.all(
            "SELECT code, label_zh, label_en, is_required FROM policy_purpose WHERE policy_id = \(id) ORDER BY place")
        return policy
    }

    /// The version in force; nil while the city has published none.
    static func current(_ kind: Kind, now: Timestamp, in db: Database) throws -> Policy? {
        let policy: Policy? = try db.first(
            """
            SELECT \(columns) FROM policy WHERE kind = \(kind) AND effective_at <= \(now) ORDER BY version DESC LIMIT 1
            """)
        return try policy?.withPurposes(in: db)
    }

    static func find(_ kind: Kind, version: Int, in db: Database) throws -> Policy? {
        let policy: Policy? = try db.first(
            "SELECT \(columns) FROM policy WHERE kind = \(kind) AND version = \(version)")
        return try policy?.withPurposes(in: db)
    }

    /// The versions in force and those announced.
    static func list(now: Timestamp, _ language: Language, in db: Database) throws -> [Listed] {
        var listed: [Listed] = []
        for kind in Kind.allCases {
            let policies: [Policy] = try db.all(
                """
                SELECT \(columns) FROM policy WHERE kind = \(kind) AND version >= coalesce(
                    (SELECT max(version) FROM policy WHERE kind = \(kind) AND effective_at <= \(now)), 0)
                ORDER BY version LIMIT \(Page.limits.upperBound)
                """)
            listed += policies.map { policy in
                Listed(
                    kind: kind, version: policy.version, effectiveAt: policy.effectiveAt,
                    title: policy.title[policy.isTranslated ? language : .zh], isCurrent: policy.effectiveAt <= now)
            }
        }
        return listed
    }

    /// - Throws: 422 unless the version comes into force after all before it, and not in the past.
    static func insert(_ draft: Draft, _ kind: Kind, by account: ID<Account>, in db: Transaction) throws -> Policy {
        let now = Timestamp(seconds: db.now)
        let effectiveAt = draft.effectiveAt ?? now
        let latest: Policy? = try db.first(
            "SELECT \(columns) FROM policy WHERE kind = \(kind) ORDER BY version DESC LIMIT 1")
        try PolicyRules.check(effectiveAt, after: latest?.effectiveAt, now: now)
        let version = (latest?.version ?? 0) + 1
        try db.run(
            """
            INSERT INTO policy (kind, version, effective_at, title_zh, text_zh, title_en, text_en, published_by,
                published_at)
            VALUES (\(kind), \(version), \(effectiveAt), \(draft.titleZh), \(draft.textZh), \(draft.titleEn),
                \(draft.textEn), \(account), \(db.now))
            """)
        let id = ID<Policy>(db.lastInsertedID)
        for (place, purpose) in draft.purposes.enumerated() {
            try db.run(
                """
                INSERT INTO policy_purpose (policy_id, place, code, label_zh, label_en, is_required)
                VALUES (\(id), \(place), \(purpose.code), \(purpose.labelZh), \(purpose.labelEn), \(purpose.isRequired))
                """)
        }
        let made: Policy = try db.one("SELECT \(columns) FROM policy WHERE id = \(id)")
        return try made.withPurposes(in: db)
    }
}

extension Policy.Purpose: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(code: try row[0], labelZh: try row[1], labelEn: try row[2], isRequired: try row[3])
    }
}
