import HTTP
package import SQLite

/// Teams from CSV, recognised by their station and name: known ones stay as they are.
package struct TeamImporter: Importer {
    package struct Entry: Sendable {
        var stationCode: String
        var name: String
        var leaderNumber: String
    }

    package static let kind = ImportKind.teams
    package static let columns = [
        ImportColumn("stationCode", "阵地编码", required: true, "the code of the team's station"),
        ImportColumn("name", "队伍名称", required: true, "2 to 60 characters"),
        ImportColumn("leaderNumber", "队长志愿者编号", required: true, "the leader's number as a volunteer, twelve digits"),
    ]

    private let limits: TeamLimits

    package init(limits: TeamLimits) { self.limits = limits }

    package func read(_ row: ImportRow) throws -> Entry {
        var faults = Faults()
        let name = row.text("name") ?? ""
        faults.text("/name", name, 2...60)
        try faults.check()
        return Entry(
            stationCode: row.text("stationCode") ?? "", name: name, leaderNumber: row.text("leaderNumber") ?? "")
    }

    package func write(_ entry: Entry, _ place: ImportPlace, in db: Transaction) throws -> ImportOutcome {
        guard let station = try Station.find(code: entry.stationCode, in: db) else {
            throw Problem.column("stationCode", "没有该编码的阵地", "names no station")
        }
        guard let leader = try ImportLookups.volunteer(number: entry.leaderNumber, in: db) else {
            throw Problem.column("leaderNumber", "没有该编号的志愿者", "names no volunteer")
        }
        if try ImportLookups.hasTeam(entry.name, at: station.id, in: db) { return .unchanged }
        // In the leader's name: on the command line nobody is signed in.
        _ = try Team.insert(
            Team.Draft(stationId: station.id, name: entry.name, leaderId: leader.id), under: nil, by: leader.account,
            limits, in: db)
        return .created
    }
}
