package import SQLite

/// Every change of the schema in order. One that was released never changes again: a test holds its hash.
package enum Migrations {
    package static let all: [Migration] = [
        createAccounts,
        createStations,
        createVolunteers,
        createTeams,
        createActivities,
        createDemandTickets,
        createFeedback,
        createRights,
        createProfiles,
        extendVolunteers,
        createPartyUnits,
        createUnitBonds,
        createGrids,
        createImports,
        growTeams,
        createPrivacy,
        mergeAccounts,
        splitHotRows,
        narrowHotReads,
        appendWhatIsKept,
        coverAgendas,
        carryTimes,
        countUnknownNames,
        countByTheDay,
        listWhatIsOpen,
    ]

    /// Marks a file as wenming's: "wnmg".
    package static let migrator = Migrator(migrations: all, applicationID: 0x776E_6D67)
}
