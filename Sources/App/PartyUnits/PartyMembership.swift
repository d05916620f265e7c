import HTTP
import SQLite

/// A volunteer's statement that they are a Party member of a unit (党员身份), which the unit confirms or refuses.
///
/// Sensitive personal data (个人信息保护法 art. 28, 29): kept only with the member's separate consent, shown to the member,
/// to their unit with a masked name, and, through a check-in, to the community they chose; wiped when the consent is
/// withdrawn. It says no more than the work needs: not since when, nor whether probationary.
package struct PartyMembership: Encodable, Sendable {
    package enum State: String, Codable, Sendable, CaseIterable, Bindable, ColumnDecodable {
        case declared, confirmed, refused
    }

    package var unitId: ID<PartyUnit>
    package var unitName: String
    package var state: State
    /// The document the member agreed to.
    package var consentVersion: String
    package var consentedAt: Timestamp
    package var decidedAt: Timestamp?
    package var reason: String?

    package struct Declaration: RequestBody {
        package var unitId: ID<PartyUnit>
        package var consent: Bool
        package var consentVersion: String

        package func check(_ faults: inout Faults) {
            if !consent {
                faults.add("/consent", "未经本人单独同意不能登记", "must be true: nothing is kept without it")
            }
            faults.text("/consentVersion", consentVersion, 1...40)
        }
    }

    /// As the unit sees it.
    package struct Member: Encodable, Sendable {
        package var volunteerId: ID<Volunteer>
        /// Masked.
        package var name: String
        package var state: State
        package var declaredAt: Timestamp
        package var decidedAt: Timestamp?
    }

    static let routes: [Route] = [
        .read(.get, "/api/v1/me/party-membership", "getMyPartyMembership", access: .volunteer) { request, db in
            guard let membership = try find(request.volunteer(), in: db) else { throw Problem(.notFound) }
            return .json(membership)
        },
        .write(
            .put, "/api/v1/me/party-membership", "declarePartyMembership", access: .volunteer, body: Declaration.self
        ) { request, body, db in
            let volunteer = try request.volunteer()
            let unit = try PartyUnit.require(body.unitId, pointer: "/unitId", in: db)
            try requireAge(of: volunteer, on: request.now.day, in: db)
            let known = try find(volunteer, in: db)
            if let known, known.unitId == unit.id, known.state != .refused { return .json(known) }
            try MemberCheckIn.endAll(of: volunteer, PartyUnitReason.unitChanged[request.language], in: db)
            return .json(try declare(body, by: volunteer, in: db))
        },
        .write(.delete, "/api/v1/me/party-membership", "withdrawPartyMembership", access: .volunteer) { request, db in
            try wipe(request.volunteer(), in: db)
            return .noContent
        },
        .read(
            .get, "/api/v1/party-units/{id}/members", "listPartyUnitMembers", access: .account,
            query: Page.parameters + ["state"]
        ) { request, db in
            let unit = try PartyUnit.represented(request, in: db)
            let page = try Page(request)
            let rows = try members(of: unit.id, state: request.choice("state", State.self), page, in: db)
            return page.response(rows, for: request) { Cursor($0.volunteerId.rawValue) }
        },
        .write(
            .put, "/api/v1/party-units/{id}/members/{volunteerId}/confirmation", "confirmPartyUnitMember",
            access: .account
        ) { request, db in
            let (unit, member) = try member(request, in: db)
            if member.state == .confirmed { return .json(member) }
            try request.refuseOwn(member.volunteerId, in: db)
            return .json(try member.move(.confirm, reason: nil, of: unit.id, in: db))
        },
        .write(
            .put, "/api/v1/party-units/{id}/members/{volunteerId}/refusal", "refusePartyUnitMember",
            access: .account, body: DemandTicket.Reason.self
        ) { request, body, db in
            let (unit, member) = try member(request, in: db)
            if member.state == .refused { return .json(member) }
            try request.refuseOwn(member.volunteerId, in: db)
            try MemberCheckIn.live(of: member.volunteerId, in: db)?.end(
                PartyUnitReason.membershipRefused[request.language], in: db)
            return .json(try member.move(.refuse, reason: body.reason, of: unit.id, in: db))
        },
    ]

    private static func member(_ request: APIRequest, in db: Database) throws -> (PartyUnit, Member) {
        let unit = try PartyUnit.represented(request, in: db)
        guard let member = try Member.find(request.id("volunteerId"), of: unit.id, in: db) else {
            throw Problem(.notFound)
        }
        return (unit, member)
    }

    /// - Throws: 422 below the age of eighteen.
    private static func requireAge(of volunteer: ID<Volunteer>, on today: CivilDate, in db: Database) throws {
        guard let birthDate = try birthDate(of: volunteer, in: db),
            birthDate.age(on: today) >= PartyUnitRules.memberAgeMin
        else {
            throw Problem(
                .invalid,
                detail: Wording(
                    zh: "未满 \(PartyUnitRules.memberAgeMin) 周岁不能登记",
                    en: "Members are at least \(PartyUnitRules.memberAgeMin) years old"))
        }
    }
}
