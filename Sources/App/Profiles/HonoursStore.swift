import SQLite

extension Honours {
    static func find(_ volunteer: ID<Volunteer>, today: CivilDate, in db: Database) throws -> Honours {
        Honours(
            starLevel: try StarAward.level(of: volunteer, in: db),
            qualifications: try Qualification.list(
                of: volunteer, state: .verified, today: today, in: db),
            trainingMinutes: try TrainingRecord.minutes(of: volunteer, in: db),
            trainings: try TrainingRecord.list(of: volunteer, before: .max, limit: rowsMax, isStanding: true, in: db),
            awards: try AwardRecord.list(of: volunteer, state: .verified, before: .max, limit: rowsMax, in: db))
    }
}
