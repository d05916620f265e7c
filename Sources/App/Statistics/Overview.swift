import HTTP
package import SQLite
import Synchronization

/// The city's figures on one page (数据总览): in all and today, and the same for each district.
package struct Overview: Encodable, Sendable {
    package struct Figures: Encodable, Sendable, Equatable {
        package var volunteers: Int?
        package var activities = 0
        package var signUps = 0
        package var serviceMinutes = 0
        package var demandTickets = 0
        package var demandTicketsCompleted = 0
        package var feedback = 0
        package var feedbackAnswered = 0
    }

    package struct District: Encodable, Sendable {
        package var stationId: ID<Station>
        package var name: String
        package var stations: Int
        package var figures: Figures
        package var demandCompletionPercent: Double?
        package var feedbackAnswerPercent: Double?
    }

    package var asOf: Timestamp
    package var stations: Int
    package var total: Figures
    /// Each by the day of its own event: what was completed or answered today may have been asked for long ago.
    package var today: Figures
    /// Completed of all that were not cancelled; null while there are none.
    package var demandCompletionPercent: Double?
    package var feedbackAnswerPercent: Double?
    package var states: States
    package var districts: [District]

    /// How many there are in each state.
    package struct States: Encodable, Sendable {
        package var demandTickets: [String: Int]
        package var feedback: [String: Int]
        package var signUps: [String: Int]
    }

    /// Done of all in per cent with one decimal, half up; nil on an empty base, which is neither 0 nor 100.
    package static func percent(_ done: Int, of all: Int) -> Double? {
        guard all > 0 else { return nil }
        // In whole tenths first: 1912 of 2047 is 93.4 whatever the binary fraction.
        return Double((done * 2_000 + all) / (2 * all)) / 10
    }

    package static let routes: [Route] = [
        .work("/api/v1/statistics/overview", "getOverview", access: .anyone) { request in
            try .json(request.services.overview.get(request))
        }
    ]
}

/// The last overview, for everybody. Counting a year of service takes seconds, so it is done on a worker's thread and on
/// a connection of its own, by one caller at a time, for a twentieth of the time at the most; `asOf` says when.
package final class OverviewMemory: Sendable {
    private struct State {
        var last: Overview?
        var isCounting = false
        /// UTC seconds before which nobody counts anew.
        var nextAt: Int64 = .min
    }

    /// How many times as long as it took to count passes before the next count.
    private static let restFactor = 20
    private let state = Mutex(State())

    /// - Throws: 503 while the first is being counted for somebody else.
    func get(_ request: APIRequest) throws -> Overview {
        let now = request.now
        let known: Overview? = try state.withLock { state in
            if let last = state.last, state.isCounting || now.seconds < state.nextAt { return last }
            guard !state.isCounting else {
                request.services.metrics.countShed(by: .workers)
                throw Problem(.unavailable, retryAfter: 1)
            }
            state.isCounting = true
            return nil
        }
        return try known ?? count(request.services.configuration, now)
    }

    private func count(_ configuration: Configuration, _ now: Timestamp) throws -> Overview {
        let clock = ContinuousClock()
        let started = clock.now
        let fresh = Result {
            var options = configuration.readOptions
            options.queryLimitMilliseconds = nil
            let database = try Database(path: configuration.databasePath, options: options)
            return try database.snapshot { try Overview.measure(now: now, in: database) }
        }
        let rest = started.duration(to: clock.now) * Self.restFactor
        state.withLock { state in
            state.isCounting = false
            guard case .success(let overview) = fresh else { return }
            state.last = overview
            state.nextAt = now.seconds + max(Int64(configuration.overviewSeconds), rest.components.seconds)
        }
        return try fresh.get()
    }
}

extension Overview {
    package static func measure(now: Timestamp, in db: Database) throws -> Overview {
        var total = try figures(since: nil, in: db)
        let merged = try count("SELECT count(*) FROM volunteer WHERE merged_into IS NOT NULL", db)
        total.volunteers = try count("SELECT count(*) FROM volunteer", db) - merged
        var today = try figures(since: now.startOfDay, in: db)
        today.volunteers = try count(
            "SELECT count(*) FROM volunteer WHERE created_at >= \(now.startOfDay) AND merged_into IS NULL", db)
        let states = States(
            demandTickets: try states("SELECT state, count(*) FROM demand_ticket GROUP BY state", db),
            feedback: try states("SELECT state, count(*) FROM feedback GROUP BY state", db),
            signUps: try states("SELECT state, count(*) FROM sign_up GROUP BY state", db))
        let base = total.demandTickets - (states.demandTickets["cancelled"] ?? 0)
        return Overview(
            asOf: now, stations: try count("SELECT count(*) FROM station", db), total: total, today: today,
            demandCompletionPercent: percent(total.demandTicketsCompleted, of: base),
            feedbackAnswerPercent: percent(total.feedbackAnswered, of: total.feedback), states: states,
            districts: try districts(in: db))
    }

