package import SQLite

/// What importers need besides the file and the database.
package struct ImportMeans: Sendable {
    package var keyedHash: KeyedHash
    package var today: CivilDate
    package var teamLimits: TeamLimits
    /// Where first passwords of staff go; nil in a dry run.
    package var passwords: PrivateFile?

    package init(keyedHash: KeyedHash, today: CivilDate, teamLimits: TeamLimits, passwords: PrivateFile? = nil) {
        self.keyedHash = keyedHash
        self.today = today
        self.teamLimits = teamLimits
        self.passwords = passwords
    }
}

/// How an import is to go, whatever its kind.
package struct ImportOptions: Sendable {
    package var isNew = false
    /// See `ImportEngine.Options`.
    package var pauseShare = 0.0
    package var account: ID<Account>?

    package init() {}
}

/// What an import tells while it goes.
package enum ImportNews: Sendable {
    /// Before the first batch: where it begins, or that it was done before.
    case opened(ImportRecord)
    /// After each batch.
    case problems([ImportProblem])
}

extension ImportKind {
    package var columns: [ImportColumn] {
        switch self {
        case .stations: StationImporter.columns
        case .grids: GridImporter.columns
        case .gridPlaces: GridPlaceImporter.columns
        case .chatGroups: ChatGroupImporter.columns
        case .staff: StaffImporter.columns
        case .volunteers: VolunteerImporter.columns
        case .teams: TeamImporter.columns
        }
    }

    /// Imports a file of this kind, from where an earlier import of it ended.
    /// - Throws: `ImportFailure`, or what the database has against it.
    package func run(
        _ file: ImportFile, _ means: ImportMeans, _ options: ImportOptions, _ writer: Writer,
        tell: (ImportNews) throws -> Void
    ) throws -> ImportRecord {
        func run(_ importer: some Importer) throws -> ImportRecord {
            let engine = ImportEngine(importer, file, options: .init(options))
            let record = try engine.open(writer, by: options.account)
            try tell(.opened(record))
            return try engine.run(record, writer) { try tell(.problems($0.problems)) }
        }
        return try run(importer(means))
    }

    /// The record of a file of this kind, before anything is imported.
    /// - Throws: `ImportFailure` for a file that is none of this kind.
    package func open(
        _ file: ImportFile, _ means: ImportMeans, _ options: ImportOptions, _ writer: Writer
    ) throws -> ImportRecord {
        func open(_ importer: some Importer) throws -> ImportRecord {
            try ImportEngine(importer, file, options: .init(options)).open(writer, by: options.account)
        }
        return try open(importer(means))
    }

    private func importer(_ means: ImportMeans) -> any Importer {
        switch self {
        case .stations: StationImporter()
        case .grids: GridImporter()
        case .gridPlaces: GridPlaceImporter()
        case .chatGroups: ChatGroupImporter()
        case .staff: StaffImporter(passwords: means.passwords)
        case .volunteers: VolunteerImporter(keyedHash: means.keyedHash, today: means.today)
        case .teams: TeamImporter(limits: means.teamLimits)
        }
    }
}

extension ImportEngine.Options {
    fileprivate init(_ options: ImportOptions) {
        self.init()
        isNew = options.isNew
        pauseShare = options.pauseShare
    }
}
