import SQLite

extension Migrations {
    static let createDemandTickets = Migration(
        number: 6, name: "create demand tickets",
        statements: """
            CREATE TABLE demand_ticket (
                id INTEGER PRIMARY KEY,
                requester_id INTEGER NOT NULL REFERENCES account,
                station_id INTEGER NOT NULL REFERENCES station,
                title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND 60),
                detail TEXT NOT NULL CHECK (length(detail) BETWEEN 1 AND 2000),
                category TEXT NOT NULL CHECK (length(category) = 2),
                address TEXT NOT NULL CHECK (length(address) BETWEEN 1 AND 120),
                contact_phone TEXT NOT NULL CHECK (contact_phone GLOB '+[1-9]*'),
                wished_at INTEGER,
                state TEXT NOT NULL CHECK (state IN
                    ('ordered', 'dispatched', 'accepted', 'completed', 'rated', 'refused', 'cancelled')),
                team_id INTEGER REFERENCES team,
                volunteer_id INTEGER REFERENCES volunteer,
                report TEXT CHECK (length(report) BETWEEN 1 AND 2000),
                service_minutes INTEGER CHECK (service_minutes BETWEEN 1 AND 14400),
                stars INTEGER CHECK (stars BETWEEN 1 AND 5),
                comment TEXT CHECK (length(comment) <= 500),
                version INTEGER NOT NULL DEFAULT 1,
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                CHECK (team_id IS NULL OR volunteer_id IS NULL),
                CHECK ((state IN ('dispatched', 'accepted', 'completed', 'rated')) =
                    (team_id IS NOT NULL OR volunteer_id IS NOT NULL)),
                CHECK ((state IN ('completed', 'rated')) = (report IS NOT NULL)),
                CHECK ((state = 'rated') = (stars IS NOT NULL))
            ) STRICT;
            CREATE INDEX demand_ticket_requester ON demand_ticket (requester_id, id);
            CREATE INDEX demand_ticket_station ON demand_ticket (station_id, state, id);
            CREATE INDEX demand_ticket_state ON demand_ticket (state, id);
            CREATE INDEX demand_ticket_team ON demand_ticket (team_id, id) WHERE team_id IS NOT NULL;
            CREATE INDEX demand_ticket_volunteer ON demand_ticket (volunteer_id, id) WHERE volunteer_id IS NOT NULL;
            CREATE INDEX demand_ticket_created ON demand_ticket (created_at);

            CREATE TABLE demand_ticket_move (
                id INTEGER PRIMARY KEY,
                ticket_id INTEGER NOT NULL REFERENCES demand_ticket,
                from_state TEXT,
                to_state TEXT NOT NULL,
                actor_id INTEGER NOT NULL REFERENCES account,
                at INTEGER NOT NULL,
                reason TEXT CHECK (length(reason) <= 500)
            ) STRICT;
            CREATE INDEX demand_ticket_move_ticket ON demand_ticket_move (ticket_id, id);
            """)
}
