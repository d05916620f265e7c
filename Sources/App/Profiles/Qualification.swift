import SQLite

/// A paper that says what somebody may or can do (技能资质), with a picture of it. A station checks it (志愿服务条例 art.
/// 16); what was verified is never edited: another one replaces it.
package struct Qualification: Encodable, Sendable {
    package enum Kind: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case physician, nurse, pharmacist, psychologicalCounsellor, socialWorker, teacher, lawyer, mediator, firstAider,
            firefighter, lifeguard, driver, electrician, engineer, accountant, interpreter, signLanguageInterpreter,
            sportsInstructor, artist, heritageBearer, agronomist, other
    }

    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case submitted, verified, refused
        /// Was verified until a newer one took its place.
        case replaced
    }

    package var id: ID<Qualification>
    package var volunteerId: ID<Volunteer>
    /// The station asked to verify it.
    package var stationId: ID<Station>
    package var kind: Kind
    package var title: String
    package var issuer: String
    /// In full for the owner and in an audited view; many issuers use the identity number.
    package var number: String?
    package var issuedOn: CivilDate
    package var expiresOn: CivilDate?
    package var isExpired: Bool
    package var replacesId: ID<Qualification>?
    package var state: State
    package var decidedBy: ID<Account>?
    package var decidedAt: Timestamp?
    package var reason: String?
    package var submittedAt: Timestamp

    package var masked: Qualification {
        var qualification = self
        qualification.number = number.map { Masking.identityNumber($0) }
        return qualification
    }

    /// With whose it is, masked, for those who verify.
    package struct Listed: Encodable, Sendable {
        package var qualification: Qualification
        package var volunteerName: String
        package var volunteerNumber: String
    }

    package struct Draft: RequestBody {
        package var stationId: ID<Station>
        package var kind: Kind
        package var title: String
        package var issuer: String
        package var number: String?
        package var issuedOn: CivilDate
        package var expiresOn: CivilDate?
        package var uploadId: ID<Upload>
        /// One's own verified qualification that this one takes the place of.
        package var replacesId: ID<Qualification>?

        package func check(_ faults: inout Faults) {
            faults.text("/title", title, 2...60)
            faults.text("/issuer", issuer, 2...60)
            faults.text("/number", number, 1...60)
            if let expiresOn, expiresOn <= issuedOn {
                faults.add("/expiresOn", "应晚于发证日期", "must be later than issuedOn")
            }
        }
    }
}
