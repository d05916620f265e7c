import HTTP
import SQLite

extension VolunteerVerification {
    package static let routes: [Route] = [
        .work(
            .post, "/api/v1/me/volunteer/verifications", "requestMyVerification", access: .volunteer,
            body: Nothing.self, rate: .writes
        ) { request, _ in
            let services = request.services
            guard let verifier = services.realNameVerifier else { throw Problem(.verificationByStaff) }
            let limit = services.configuration.verificationsPerDay
            let question = try services.writer.writeAndWait { try ask(verifier, request, limit: limit, in: $0) }
            let verdict: RealNameVerdict
            do { verdict = try verifier.verdict(on: question.identity) } catch {
                services.log(.error, "no verdict", ["request": request.requestID, "error": "\(type(of: error))"])
                throw Problem(.verificationUnavailable, retryAfter: 60)
            }
            let result: Volunteer.Verification = verdict == .verified ? .verified : .failed
            return try services.writer.writeAndWait { db in
                try request.keep(.json(settle(question, result, in: db), status: .created), in: db)
            }
        }.keeping(.answer),
        .read(
            .get, "/api/v1/volunteers/{id}/verifications", "listVerifications", access: .staff(.verifyVolunteers),
            query: Page.parameters
        ) { request, db in
            let page = try Page(request)
            let steps = try list(of: Volunteer.reached(request, .verifyVolunteers, in: db).id, page, in: db)
            return page.response(steps, for: request) { Cursor($0.id.rawValue) }
        },
        .write(
            .put, "/api/v1/volunteers/{id}/verification", "decideVerification", access: .staff(.verifyVolunteers),
            body: Decision.self
        ) { request, decision, db in
            let volunteer = try Volunteer.reached(request, .verifyVolunteers, in: db)
            try request.refuseOwn(volunteer.id, in: db)
            try request.honourVersion(volunteer.version)
            let result: Volunteer.Verification = decision.result == .verified ? .verified : .failed
            try decide(result, reason: decision.reason, of: volunteer.id, by: request.account(), in: db)
            try AuditEntry.insert(
                request, operation: "decideVerification", subject: "volunteers/\(volunteer.id.rawValue)",
                reason: decision.reason, in: db)
            let decided = try Volunteer.find(volunteer.id, in: db)
            return .json(decided.publicView, version: decided.version)
        }.auditingItself,
        .write(
            .put, "/api/v1/volunteers/{id}/identity", "correctIdentity", access: .staff(.verifyVolunteers),
            body: Volunteer.Correction.self
        ) { request, correction, db in
            let volunteer = try Volunteer.reached(request, .verifyVolunteers, in: db)
            try request.refuseOwn(volunteer.id, in: db)
            try request.requireVersion(volunteer.version)
            let person = try VolunteerRules.person(
                correction.draft(of: volunteer), accountPhone: nil, today: request.now.day, isCorrection: true)
            let hash = IdentityVault.hash(person.identity.number, request.services)
            let corrected = try volunteer.correct(
                correction, person, hash: hash, by: request.account(), today: request.now.day, in: db)
            try AuditEntry.insert(
                request, operation: "correctIdentity", subject: "volunteers/\(volunteer.id.rawValue)",
                reason: correction.reason, in: db)
            return .json(corrected.publicView, version: corrected.version)
        }.auditingItself,
    ]
}