    private static func count(_ sql: SQL, _ db: Database) throws -> Int { try db.value(sql, as: Int.self) ?? 0 }

    private static func states(_ sql: SQL, _ db: Database) throws -> [String: Int] {
        var states: [String: Int] = [:]
        try db.forEach(sql) { row in states[try row[0]] = try row[1] }
        return states
    }

    private static func figures(since start: Timestamp?, in db: Database) throws -> Figures {
        let since = start ?? Timestamp(seconds: 0)
        var figures = Figures()
        figures.activities = try count("SELECT count(*) FROM activity WHERE created_at >= \(since)", db)
        figures.signUps = try count(
            start == nil
                ? "SELECT sum(taken) FROM activity_places"
                : """
                SELECT count(*) FROM sign_up WHERE state <> 'cancelled' AND created_at >= \(since)
                    AND id > (SELECT coalesce(max(id), 0) - 1000000 FROM sign_up)
                """, db)
        figures.serviceMinutes = try count("SELECT sum(minutes) FROM service_record WHERE recorded_at >= \(since)", db)
        figures.demandTickets = try count("SELECT count(*) FROM demand_ticket WHERE created_at >= \(since)", db)
        figures.demandTicketsCompleted = try count(
            start == nil
                ? "SELECT count(*) FROM demand_ticket WHERE state IN ('completed', 'rated')"
                : "SELECT count(*) FROM demand_ticket_move WHERE to_state = 'completed' AND at >= \(since)", db)
        figures.feedback = try count("SELECT count(*) FROM feedback WHERE created_at >= \(since)", db)
        figures.feedbackAnswered = try count(
            start == nil
                ? "SELECT count(*) FROM feedback WHERE state IN ('answered', 'rated', 'refused')"
                : """
                SELECT count(*) FROM feedback_move WHERE to_state IN ('answered', 'refused')
                    AND from_state IN ('submitted', 'accepted') AND at >= \(since)
                """, db)
        return figures
    }

    /// One pass over each table, grouped by the district of its station.
    private static func districts(in db: Database) throws -> [District] {
        var figures: [Int64: Figures] = [:]
        func add(_ sql: SQL, _ put: (inout Figures, Int, Int) -> Void) throws {
            try db.forEach(sql) { row in
                put(&figures[try row[0], default: Figures()], try row[1], try row[2])
            }
        }
        try add(
            """
            SELECT station.district_id, count(*), sum(places.taken) FROM activity
            JOIN activity_places AS places ON places.activity_id = activity.id
            JOIN station ON station.id = activity.station_id WHERE station.district_id IS NOT NULL
            GROUP BY station.district_id
            """
        ) { ($0.activities, $0.signUps) = ($1, $2) }
        try add(
            """
            SELECT station.district_id, sum(service_record.minutes), count(*) FROM service_record
            JOIN sign_up ON sign_up.id = service_record.sign_up_id JOIN activity ON activity.id = sign_up.activity_id
            JOIN station ON station.id = activity.station_id WHERE station.district_id IS NOT NULL
            GROUP BY station.district_id
            """
        ) { figures, minutes, _ in figures.serviceMinutes = minutes }
        var bases: [Int64: Int] = [:]
        try db.forEach(
            """
            SELECT station.district_id, count(*), sum(demand_ticket.state IN ('completed', 'rated')),
                sum(demand_ticket.state <> 'cancelled') FROM demand_ticket
            JOIN station ON station.id = demand_ticket.station_id WHERE station.district_id IS NOT NULL
            GROUP BY station.district_id
            """
        ) { row in
            let district: Int64 = try row[0]
            figures[district, default: Figures()].demandTickets = try row[1]
            figures[district, default: Figures()].demandTicketsCompleted = try row[2]
            bases[district] = try row[3]
        }
        try add(
            """
            SELECT station.district_id, count(*), sum(feedback.state IN ('answered', 'rated', 'refused')) FROM feedback
            JOIN station ON station.id = feedback.station_id WHERE station.district_id IS NOT NULL
            GROUP BY station.district_id
            """
        ) { ($0.feedback, $0.feedbackAnswered) = ($1, $2) }
        var districts: [District] = []
        try db.forEach(
            """
            SELECT district.id, district.name, (SELECT count(*) FROM station WHERE district_id = district.id)
            FROM station AS district WHERE district.id = district.district_id ORDER BY district.id
            """
        ) { row in
            let id: Int64 = try row[0]
            let own = figures[id] ?? Figures()
            districts.append(
                District(
                    stationId: ID(id), name: try row[1], stations: try row[2], figures: own,
                    demandCompletionPercent: percent(own.demandTicketsCompleted, of: bases[id] ?? 0),
                    feedbackAnswerPercent: percent(own.feedbackAnswered, of: own.feedback)))
        }
        return districts
    }
}
