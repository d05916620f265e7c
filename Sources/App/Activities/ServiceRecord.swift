import HTTP
package import SQLite

/// Confirmed service of one volunteer (志愿服务记录), with the seven items of 民政部令67 art. 7. The ledger is append-only:
/// a correction is a row of its own that refers to the first, and the sum counts.
package struct ServiceRecord: Encodable, Sendable {
    package enum Evidence: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        /// The minutes lie within check-in and check-out.
        case checkedInAndOut
        /// Somebody answers for them by name and reason.
        case byHand
    }

    package var id: ID<ServiceRecord>
    package var volunteerId: ID<Volunteer>
    package var signUpId: ID<SignUp>
    package var correctsId: ID<ServiceRecord>?
    package var activityName: String
    package var date: String
    package var place: String
    package var content: String
    /// What this row adds; below zero in a correction downwards.
    package var minutes: Int
    package var organiser: String
    package var personInCharge: String
    package var evidence: Evidence
    package var reason: String?
    package var recordedAt: Timestamp

    private static let minutesOfDay = 1_440

    package struct Correction: RequestBody {
        /// What the record should say in all.
        package var minutes: Int
        package var reason: String

        package func check(_ faults: inout Faults) {
            faults.number("/minutes", minutes, 0...1_440)
            faults.text("/reason", reason, 2...200)
        }
    }

    package struct Total: Encodable, Sendable {
        package var minutes: Int
        package var items: [ServiceRecord]
        package var next: String?
    }
}

extension ServiceRecord: RowDecodable {
    private static var columns: SQL {
        """
        id, volunteer_id, sign_up_id, corrects_id, activity_name, date, place, content, minutes, organiser,
        person_in_charge, evidence, reason, recorded_at
        """
    }

    package init(row: borrowing Row) throws {
        self.init(
            id: try row[0], volunteerId: try row[1], signUpId: try row[2], correctsId: try row[3],
            activityName: try row[4], date: try row[5], place: try row[6], content: try row[7], minutes: try row[8],
            organiser: try row[9], personInCharge: try row[10], evidence: try row[11], reason: try row[12],
            recordedAt: try row[13])
    }

    static func find(_ id: ID<ServiceRecord>, in db: Database) throws -> ServiceRecord {
        guard let record: ServiceRecord = try db.first("SELECT \(columns) FROM service_record WHERE id = \(id)") else {
            throw Problem(.notFound)
        }
        return record
    }

    static func first(of signUp: ID<SignUp>, in db: Database) throws -> ServiceRecord {
        try db.one("SELECT \(columns) FROM service_record WHERE sign_up_id = \(signUp) AND corrects_id IS NULL")
    }

    static func insert(
        _ signUp: SignUp, _ activity: Activity, _ confirmation: SignUp.Confirmation, _ evidence: Evidence,
        by account: ID<Account>, in db: Transaction
    ) throws -> ServiceRecord {
        // An activity may last for weeks. Whoever comes before the start comes for it.
        let day = max(signUp.checkedInAt ?? activity.startsAt, activity.startsAt).day
        try checkDay(confirmation.minutes, of: signUp.volunteerId, on: day.description, in: db)
        let organiser = try Station.find(activity.stationId, in: db).name
        try db.run(
            """
            INSERT INTO service_record (volunteer_id, sign_up_id, activity_name, date, place, content, minutes,
                organiser, person_in_charge, evidence, reason, recorded_by, recorded_at)
            VALUES (\(signUp.volunteerId), \(signUp.id), \(activity.title), \(day.description),
                \(activity.address), \(activity.summary), \(confirmation.minutes), \(organiser),
                \(activity.personInCharge), \(evidence), \(confirmation.reason), \(account), \(db.now))
            """)
        return try find(ID(db.lastInsertedID), in: db)
    }

