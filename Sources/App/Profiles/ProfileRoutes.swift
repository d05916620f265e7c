import HTTP
import SQLite

extension Profile {
    package static let routes: [Route] = [
        .read(.get, "/api/v1/me/profile", "getMyProfile", access: .volunteer) { request, db in
            let profile = try find(request.volunteer(), in: db)
            return .json(profile, version: profile.version)
        },
        .write(.put, "/api/v1/me/profile", "updateMyProfile", access: .volunteer, body: Edit.self) {
            request, edit, db in
            let volunteer = try request.volunteer()
            try request.requireVersion(find(volunteer, in: db).version)
            let profile = try update(edit, of: volunteer, in: db)
            return .json(profile, version: profile.version)
        },
        .read(.get, "/api/v1/me/honours", "getMyHonours", access: .volunteer) { request, db in
            .json(try Honours.find(request.volunteer(), today: request.now.day, in: db))
        },
        .read(
            .get, "/api/v1/volunteers/{id}/profile", "getVolunteerProfile", access: .staff(.readVolunteers)
        ) { request, db in
            let volunteer = try Volunteer.reached(request, .readVolunteers, in: db)
            // A minor's is read by `viewVolunteerProfile`, which takes the purpose.
            guard !GuardianshipRules.isMinor(volunteer.birthDate, on: request.now.day) else {
                throw Problem(.minorProtected)
            }
            return .json(try VolunteerProfile(of: volunteer.id, today: request.now.day, in: db))
        },
        .write(
            .post, "/api/v1/volunteers/{id}/profile-views", "viewVolunteerProfile", access: .staff(.readVolunteers),
            body: Volunteer.ViewReason.self
        ) { request, body, db in
            let volunteer = try Volunteer.reached(request, .readVolunteers, in: db)
            try volunteer.checkMinorProtection(request, purpose: body.purpose, in: db)
            try AuditEntry.insert(
                request, operation: "viewVolunteerProfile", subject: "volunteers/\(volunteer.id.rawValue)",
                reason: body.text, in: db)
            return .json(try VolunteerProfile(of: volunteer.id, today: request.now.day, in: db), status: .created)
        }.auditingItself,
        .write(
            .post, "/api/v1/volunteers/{id}/emergency-contact-views", "viewEmergencyContact",
            access: .staff(.readPrivateData), body: Volunteer.ViewReason.self
        ) { request, body, db in
            let volunteer = try Volunteer.reached(request, .readPrivateData, in: db)
            try volunteer.checkMinorProtection(request, purpose: body.purpose, in: db)
            guard let contact = try find(volunteer.id, in: db).emergencyContact else {
                throw Problem(
                    .notFound, detail: Wording(zh: "该志愿者没有填写紧急联系人", en: "The volunteer names no emergency contact"))
            }
            try AuditEntry.insert(
                request, operation: "viewEmergencyContact", subject: "volunteers/\(volunteer.id.rawValue)",
                reason: body.text, in: db)
            return .json(contact, status: .created)
        }.auditingItself,
        .write(
            .put, "/api/v1/volunteers/{id}/practice-status", "setPracticeStatus",
            access: .staff(.managePracticeVolunteers), body: PracticeVolunteer.Edit.self
        ) { request, edit, db in
            let volunteer = try Volunteer.findLiving(request.id(), in: db)
            try request.refuseOwn(volunteer.id, in: db)
            try request.honourVersion(find(volunteer.id, in: db).version)
            try PracticeVolunteer.set(edit, of: volunteer.id, request, in: db)
            let profile = try find(volunteer.id, in: db)
            // A station may count on somebody it knows nothing else of, and learns no more by it; nor of a minor, whose
            // profile takes a purpose.
            let isMinor = GuardianshipRules.isMinor(volunteer.birthDate, on: request.now.day)
            let isOpen = try !isMinor && volunteer.isReached(by: request.signedIn(), .readVolunteers, in: db)
            return .json(isOpen ? profile.masked : profile.practiceAlone, version: profile.version)
        },
    ]
}

extension PracticeVolunteer {
    /// Sets or ends the flag. Taking it from another station needs the permission there too.
    fileprivate static func set(
        _ edit: Edit, of volunteer: ID<Volunteer>, _ request: APIRequest, in db: Transaction
    ) throws {
        let station = edit.isPracticeVolunteer ? edit.stationId : nil
        if let station {
            try request.require(
                .managePracticeVolunteers, at: Station.path(of: station, pointer: "/stationId", in: db))
        }
        let present = try find(volunteer, in: db)
        if present?.stationId == station { return }
        if let present {
            try request.require(.managePracticeVolunteers, at: Station.find(present.stationId, in: db).treePath)
            try end(volunteer, reason: edit.reason, by: request.account(), in: db)
        }
        guard let station else { return }
        try insert(volunteer, at: station, reason: edit.reason, by: request.account(), in: db)
    }
}
