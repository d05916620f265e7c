import SQLite

/// What volunteers say of themselves beside the registration (志愿者档案): when they can come, what they speak, whom to
/// call if something happens to them (志愿服务条例 art. 7). One that was never written is empty and has version 0.
package struct Profile: Encodable, Sendable {
    /// Rows of availability: three a day.
    package static let slotsMax = 21
    package static let languagesMax = 12

    /// A time of every week (可服务时间).
    package struct Slot: Codable, Sendable, Equatable {
        /// ISO 8601: Monday is 1.
        package var weekday: Int
        /// Minutes since midnight in Shanghai, 0 to 1439.
        package var fromMinute: Int
        /// Up to here and no longer, 1 to 1440.
        package var toMinute: Int
    }

    /// Who is told in an emergency (紧急联系人): another person's data, so masked to all but the owner.
    package struct Contact: Codable, Sendable, Equatable {
        package enum Relation: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
            case spouse, parent, child, sibling, relative, friend, colleague, other
        }

        package var name: String
        package var relation: Relation
        package var phone: String

        package var masked: Contact {
            Contact(
                name: Masking.name(name), relation: relation,
                phone: PhoneNumber(phone).map(Masking.phone) ?? "****")
        }
    }

    package var languages: [SpokenLanguage]
    package var availability: [Slot]
    package var emergencyContact: Contact?
    /// Set by staff, so not part of the version.
    package var practice: PracticeVolunteer?
    package var version: Int64

    package var masked: Profile {
        var profile = self
        profile.emergencyContact = emergencyContact?.masked
        return profile
    }

    /// For those who may set the flag and see no more.
    var practiceAlone: Profile {
        Profile(languages: [], availability: [], emergencyContact: nil, practice: practice, version: version)
    }

    package struct Edit: RequestBody {
        package var languages: [SpokenLanguage]
        package var availability: [Slot]
        package var emergencyContact: Contact?

        package func check(_ faults: inout Faults) {
            if languages.count > languagesMax || Set(languages).count != languages.count {
                faults.add(
                    "/languages", "最多 \(languagesMax) 种且不能重复", "must have at most \(languagesMax) and not repeat")
            }
            if availability.count > slotsMax {
                faults.add("/availability", "最多 \(slotsMax) 段", "must have at most \(slotsMax) items")
            } else {
                checkSlots(&faults)
            }
            guard let contact = emergencyContact else { return }
            if !PersonName.isValid(contact.name) {
                faults.add("/emergencyContact/name", "姓名应为 2–30 个文字", "must be a name of 2 to 30 letters")
            }
            if PhoneNumber(contact.phone) == nil {
                faults.add("/emergencyContact/phone", "手机号无效", "is not a phone number")
            }
        }

        private func checkSlots(_ faults: inout Faults) {
            for (index, slot) in availability.enumerated() {
                faults.number("/availability/\(index)/weekday", slot.weekday, 1...7)
                faults.number("/availability/\(index)/fromMinute", slot.fromMinute, 0...1_439)
                faults.number("/availability/\(index)/toMinute", slot.toMinute, 1...1_440)
                if slot.toMinute <= slot.fromMinute {
                    faults.add("/availability/\(index)/toMinute", "应晚于开始时间", "must be later than fromMinute")
                }
                let isTaken = availability[..<index].contains { other in
                    other.weekday == slot.weekday && other.fromMinute < slot.toMinute
                        && slot.fromMinute < other.toMinute
                }
                if isTaken { faults.add("/availability/\(index)", "与前面的时段重叠", "overlaps an earlier one") }
            }
        }
    }
}

/// Counted among the 文明实践志愿者: a volunteer a station relies on for civic practice. A flag on the register, not a
/// second register. A station sets it and only staff over that station take it away; every change is a row that stays.
package struct PracticeVolunteer: Encodable, Sendable {
    package var stationId: ID<Station>
    package var since: Timestamp

    package struct Edit: RequestBody {
        package var isPracticeVolunteer: Bool
        /// The station that counts on them; needed to set the flag.
        package var stationId: ID<Station>?
        package var reason: String

        package func check(_ faults: inout Faults) {
            if isPracticeVolunteer && stationId == nil {
                faults.add("/stationId", "须填写所属阵地", "is needed to set the flag")
            }
            faults.text("/reason", reason, 2...200)
        }
    }
}

/// A volunteer's profile as staff see it, with what was verified about them.
package struct VolunteerProfile: Encodable, Sendable {
    package var volunteerId: ID<Volunteer>
    /// The emergency contact masked.
    package var profile: Profile
    package var honours: Honours
}