    /// Adds the difference between what the record says with all its corrections and what it should say.
    func correct(_ correction: Correction, by account: ID<Account>, in db: Transaction) throws -> ServiceRecord {
        let present =
            try db.value(
                "SELECT sum(minutes) FROM service_record WHERE id = \(id) OR corrects_id = \(id)", as: Int.self) ?? 0
        guard correction.minutes != present else {
            throw Problem(.conflict, detail: Wording(zh: "与现有时长相同", en: "The record says so already"))
        }
        try Self.checkDay(correction.minutes - present, of: volunteerId, on: date, in: db)
        try db.run(
            """
            INSERT INTO service_record (volunteer_id, sign_up_id, corrects_id, activity_name, date, place, content,
                minutes, organiser, person_in_charge, evidence, reason, recorded_by, recorded_at)
            VALUES (\(volunteerId), \(signUpId), \(id), \(activityName), \(date), \(place), \(content),
                \(correction.minutes - present), \(organiser), \(personInCharge), 'byHand', \(correction.reason),
                \(account), \(db.now))
            """)
        return try Self.find(ID(db.lastInsertedID), in: db)
    }

    /// - Throws: 422 when the volunteer would have given more than a day has.
    private static func checkDay(
        _ minutes: Int, of volunteer: ID<Volunteer>, on date: String, in db: Database
    ) throws {
        let volunteers = try Volunteer.everyRow(of: volunteer, in: db)
        let given =
            try db.value(
                "SELECT sum(minutes) FROM service_record WHERE volunteer_id IN \(volunteers) AND date = \(date)",
                as: Int.self) ?? 0
        guard given + minutes <= minutesOfDay || minutes <= 0 else {
            throw Problem(
                .invalid,
                faults: [
                    .init(
                        "/minutes",
                        Wording(
                            zh: "该志愿者当日已有 \(given) 分钟，合计不能超过 24 小时",
                            en: "would make more than 24 hours of that day, with \(given) minutes recorded already"))
                ])
        }
    }

    static func list(of volunteer: ID<Volunteer>, _ page: Page, in db: Database) throws -> [ServiceRecord] {
        let before = page.after?.first ?? .max
        let volunteers = try Volunteer.everyRow(of: volunteer, in: db)
        return try db.all(
            """
            SELECT \(columns) FROM service_record WHERE volunteer_id IN \(volunteers) AND id < \(before)
            ORDER BY id DESC LIMIT \(page.limit + 1)
            """)
    }

    static func minutes(of volunteer: ID<Volunteer>, in db: Database) throws -> Int {
        let volunteers = try Volunteer.everyRow(of: volunteer, in: db)
        return try db.value("SELECT sum(minutes) FROM service_record WHERE volunteer_id IN \(volunteers)", as: Int.self)
            ?? 0
    }
}

extension ServiceRecord {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/service-records", "listMyServiceRecords", access: .volunteer, query: Page.parameters) {
            request, db in
            try answer(request, of: request.volunteer(), in: db)
        },
        .read(
            .get, "/api/v1/volunteers/{id}/service-records", "listServiceRecords", access: .staff(.readVolunteers),
            query: Page.parameters
        ) { request, db in
            try answer(request, of: Volunteer.reached(request, .readVolunteers, in: db).id, in: db)
        },
        .write(
            .post, "/api/v1/service-records/{id}/corrections", "correctServiceRecord", access: .staff(.confirmService),
            body: Correction.self
        ) { request, body, db in
            let record = try find(request.id(), in: db)
            guard record.correctsId == nil else {
                throw Problem(
                    .conflict, detail: Wording(zh: "请更正原记录", en: "Correct the first record, not a correction"))
            }
            let signUp = try SignUp.find(record.signUpId, in: db)
            let activity = try Activity.find(signUp.activityId, in: db)
            try request.require(.confirmService, at: Station.find(activity.stationId, in: db).treePath)
            try request.refuseOwn(record.volunteerId, in: db)
            let correction = try record.correct(body, by: request.account(), in: db)
            try StarAward.settle(record.volunteerId, at: activity.stationId, request, in: db)
            return .json(correction, status: .created)
        },
    ]

    static func answer(_ request: APIRequest, of volunteer: ID<Volunteer>, in db: Database) throws -> Response {
        let page = try Page(request)
        let rows = try list(of: volunteer, page, in: db)
        let items = Array(rows.prefix(page.limit))
        let next = rows.count > page.limit ? items.last.map { page.text(of: Cursor($0.id.rawValue)) } : nil
        var response = Response.json(Total(minutes: try minutes(of: volunteer, in: db), items: items, next: next))
        if let next { response.set(.link, page.link(request, next)) }
        return response
    }
}
