import SQLite

extension Migrations {
    /// A sign-up knows when its activity is, so that the question whether a volunteer is elsewhere then reads one stretch of
    /// one index; it looked into the activity of each of their sign-ups. A trigger keeps the times of living sign-ups true.
    /// And a sign-up refers to the places of its activity, which refer to the activity: of the two tables it has the narrow
    /// rows, which stay in the writer's page cache when the foreign key is checked.
    static let carryTimes = Migration(
        number: 22, name: "carry times",
        statements: """
            CREATE TABLE sign_up_new (
                id INTEGER PRIMARY KEY,
                activity_id INTEGER NOT NULL REFERENCES activity_places,
                volunteer_id INTEGER NOT NULL REFERENCES volunteer,
                state TEXT NOT NULL CHECK (state = 'signedUp' OR state = 'checkedIn' OR state = 'checkedOut'
                    OR state = 'confirmed' OR state = 'absent' OR state = 'cancelled'),
                starts_at INTEGER NOT NULL,
                ends_at INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                checked_in_at INTEGER,
                checked_out_at INTEGER,
                cancelled_at INTEGER,
                cancel_reason TEXT CHECK (length(cancel_reason) <= 200),
                code_failures INTEGER NOT NULL DEFAULT 0 CHECK (code_failures >= 0),
                companion_name TEXT CHECK (length(companion_name) BETWEEN 2 AND 30),
                chat_group_id INTEGER REFERENCES chat_group,
                CHECK (starts_at < ends_at),
                CHECK (checked_out_at IS NULL OR checked_out_at >= checked_in_at),
                CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL)),
                CHECK (state NOT IN ('checkedIn', 'checkedOut') OR checked_in_at IS NOT NULL)
            ) STRICT;
            INSERT INTO sign_up_new SELECT sign_up.id, activity_id, volunteer_id, sign_up.state, activity.starts_at,
                activity.ends_at, sign_up.created_at, checked_in_at, checked_out_at, cancelled_at, sign_up.cancel_reason,
                code_failures, companion_name, chat_group_id
            FROM sign_up JOIN activity ON activity.id = activity_id ORDER BY sign_up.id;
            DROP TABLE sign_up;
            ALTER TABLE sign_up_new RENAME TO sign_up;
            CREATE INDEX sign_up_chat_group ON sign_up (chat_group_id) WHERE chat_group_id IS NOT NULL;
            CREATE UNIQUE INDEX sign_up_once ON sign_up (activity_id, volunteer_id) WHERE state <> 'cancelled';
            CREATE UNIQUE INDEX sign_up_one_presence ON sign_up (volunteer_id) WHERE state = 'checkedIn';
            CREATE INDEX sign_up_volunteer ON sign_up (volunteer_id, id, starts_at, ends_at, state, activity_id);
            CREATE TRIGGER activity_moves AFTER UPDATE OF starts_at, ends_at ON activity
            WHEN old.starts_at <> new.starts_at OR old.ends_at <> new.ends_at BEGIN
                UPDATE sign_up SET starts_at = new.starts_at, ends_at = new.ends_at
                WHERE activity_id = new.id AND state <> 'cancelled';
            END;
            """)
}
