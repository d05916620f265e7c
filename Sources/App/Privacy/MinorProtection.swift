package import HTTP
import SQLite

/// Why a full number, or a minor's whole profile, is needed (未成年人网络保护条例 art. 36: approved and recorded).
package enum ViewPurpose: String, Codable, Sendable, CaseIterable {
    case emergency, guardianContact, insurance, complaint, certificate, lawEnforcement, audit
}

extension Volunteer {
    /// Why somebody needs to see more of a person than lists show.
    package struct ViewReason: RequestBody {
        package var reason: String
        /// Needed for a minor's.
        package var purpose: ViewPurpose?

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 4...200) }

        /// As the audit log keeps it.
        var text: String { purpose.map { "\($0.rawValue): \(reason)" } ?? reason }
    }

    /// For the volunteer of the path.
    /// - Throws: for somebody under 18, 403 without a right of its own that reaches them, and 422 without a purpose.
    func checkMinorProtection(_ request: APIRequest, purpose: ViewPurpose?, in db: Database) throws {
        guard GuardianshipRules.isMinor(birthDate, on: request.now.day) else { return }
        guard try request.signedIn().holds(.readMinors) else { throw Problem(.minorProtected) }
        _ = try Self.reached(request, .readMinors, in: db)
        guard purpose != nil else {
            throw Problem(
                .invalid,
                faults: [.init("/purpose", Wording(zh: "查看未成年人信息须选择用途", en: "is needed to see a minor's data"))])
        }
    }
}

extension Problem.Kind {
    package static let minorProtected = Self(
        "/problems/minor-protected", status: .forbidden,
        title: Wording(zh: "查看未成年人信息须另行授权并说明用途", en: "A minor's data needs a right of its own and a stated purpose"))
}
