import App
import HTTP
import Support
import Testing

/// Drives every operation on one thing as those it lies outside the reach of, and as those within: the role alone opens
/// nothing (OWASP API1, broken object-level authorization).
@Suite("Every operation in and out of reach") struct AccessScopeTests {
    /// Which of the three in `AccessScene.staff` holds a permission.
    private static func role(_ permission: Permission) -> String {
        switch permission {
        case .readAudit: "auditor"
        case .manageRoles, .issueTokens: "securityAdministrator"
        default: "administrator"
        }
    }

    private static func isOnOneThing(_ route: Route) -> Bool {
        route.path.description.contains("{") || AccessBodies.byOperation[route.operation] != nil
    }

    private func send(_ route: Route, _ person: TestClient.Person, _ client: TestClient) async -> TestClient.Answer {
        let body = route.body == .none ? nil : AccessBodies.byOperation[route.operation] ?? AccessBodies.reason
        return await client.send(
            route.method, AccessScene.path(route), body, token: person.token, fields: [("If-Match", "*")])
    }

    private func isRefused(_ answer: TestClient.Answer) -> Bool {
        answer.status == .forbidden || answer.status == .notFound
    }

    /// What staff of any place may do with a thing of another, and why.
    private static let beyondScope: [String: String] = [
        "getRole": "roles are the whole city's", "listRoles": "roles are the whole city's",
        "getRetention": "it tells how long the city's tables are kept, and of no person or place",
        "updateChatGroupMemberCounts": "refused item by item with 422",
    ]

    @Test func `staff of another district are kept out`() async throws {
        let scene = try await AccessScene()
        let outsiders = try scene.staff(at: TestClient.otherDistrict)
        for route in Routes.all where Self.isOnOneThing(route) {
            guard case .staff(let permission) = route.access, Self.beyondScope[route.operation] == nil else { continue }
            let person = try #require(outsiders[Self.role(permission)])
            let answer = await send(route, person, scene.client)
            #expect(isRefused(answer), "\(route.operation): \(answer.status.code) \(answer.text.prefix(200))")
        }
    }

    @Test func `lists show staff nothing of another district, and what lies in their own`() async throws {
        let scene = try await AccessScene()
        let outsiders = try scene.staff(at: TestClient.otherDistrict)
        let insiders = try scene.staff(at: TestClient.district)
        for route in Routes.all where route.method == .get && !route.path.description.contains("{") {
            guard case .staff(let permission) = route.access, Self.beyondScope[route.operation] == nil else { continue }
            let (out, within) = (outsiders[Self.role(permission)], insiders[Self.role(permission)])
            let hidden = await send(route, try #require(out), scene.client)
            #expect(!Self.showsTheScene(hidden), "\(route.operation): \(hidden.text.prefix(200))")
            if Self.cityOnly.contains(route.operation) || Self.wantsMore[route.operation] != nil { continue }
            let shown = await send(route, try #require(within), scene.client)
            #expect(Self.showsTheScene(shown), "\(route.operation): \(shown.text.prefix(200))")
        }
    }

    /// Everything in the scene has the id 1, or 901 where it is an account.
    private static func showsTheScene(_ answer: TestClient.Answer) -> Bool {
        answer.json["items"]?.array.contains { item in
            let wrapped = ["claim", "qualification", "award", "application"].compactMap { item[$0]?["id"]?.integer }
            let ids = [item["id"], item["volunteerId"]].compactMap { $0?.integer } + wrapped
            return ids.contains(1) || ids.contains(901)
        } ?? false
    }

    /// Lists that show nothing of the scene to those within either, and why.
    private static let wantsMore = [
        "listUnitFeedback": "sent after a quarter has ended", "listUnitEvaluations": "made after a year has ended",
    ]

    /// What only staff of the whole city may do.
    private static let cityOnly: Set<String> = [
        "createRole", "updateRole", "deleteRole", "listVolunteerClaims", "acceptVolunteerClaim", "refuseVolunteerClaim",
        "getImport", "listImportProblems", "createImport", "listImports", "listAuditEntries",
        "listAccountMerges", "getAccountMerge", "reverseAccountMerge", "publishPolicy", "listDataSharings",
    ]

    /// What only one of the staff may do, whatever their rights.
    private static let personal = ["viewExpertPhone": "the inviter alone sees the phone"]

    @Test func `staff of the district are let in`() async throws {
        let scene = try await AccessScene()
        let insiders = try scene.staff(at: TestClient.district)
        // What deletes goes last, so that nothing is gone for the others.
        let routes = Routes.all.filter { $0.method != .delete } + Routes.all.filter { $0.method == .delete }
        for route in routes where Self.isOnOneThing(route) {
            guard case .staff(let permission) = route.access, Self.personal[route.operation] == nil else { continue }
            let person = try #require(insiders[Self.role(permission)])
            let answer = await send(route, person, scene.client)
            let isOpen = !Self.cityOnly.contains(route.operation)
            #expect(isRefused(answer) != isOpen, "\(route.operation): \(answer.status.code) \(answer.text.prefix(200))")
        }
    }

    /// What every signed-in person may do with a thing that is not theirs, and why.
    private static let open: [String: String] = [
        "leaveTeam": "who is not in the team is not in it afterwards either",
        "signUp": "activities are for everybody", "requestToJoinTeam": "teams take requests from everybody",
    ]

    @Test func `what belongs to a person is nobody else's`() async throws {
        let scene = try await AccessScene()
        for route in Routes.all where route.path.description.contains("{") {
            guard route.access == .account || route.access == .volunteer, Self.open[route.operation] == nil else {
                continue
            }
            let answer = await send(route, scene.stranger, scene.client)
            #expect(isRefused(answer), "\(route.operation): \(answer.status.code) \(answer.text.prefix(200))")
        }
    }
}
