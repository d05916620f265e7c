import HTTP

/// Two accounts of one person made one (账号合并). The merged-away account keeps its row and points to the kept one; its
/// ways in and what it has move, each row noted, so that the merge can be undone.
///
/// Service records cannot move: the ledger is append-only (民政部令67 art. 13 wants records kept as they were made), and a
/// trigger refuses to change a row. So where both accounts are volunteers, the merged-away volunteer stays as well, owns
/// its records as before and points to the kept one; whoever reads the kept volunteer's records reads both.
package struct AccountMerge: Encodable, Sendable {
    /// How many rows of a kind, and what becomes of them.
    package struct Item: Encodable, Sendable, Equatable {
        package enum Fate: String, Encodable, Sendable, CaseIterable {
            case moves
            /// Deleted.
            case ends
            /// Read together with the kept volunteer's.
            case follows
            /// The kept person has the like.
            case stays
        }

        package var kind: PersonReference.Kind
        package var fate: Fate
        package var count: Int
    }

    package var id: ID<AccountMerge>
    package var from: ID<Account>
    package var into: ID<Account>
    package var reason: String
    /// What moved.
    package var items: [Item]
    package var mergedBy: ID<Account>
    package var mergedAt: Timestamp
    /// Until then it can be undone.
    package var reversibleUntil: Timestamp
    package var reversedBy: ID<Account>?
    package var reversedAt: Timestamp?
    package var reversalReason: String?

    package struct Wish: RequestBody {
        /// The account to give up.
        package var from: ID<Account>
        /// The account to keep.
        package var into: ID<Account>
        package var reason: String

        package func check(_ faults: inout Faults) { AccountMerge.check(from, into, reason, &faults) }
    }

    package struct Draft: RequestBody {
        package var from: ID<Account>
        package var into: ID<Account>
        package var reason: String
        /// Of the preview somebody looked at.
        package var fingerprint: String

        package func check(_ faults: inout Faults) {
            AccountMerge.check(from, into, reason, &faults)
            faults.text("/fingerprint", fingerprint, 1...64)
        }
    }

    package struct Reversal: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...200) }
    }

    private static func check(
        _ from: ID<Account>, _ into: ID<Account>, _ reason: String, _ faults: inout Faults
    ) {
        if from == into { faults.add("/into", "应为另一个账号", "must be another account") }
        faults.text("/reason", reason, 2...200)
    }

    /// Two living sign-ups for one activity, of which one stays in force.
    package struct SignUpConflict: Encodable, Sendable {
        package var activityId: ID<Activity>
        package var keptId: ID<SignUp>
        package var otherId: ID<SignUp>
        /// Its place is given back; otherwise it remains with the merged-away volunteer as it is.
        package var isOtherCancelled: Bool
    }

    /// What a merge would do, and what forbids it.
    package struct Preview: Encodable, Sendable {
        package var from: Account
        package var into: Account
        package var items: [Item]
        package var signUpConflicts: [SignUpConflict]
        package var blockers: [Blocker]
        /// Names exactly this; null while something forbids it.
        package var fingerprint: String?
    }

    /// What came of undoing it.
    package struct Reversed: Encodable, Sendable {
        package var merge: AccountMerge
        /// Rows put back.
        package var restored: Int
        /// Rows that were since removed or given to somebody else; they are left alone.
        package var changedSince: Int
        /// Sign-ups the merge had cancelled and whose activities have no place left.
        package var placesLost: [ID<SignUp>]
    }

    /// Exactly what a merge did, kept to undo it.
    struct Moved: Codable {
        struct Rows: Codable {
            var table: String
            var column: String
            var keys: [String]

            init(_ reference: PersonReference, _ keys: [String]) {
                (table, column) = ("\(reference.table)", "\(reference.column)")
                self.keys = keys.sorted()
            }
        }

        var rows: [Rows] = []
        /// What would have moved if the kept person had not the like; nil also in merges of earlier versions.
        var left: [Rows]?
        /// Keyed hash of the number that moved; the number itself stands in one place only.
        var phone: String?
        var isNameCopied = false
        /// Whether the one and the other could sign in before: a child's account cannot.
        var hadWayIn = true
        var keptHadWayIn = true
        var keptVolunteer: ID<Volunteer>?
        var mergedVolunteer: ID<Volunteer>?
        var cancelled: [ID<SignUp>] = []
        /// Requests to join a team that one of them is in or both asked to join; nil also in merges of earlier versions.
        var cancelledRequests: [ID<TeamJoinRequest>]?
        /// The merged-away volunteer's main team, where the kept one has another.
        var mainTeam: ID<Team>?
    }
}
