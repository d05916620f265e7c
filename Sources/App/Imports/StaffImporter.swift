import HTTP
package import SQLite

/// Members of staff from CSV, recognised by the name they sign in with: known ones stay as they are. First passwords go
/// to a file and nowhere else, and are on the disk before the accounts are.
package struct StaffImporter: Importer {
    package struct Entry: Sendable {
        var draft: StaffCredential.Draft
        /// nil for the whole city.
        var stationCode: String?
        var password: String
        var hash: String
    }

    /// Says in `stationCode` that a role covers the whole city: the widest right must not come of an empty field.
    package static let wholeCity = "*"
    package static let kind = ImportKind.staff
    package static let columns = [
        ImportColumn("staffName", "登录名", required: true, "2 to 40 letters, digits or . _ - @"),
        ImportColumn("name", "姓名", required: true, "the person's own name"),
        ImportColumn(
            "role", "角色", required: true, "such as stationManager, dispatcher, administrator, or one of the city's own"),
        ImportColumn(
            "stationCode", "阵地编码", required: true,
            "the station whose part of the tree the role covers; * for the whole city"
        ),
    ]

    private let passwords: PrivateFile?

    /// - Parameter passwords: nil in a dry run, where no password is made.
    package init(passwords: PrivateFile?) { self.passwords = passwords }

    package func read(_ row: ImportRow) throws -> Entry {
        var faults = Faults()
        let role = row.text("role")
        if role == nil { faults.add("/role", "不能为空", "is needed") }
        let station = row.text("stationCode")
        if station == nil { faults.add("/stationCode", "不能为空；全市填 *", "is needed: * for the whole city") }
        let draft = StaffCredential.Draft(
            staffName: row.text("staffName") ?? "", name: row.text("name") ?? "", role: RoleName(rawValue: role ?? ""),
            stationId: nil)
        draft.check(&faults)
        try faults.check()
        let password = passwords == nil ? "" : StaffCredential.firstPassword()
        guard let hash = passwords == nil ? PasswordHash.decoy : PasswordHash.make(password) else {
            throw ImportFailure.noMemory
        }
        return Entry(
            draft: draft, stationCode: station == Self.wholeCity ? nil : station, password: password, hash: hash)
    }

    package func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome {
        var draft = entry.draft
        if let code = entry.stationCode {
            guard let station = try Station.find(code: code, in: db) else {
                throw Problem.column("stationCode", "没有该编码的阵地", "names no station")
            }
            draft.stationId = station.id
        }
        if try ImportLookups.hasStaff(draft.staffName, in: db) { return .unchanged }
        _ = try StaffCredential.insert(draft, hash: entry.hash, grantedBy: nil, in: db)
        return .created
    }

    package func keep(_ created: [Entry]) throws {
        guard let passwords, !created.isEmpty else { return }
        let lines = created.map { "\($0.draft.staffName),\($0.password)\n" }.joined()
        guard passwords.append(lines) else { throw ImportFailure.passwordFile("the file for first passwords") }
    }
}
