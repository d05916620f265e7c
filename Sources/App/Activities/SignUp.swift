package import HTTP
import SQLite

/// A volunteer's place in an activity (报名), from signing up to the confirmed hours.
package struct SignUp: JSONWritable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case signedUp, checkedIn, checkedOut, confirmed, absent, cancelled
    }

    /// Why somebody cannot sign up now. Open: clients must bear new ones.
    package enum Refusal: String, Codable, Sendable, CaseIterable {
        case cancelled, closed, full, alreadySignedUp, overlaps, tooYoung, guardianConsentMissing
    }

    package static let defaultAgeMin = 14

    package var id: ID<SignUp>
    package var activityId: ID<Activity>
    package var volunteerId: ID<Volunteer>
    package var state: State
    package var createdAt: Timestamp
    package var checkedInAt: Timestamp?
    package var checkedOutAt: Timestamp?
    package var cancelledAt: Timestamp?
    package var cancelReason: String?
    /// Who comes along with a child under ten.
    package var companionName: String?

    package func write(to output: JSONOutput) {
        output.openObject()
        output.member("id", id)
        output.member("activityId", activityId)
        output.member("volunteerId", volunteerId)
        output.member("state", state.rawValue)
        output.member("createdAt", createdAt)
        output.member("checkedInAt", checkedInAt)
        output.member("checkedOutAt", checkedOutAt)
        output.member("cancelledAt", cancelledAt)
        output.member("cancelReason", cancelReason)
        output.member("companionName", companionName)
        output.close()
    }

    package struct Details: RequestBody {
        /// Needed below the age of ten.
        package var companionName: String?
        /// Of the chat group the volunteer comes from.
        package var sourceCode: String?

        package func check(_ faults: inout Faults) {
            SignUp.checkCompanion(companionName, &faults)
            ChatGroup.checkSourceCode(sourceCode, &faults)
        }
    }

    static func checkCompanion(_ name: String?, _ faults: inout Faults) {
        guard let name, !PersonName.isValid(name) else { return }
        faults.add("/companionName", "姓名应为 2–30 个文字", "must be a name of 2 to 30 letters")
    }

    /// With the name for the manager's list, masked.
    package struct Listed: Encodable, Sendable {
        package var signUp: SignUp
        package var volunteerName: String
        package var volunteerNumber: String
    }

    package struct CodeEntry: RequestBody {
        package var code: String

        package func check(_ faults: inout Faults) {
            if code.utf8.count != 6 || !code.utf8.allSatisfy({ $0 &- 0x30 < 10 }) {
                faults.add("/code", "应为 6 位数字", "must be 6 digits")
            }
        }
    }

    package struct Withdrawal: RequestBody {
        /// 志愿服务条例 art. 22: who cannot come says so in time.
        package var reason: String?

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 1...200) }
    }

    package struct Confirmation: RequestBody {
        package var minutes: Int
        /// Needed where the minutes do not follow from check-in and check-out.
        package var reason: String?

        package func check(_ faults: inout Faults) {
            faults.number("/minutes", minutes, 1...1_440)
            faults.text("/reason", reason, 2...200)
        }
    }

    package struct Absence: RequestBody {
        package var reason: String

        package func check(_ faults: inout Faults) { faults.text("/reason", reason, 2...200) }
    }
}

extension Problem.Kind {
    package static let signUpRefused = Self(
        "/problems/sign-up-refused", status: .conflict, title: Wording(zh: "不能报名", en: "Signing up is not possible"))
    package static let checkInRefused = Self(
        "/problems/check-in-refused", status: .conflict,
        title: Wording(zh: "不能签到或签退", en: "Checking in or out is not possible"))
    package static let wrongCheckInCode = Self(
        "/problems/wrong-check-in-code", status: .unprocessableContent,
        title: Wording(zh: "签到码错误或已过期", en: "The code is wrong or has changed"))
    package static let checkInLocked = Self(
        "/problems/check-in-locked", status: .conflict,
        title: Wording(zh: "签到码错误次数过多，请联系现场负责人", en: "Too many wrong codes: ask the person in charge"))
}
