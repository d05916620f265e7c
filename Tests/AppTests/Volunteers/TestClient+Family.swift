import App
import HTTP
import SQLite
import Support
import Testing

extension TestClient {
    static func childDraft(
        born: String, serial: Int = 1, more: String = #", "separateConsent": true"#
    ) -> String {
        """
        {"name": "陈小雨", "identityKind": "residentIdentityCard", "residenceCode": "510104", "categories": ["01"],
         "identityNumber": "\(TestClient.identityNumber(born: born, serial: serial))", "skills": [],
         "guardian": {"name": "陈建国", "phone": "13900000099"}, "relation": "parent",
         "documentVersion": "2027-01"\(more)}
        """
    }

    /// A guardian's consent for a volunteer whom a test made a minor.
    @discardableResult
    func consent(for volunteer: Int64) throws -> TestClient.Person {
        let guardian = try resident(9_000 + Int(volunteer))
        try run(
            """
            INSERT INTO guardianship (volunteer_id, account_id, name, phone, relation, state, document_version, invited_at,
                consented_at)
            VALUES (\(volunteer), \(guardian.account), '陈建国', '+8613900009000', 'parent', 'consented', '2027-01', 0, 0)
            """)
        return guardian
    }

    /// A guardian with a child; the clock stands at 2027-03-01.
    func family(
        born: String = "2016-05-01", number: Int = 80
    ) async throws -> (guardian: TestClient.Person, child: Int64) {
        let guardian = try resident(number)
        let made = await send(
            .post, "/api/v1/me/children", Self.childDraft(born: born, serial: number), token: guardian.token)
        #expect(made.status == .created, "\(made.text)")
        return (guardian, try #require(made.json["id"]?.integer))
    }
}
