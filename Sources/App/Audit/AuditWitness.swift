package import SQLite

/// Writes the audit log's newest hash where whoever could shorten the database does not reach: into the server's log,
/// once at the start and once on each day in Shanghai. `wenming check --audit ID:HASH` holds the database against it.
package struct AuditWitness: Sendable {
    private var lastDay: CivilDate?

    package init() {}

    /// What `newest` reads when it is time for a line; nil on a day that has its line already.
    package mutating func statement(
        at now: Timestamp, newest: () throws -> AuditChain.Head
    ) rethrows -> AuditChain.Head? {
        guard lastDay != now.day else { return nil }
        let head = try newest()
        lastDay = now.day
        return head
    }
}

extension AuditChain {
    /// A row and the hash that covers it and all before it. Written `ID:HASH`, the hash as 64 hexadecimal digits.
    package struct Head: Sendable, Equatable, CustomStringConvertible, RowDecodable {
        package var id: Int64
        package var hash: [UInt8]

        package init(id: Int64, hash: [UInt8]) {
            self.id = id
            self.hash = hash
        }

        package init(row: borrowing SQLite.Row) throws { self.init(id: try row[0], hash: try row[1]) }

        /// nil unless it is written so.
        package init?(text: String) {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 2, let id = Int64(parts[0]), id >= 0 else { return nil }
            let digits = parts[1].utf8.map { Character(Unicode.Scalar($0)).hexDigitValue }
            guard digits.count == 64 else { return nil }
            var hash: [UInt8] = []
            for place in stride(from: 0, to: 64, by: 2) {
                guard let high = digits[place], let low = digits[place + 1] else { return nil }
                hash.append(UInt8(high << 4 | low))
            }
            self.init(id: id, hash: hash)
        }

        package var hexadecimal: String {
            hash.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        }

        package var description: String { "\(id):\(hexadecimal)" }
    }

    /// What speaks against a row once having been the newest with this hash; nil when it stands there unchanged.
    package static func contradiction(to witnessed: Head, in db: Database) throws -> String? {
        guard witnessed != Head(id: 0, hash: origin) else { return nil }
        if let hash = try hash(of: witnessed.id, in: db) {
            return hash == witnessed.hash
                ? nil : "audit entry \(witnessed.id) has another hash than the log: the entries were rewritten"
        }
        let newest = try newest(in: db)
        guard witnessed.id < newest.id else {
            return "audit entries \(newest.id + 1) to \(witnessed.id) are missing: the newest were cut off"
        }
        return "audit entry \(witnessed.id) was dropped after its time: compare with a later line of the log"
    }
}
