/// What was confirmed about a volunteer, on one page (荣誉与资质): the star, verified qualifications, training and awards.
package struct Honours: Encodable, Sendable {
    /// Rows of each kind; the lists of the kind have the others.
    package static let rowsMax = 100

    /// 0 to 5.
    package var starLevel: Int
    package var qualifications: [Qualification]
    package var trainingMinutes: Int
    package var trainings: [TrainingRecord]
    package var awards: [AwardRecord]

    package var masked: Honours {
        var honours = self
        honours.qualifications = qualifications.map(\.masked)
        return honours
    }
}
