package import SQLite

extension VolunteerParticulars: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(
            ethnicity: try row[0], politicalStatus: try row[1], education: try row[2], employment: try row[3],
            nationality: try row[4])
    }

    /// Empty for a volunteer who has said nothing.
    static func find(of volunteer: ID<Volunteer>, in db: Database) throws -> VolunteerParticulars {
        try db.first(
            """
            SELECT ethnicity, political_status, education, employment, nationality FROM volunteer_particulars
            WHERE volunteer_id = \(volunteer)
            """) ?? VolunteerParticulars()
    }

    /// Saying nothing any more leaves no row, nor one of a volunteer merged into this one.
    func save(of volunteer: ID<Volunteer>, in db: Transaction) throws {
        let volunteers = try Volunteer.everyRow(of: volunteer, in: db)
        try db.run("DELETE FROM volunteer_particulars WHERE volunteer_id IN \(volunteers)")
        if self == VolunteerParticulars() { return }
        try db.run(
            """
            INSERT INTO volunteer_particulars (volunteer_id, ethnicity, political_status, education, employment,
                nationality, updated_at)
            VALUES (\(volunteer), \(ethnicity), \(politicalStatus), \(education), \(employment), \(nationality),
                \(db.now))
            """)
    }
}
