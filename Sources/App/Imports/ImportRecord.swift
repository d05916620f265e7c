/// How far the import of one file came (导入批次): committed with every batch, so that an import that was cut off goes on
/// behind the last row that was kept.
package struct ImportRecord: Encodable, Sendable {
    package var id: ID<ImportRecord>
    package var kind: ImportKind
    /// Rows done, in the order they are written in, which is not always the file's.
    package var rowReached: Int
    package var lineReached: Int
    package var created: Int
    package var updated: Int
    package var unchanged: Int
    package var refused: Int
    /// Faults of the refused rows, of which the first `ImportRecord.problemsMax` are kept.
    package var problems: Int
    package var startedAt: Timestamp
    package var updatedAt: Timestamp
    package var completedAt: Timestamp?

    /// Problems kept of one import: who has more looks at the file first.
    package static let problemsMax = 1_000

    package mutating func count(_ outcome: ImportOutcome) {
        switch outcome {
        case .created: created += 1
        case .updated: updated += 1
        case .unchanged: unchanged += 1
        }
    }
}
