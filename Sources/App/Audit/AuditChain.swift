import Glibc
package import SQLite

/// The hash of an audit row covers the row and the hash before it, so that a changed, added or missing row in the middle
/// shows. That the newest rows are missing shows only to who kept a later hash: `AuditWitness` logs one each day.
package enum AuditChain {
    /// What the first row of an empty log follows.
    static let origin = [UInt8](repeating: 0, count: 32)

    /// A row's contents but for its hash.
    struct Link: RowDecodable {
        var id: Int64
        var at: Int64
        var account: Int64?
        var operation: String
        var subject: String
        var reason: String?
        var outcome: String
        var address: String
        var requestID: String

        func hash(after previous: [UInt8]) -> [UInt8] {
            let rest = AuditChain.bytes(
                account: account, operation: operation, subject: subject, reason: reason, outcome: outcome,
                address: address, requestID: requestID)
            return AuditChain.hash(after: previous, id: id, at: at, rest)
        }
    }

    /// The hash of a row in its place.
    /// - Parameter rest: the `bytes` of its other fields.
    static func hash(after previous: [UInt8], id: Int64, at: Int64, _ rest: [UInt8]) -> [UInt8] {
        var bytes = previous
        bytes.reserveCapacity(previous.count + rest.count + 48)
        append(id.description, to: &bytes)
        append(at.description, to: &bytes)
        bytes += rest
        return SHA256.hash(bytes)
    }

    /// What a row's hash covers of it besides its place, in the order that all hashes so far have.
    static func bytes(
        account: Int64?, operation: String, subject: String, reason: String?, outcome: String, address: String,
        requestID: String
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(192)
        for field in [account?.description, operation, subject, reason, outcome, address, requestID] {
            append(field, to: &bytes)
        }
        return bytes
    }

    /// With its length before it, for two rows must not come to the same bytes.
    private static func append(_ field: String?, to bytes: inout [UInt8]) {
        guard let field else { return bytes.append(UInt8(ascii: "-")) }
        bytes.append(contentsOf: field.utf8.count.description.utf8)
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: field.utf8)
    }

    private struct Row: RowDecodable {
        var link: Link
        var hash: [UInt8]

        init(row: borrowing SQLite.Row) throws {
            link = try Link(row: row)
            hash = try row[9]
        }
    }

    private static var columns: SQL {
        "id, at, account_id, operation, subject, reason, outcome, address, request_id, hash"
    }

    /// The newest row's hash, or what the first will follow.
    package static func newest(in db: Database) throws -> Head {
        try db.first("SELECT id, hash FROM audit_entry ORDER BY id DESC LIMIT 1")
            ?? db.first("SELECT entry_id, hash FROM audit_anchor") ?? Head(id: 0, hash: origin)
    }

    /// The hash of a row, or of the last one dropped; nil for any other that is not there.
    static func hash(of id: Int64, in db: Database) throws -> [UInt8]? {
        try db.value("SELECT hash FROM audit_entry WHERE id = \(id)")
            ?? db.value("SELECT hash FROM audit_anchor WHERE entry_id = \(id)")
    }

    /// Every place where the chain is broken, at most `limit`.
    package static func faults(in db: Database, limit: Int = 20) throws -> [String] {
        let anchor: [UInt8]? = try db.value("SELECT hash FROM audit_anchor")
        let last = try db.value("SELECT entry_id FROM audit_anchor", as: Int64.self) ?? 0
        var previous = anchor ?? origin
        var expected = last + 1
        var faults: [String] = []
        try db.forEach("SELECT \(columns) FROM audit_entry ORDER BY id") { row in
            let entry = try Row(row: row)
            if faults.count < limit {
                if entry.link.id != expected {
                    faults.append("audit entries \(expected) to \(entry.link.id - 1) are missing")
                }
                if entry.link.hash(after: previous) != entry.hash {
                    faults.append("audit entry \(entry.link.id) or the one before it was changed")
                }
            }
            previous = entry.hash
            expected = entry.link.id + 1
        }
        return faults
    }

    /// Hashes the rows of a log from before there was a chain.
    static func rehash(in db: Transaction) throws {
        var previous = origin
        var after: Int64 = 0
        while true {
            let links: [Link] = try db.all(
                "SELECT \(columns) FROM audit_entry WHERE id > \(after) ORDER BY id LIMIT 1000")
            guard let last = links.last else { return }
            for link in links {
                previous = link.hash(after: previous)
                try db.run("UPDATE audit_entry SET hash = \(previous) WHERE id = \(link.id)")
            }
            after = last.id
        }
    }

    /// Drops the oldest rows, remembering where the chain goes on.
    /// - Parameter before: UTC seconds; rows younger than 180 days stay whatever it says.
    /// - Returns: rows dropped, at most `limit`.
    package static func drop(before: Int64, limit: Int, in db: Transaction) throws -> Int {
        let bound = min(before, db.now - 180 * 86_400)
        let last = try db.value(
            """
            WITH oldest AS (SELECT id, at FROM audit_entry ORDER BY id LIMIT \(limit))
            SELECT max(id) FROM oldest
            WHERE id < coalesce((SELECT min(id) FROM oldest WHERE at > \(bound)), 9223372036854775807)
            """, as: Int64.self)
        guard let last else { return 0 }
        try db.run(
            """
            INSERT OR REPLACE INTO audit_anchor (id, entry_id, hash)
            SELECT 1, id, hash FROM audit_entry WHERE id = \(last)
            """)
        try AuditIndex.drop(upTo: last, in: db)
        return try db.run("DELETE FROM audit_entry WHERE id <= \(last)")
    }
}

extension AuditChain.Link {
    init(row: borrowing SQLite.Row) throws {
        id = try row[0]
        at = try row[1]
        account = try row[2]
        operation = try row[3]
        subject = try row[4]
        reason = try row[5]
        outcome = try row[6]
        address = try row[7]
        requestID = try row[8]
    }
}
