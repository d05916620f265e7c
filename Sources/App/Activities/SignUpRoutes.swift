import HTTP
import SQLite

extension SignUp {
    package static let routes: [Route] = [
        .write(
            .post, "/api/v1/activities/{id}/sign-ups", "signUp", access: .volunteer, optionalBody: Details.self
        ) { request, details, db in
            let group = try ChatGroup.find(sourceCode: details?.sourceCode, in: db)
            let signUp = try insert(
                to: request.id(), request.volunteer(), companion: details?.companionName, from: group,
                now: request.now, in: db)
            return .json(signUp, status: .created).located(at: "/api/v1/sign-ups/\(signUp.id.rawValue)")
        },
        .read(
            .get, "/api/v1/activities/{id}/sign-ups", "listSignUps", access: .staff(.confirmService),
            query: Page.parameters
        ) { request, db in
            let activity = try Activity.managed(request, .confirmService, in: db)
            let page = try Page(request)
            return page.response(try list(to: activity.id, page, in: db), for: request) {
                Cursor($0.signUp.volunteerId.rawValue)
            }
        },
        .read(.get, "/api/v1/me/sign-ups", "listMySignUps", access: .volunteer, query: Page.parameters) { request, db in
            let page = try Page(request)
            return page.response(try list(of: request.volunteer(), page, in: db), for: request) {
                Cursor($0.id.rawValue)
            }
        },
        .read(.get, "/api/v1/sign-ups/{id}", "getSignUp", access: .volunteer) { request, db in
            .json(try own(request, in: db))
        },
        .write(
            .put, "/api/v1/sign-ups/{id}/cancellation", "cancelSignUp", access: .volunteer, body: Withdrawal.self
        ) { request, body, db in
            .json(try own(request, in: db).cancelled(reason: body.reason, now: request.now, in: db))
        },
        .write(
            .put, "/api/v1/sign-ups/{id}/check-in", "checkIn", access: .volunteer, body: CodeEntry.self
        ) { request, body, db in
            try own(request, in: db).checkIn(request, code: body.code, in: db)
        },
        .write(
            .put, "/api/v1/sign-ups/{id}/check-out", "checkOut", access: .volunteer, body: CodeEntry.self
        ) { request, body, db in
            try own(request, in: db).checkOut(request, code: body.code, in: db)
        },
        .write(
            .put, "/api/v1/sign-ups/{id}/confirmation", "confirmSignUp", access: .staff(.confirmService),
            body: Confirmation.self
        ) { request, body, db in
            let (signUp, activity) = try managed(request, in: db)
            if signUp.state == .confirmed { return .json(try ServiceRecord.first(of: signUp.id, in: db)) }
            try request.refuseOwn(signUp.volunteerId, in: db)
            let evidence = try signUp.evidence(for: body, of: activity, now: request.now)
            let record = try ServiceRecord.insert(
                signUp, activity, body, evidence, by: request.account(), in: db)
            _ = try signUp.set(.confirmed, in: db)
            try StarAward.award(record.volunteerId, at: activity.stationId, request, in: db)
            return .json(record)
        },
        .write(
            .put, "/api/v1/sign-ups/{id}/absence", "markAbsent", access: .staff(.confirmService), body: Absence.self
        ) { request, body, db in
            let (signUp, activity) = try managed(request, in: db)
            if signUp.state == .absent { return .json(signUp) }
            guard signUp.state == .signedUp, activity.startsAt <= request.now else {
                throw Problem(.conflict, state: signUp.state.rawValue)
            }
            return .json(try signUp.set(.absent, in: db))
        },
    ]

    /// The caller's own sign-up; another's is as good as none.
    private static func own(_ request: APIRequest, in db: Database) throws -> SignUp {
        let signUp = try find(request.id(), in: db)
        guard try signUp.volunteerId == request.volunteer() else { throw Problem(.notFound) }
        return signUp
    }

    func cancelled(reason: String?, now: Timestamp, in db: Transaction) throws -> SignUp {
        if state == .cancelled { return self }
        try checkWithdrawal(from: Activity.find(activityId, in: db), now: now)
        return try withdraw(reason: reason, in: db)
    }

    func checkIn(_ request: APIRequest, code: String, in db: Transaction) throws -> Response {
        if state == .checkedIn { return .json(self) }
        try checkIn(
            to: Activity.find(activityId, in: db), now: request.now,
            isConsentMissing: Guardianship.isConsentMissing(for: volunteerId, today: request.now.day, in: db))
        if let refusal = try refuse(code, request, in: db) { return refusal }
        return .json(try enter(in: db))
    }

    func checkOut(_ request: APIRequest, code: String, in db: Transaction) throws -> Response {
        if state == .checkedOut, checkedOutAt != nil { return .json(self) }
        try checkOut(of: Activity.find(activityId, in: db), now: request.now)
        if let refusal = try refuse(code, request, in: db) { return refusal }
        return .json(try leave(in: db))
    }

    private static func managed(_ request: APIRequest, in db: Database) throws -> (SignUp, Activity) {
        let signUp = try find(request.id(), in: db)
        let activity = try Activity.find(signUp.activityId, in: db)
        try request.require(.confirmService, at: Station.find(activity.stationId, in: db).treePath)
        return (signUp, activity)
    }

    /// A wrong code is counted, so the answer is a value and not a throw: a throw would undo the count.
    /// - Returns: nil for the right code.
    private func refuse(_ code: String, _ request: APIRequest, in db: Transaction) throws -> Response? {
        guard try codeFailures(in: db) < ActivityRules.codeTries else {
            throw Problem(.checkInLocked, state: state.rawValue)
        }
        let secret = try Activity.codeSecret(of: activityId, in: db)
        if ActivityRules.isCode(code, secret: secret, at: request.now) { return nil }
        try countCodeFailure(in: db)
        return request.refusal(Problem(.wrongCheckInCode))
    }
}
