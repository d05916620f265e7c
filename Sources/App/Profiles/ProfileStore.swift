import HTTP
package import SQLite

extension Profile: RowDecodable {
    package init(row: borrowing Row) throws {
        let name: String? = try row[1]
        let relation: Contact.Relation? = try row[2]
        let phone: String? = try row[3]
        var contact: Contact?
        if let name, let relation, let phone { contact = Contact(name: name, relation: relation, phone: phone) }
        self.init(
            languages: SpokenLanguage.list(try row[0]), availability: [], emergencyContact: contact, practice: nil,
            version: try row[4])
    }

    static func find(_ volunteer: ID<Volunteer>, in db: Database) throws -> Profile {
        let found: Profile? = try db.first(
            """
            SELECT languages, contact_name, contact_relation, contact_phone, version FROM volunteer_profile
            WHERE volunteer_id = \(volunteer)
            """)
        var profile =
            found ?? Profile(languages: [], availability: [], emergencyContact: nil, practice: nil, version: 0)
        profile.availability = try slots(of: volunteer, in: db)
        profile.practice = try PracticeVolunteer.find(volunteer, in: db)
        return profile
    }

    static func slots(of volunteer: ID<Volunteer>, in db: Database) throws -> [Slot] {
        try db.all(
            """
            SELECT weekday, from_minute, to_minute FROM availability WHERE volunteer_id = \(volunteer)
            ORDER BY weekday, from_minute
            """)
    }

    static func update(_ edit: Edit, of volunteer: ID<Volunteer>, in db: Transaction) throws -> Profile {
        let contact = edit.emergencyContact
        try db.run(
            """
            INSERT INTO volunteer_profile (volunteer_id, languages, contact_name, contact_relation, contact_phone,
                created_at, updated_at)
            VALUES (\(volunteer), \(SpokenLanguage.text(edit.languages)), \(contact?.name), \(contact?.relation),
                \(contact.flatMap { PhoneNumber($0.phone) }), \(db.now), \(db.now))
            ON CONFLICT (volunteer_id) DO UPDATE SET languages = excluded.languages,
                contact_name = excluded.contact_name, contact_relation = excluded.contact_relation,
                contact_phone = excluded.contact_phone, version = volunteer_profile.version + 1,
                updated_at = excluded.updated_at
            """)
        try db.run("DELETE FROM availability WHERE volunteer_id = \(volunteer)")
        for slot in edit.availability {
            try db.run(
                """
                INSERT INTO availability (volunteer_id, weekday, from_minute, to_minute)
                VALUES (\(volunteer), \(slot.weekday), \(slot.fromMinute), \(slot.toMinute))
                """)
        }
        return try find(volunteer, in: db)
    }
}

extension Profile.Slot: RowDecodable {
    package init(row: borrowing Row) throws {
        self.init(weekday: try row[0], fromMinute: try row[1], toMinute: try row[2])
    }
}

extension PracticeVolunteer: RowDecodable {
    package init(row: borrowing Row) throws { self.init(stationId: try row[0], since: try row[1]) }

    static func find(_ volunteer: ID<Volunteer>, in db: Database) throws -> PracticeVolunteer? {
        try db.first(
            """
            SELECT station_id, marked_at FROM practice_volunteer
            WHERE volunteer_id = \(volunteer) AND ended_at IS NULL
            """)
    }

    static func insert(
        _ volunteer: ID<Volunteer>, at station: ID<Station>, reason: String, by account: ID<Account>,
        in db: Transaction
    ) throws {
        try db.run(
            """
            INSERT INTO practice_volunteer (volunteer_id, station_id, reason, marked_by, marked_at)
            VALUES (\(volunteer), \(station), \(reason), \(account), \(db.now))
            """)
    }

    static func end(_ volunteer: ID<Volunteer>, reason: String, by account: ID<Account>, in db: Transaction) throws {
        try db.run(
            """
            UPDATE practice_volunteer SET ended_by = \(account), ended_at = \(db.now), end_reason = \(reason)
            WHERE volunteer_id = \(volunteer) AND ended_at IS NULL
            """)
    }
}

extension CivilDate {
    /// A day as the tables hold it.
    init(stored text: String) throws {
        guard let day = CivilDate(text) else { throw Problem(.internalError) }
        self = day
    }
}

extension VolunteerProfile {
    init(of volunteer: ID<Volunteer>, today: CivilDate, in db: Database) throws {
        self.init(
            volunteerId: volunteer, profile: try Profile.find(volunteer, in: db).masked,
            honours: try Honours.find(volunteer, today: today, in: db).masked)
    }
}
