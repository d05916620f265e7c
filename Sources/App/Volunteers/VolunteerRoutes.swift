import HTTP
import SQLite

extension Volunteer {
    package static let routes: [Route] = [
        .write(.post, "/api/v1/volunteers", "registerVolunteer", access: .account, body: Draft.self) {
            request, draft, db in
            let account = try request.account()
            let phone = try Account.phone(of: account, in: db)
            let today = request.now.day
            let person = try VolunteerRules.person(draft, accountPhone: phone, today: today)
            let guardian = try GuardianshipRules.guardian(
                ofApplicant: person, draft, ownPhone: person.phone, today: today)
            let age = person.birthDate.age(on: today)
            try ConsentRecord.require(PolicyRules.documents(forVolunteerOf: age), of: account, in: db)
            let hash = IdentityVault.hash(person.identity.number, request.services)
            let volunteer = try insert(draft, person, hash: hash, account: account, in: db)
            if let guardian { try Guardianship.invite(guardian, of: volunteer.id, in: db) }
            return .json(volunteer.masked, version: volunteer.version, status: .created)
                .located(at: "/api/v1/me/volunteer")
        }.changingAccess,
        .read(.get, "/api/v1/me/volunteer", "getMyVolunteer", access: .volunteer) { request, db in
            let volunteer = try find(request.volunteer(), in: db)
            return .json(volunteer.masked, version: volunteer.version)
        },
        .write(.put, "/api/v1/me/volunteer", "updateMyVolunteer", access: .volunteer, body: Edit.self) {
            request, edit, db in
            let volunteer = try find(request.volunteer(), in: db)
            try request.requireVersion(volunteer.version)
            let changed = try volunteer.update(edit, in: db)
            return .json(changed.masked, version: changed.version)
        },
        .write(
            .post, "/api/v1/volunteer-searches", "searchVolunteers", access: .staff(.readVolunteers), body: Search.self
        ) { request, search, db in
            let filter = Filter(
                number: search.number, phone: search.phone.flatMap(PhoneNumber.init),
                identityHash: search.identityNumber.map { IdentityVault.hash($0.uppercased(), request.services) })
            let page = try Page(request)
            return .json(ItemList(items: try list(filter, page, in: db).map(\.publicView), next: nil))
        }.keeping(.nothing),
        .read(
            .get, "/api/v1/volunteers", "listVolunteers", access: .staff(.readVolunteers), query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let scope = try request.signedIn().scope(of: .readVolunteers)
            return page.response(try list(Filter(within: scope), page, in: db).map(\.publicView), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(.get, "/api/v1/volunteers/{id}", "getVolunteer", access: .staff(.readVolunteers)) { request, db in
            let volunteer = try reached(request, .readVolunteers, in: db)
            return .json(volunteer.publicView, version: volunteer.version)
        },
        .write(
            .post, "/api/v1/volunteers/{id}/identity-views", "viewVolunteerIdentity", access: .staff(.readPrivateData),
            body: ViewReason.self
        ) { request, body, db in
            let volunteer = try reached(request, .readPrivateData, in: db)
            let document = try IdentityVault.open(volunteer, for: request, body, in: db)
            return .json(
                Identity(
                    name: volunteer.name, phone: volunteer.phone, identityKind: document.kind,
                    identityNumber: document.number, guardian: volunteer.guardian), status: .created)
        }.auditingItself,
    ]

    /// In the whole city: whoever can name the number has the person before them. Searched by POST, so that numbers stay
    /// out of addresses and logs.
    struct Search: RequestBody {
        var number: String?
        var phone: String?
        var identityNumber: String?

        func check(_ faults: inout Faults) {
            if [number, phone, identityNumber].compactMap({ $0 }).count != 1 {
                faults.add("", "须填写编号、手机号、证件号码之一", "must have exactly one of number, phone and identityNumber")
            }
            faults.text("/number", number, 1...20)
            faults.text("/identityNumber", identityNumber, 5...20)
            if let phone, PhoneNumber(phone) == nil { faults.add("/phone", "手机号无效", "is not a phone number") }
        }
    }
}
