import App
import HTTP
import Support
import Testing

@Suite("What age demands") struct GuardianshipRuleTests {
    private func date(_ text: String) throws -> CivilDate { try #require(CivilDate(text)) }

    @Test(arguments: [
        ("2009-03-01", "2027-02-28", true), ("2009-03-01", "2027-03-01", false),
        ("2009-02-28", "2027-02-27", true), ("2009-02-28", "2027-02-28", false),
        // Born on a leap day: of age on 1 March of a common year.
        ("2008-02-29", "2026-02-28", true), ("2008-02-29", "2026-03-01", false),
        ("2010-02-28", "2028-02-28", false), ("2010-03-01", "2028-02-29", true), ("2010-12-31", "2028-12-30", true),
        ("2010-12-31", "2028-12-31", false), ("2026-01-01", "2027-01-01", true),
    ]) func `minority ends on the eighteenth birthday, in SQL as in Swift`(
        born: String, today: String, isMinor: Bool
    ) throws {
        #expect(GuardianshipRules.isMinor(try date(born), on: try date(today)) == isMinor)
        #expect((born > GuardianshipRules.lastBirthDateOfAge(on: try date(today))) == isMinor)
    }

    @Test func `text and date agree on every day around leap days`() throws {
        let born = try date("2008-01-01").daysSince1970
        for day in [try date("2026-02-27"), try date("2028-02-28"), try date("2028-02-29"), try date("2028-03-01")] {
            let last = GuardianshipRules.lastBirthDateOfAge(on: day)
            for offset in Int64(0)...1_000 {
                let birth = CivilDate(daysSince1970: born + offset)
                #expect((birth.description > last) == GuardianshipRules.isMinor(birth, on: day))
            }
        }
    }

    @Test(arguments: [
        ("2013-03-02", "2027-03-01", true), ("2013-03-01", "2027-03-01", false), ("2012-02-29", "2026-02-28", true),
        ("2012-02-29", "2026-03-01", false),
    ]) func `below fourteen the guardian consents separately`(born: String, today: String, isNeeded: Bool) throws {
        let (born, today) = (try date(born), try date(today))
        #expect(GuardianshipRules.needsSeparateConsent(born, on: today) == isNeeded)
        for (separate, isRefused) in [(nil, isNeeded), (false, isNeeded), (true, false)] as [(Bool?, Bool)] {
            let text = separate.map { ", \"separateConsent\": \($0)" } ?? ""
            let consent = try JSON.decode(
                Guardianship.Consent.self, from: Array(#"{"relation": "parent", "documentVersion": "1"\#(text)}"#.utf8))
            var refusal: Problem?
            do throws(Problem) { try GuardianshipRules.check(consent, to: born, today: today) } catch {
                refusal = error
            }
            #expect((refusal != nil) == isRefused)
        }
    }

    @Test(arguments: [
        ("2017-03-02", "2027-03-01", true), ("2017-03-01", "2027-03-01", false), ("2016-02-29", "2026-02-28", true),
        ("2016-02-29", "2026-03-01", false),
    ]) func `below ten somebody comes along`(born: String, day: String, isNeeded: Bool) throws {
        #expect(GuardianshipRules.needsCompanion(try date(born), on: try date(day)) == isNeeded)
    }

    @Test(arguments: [
        ("2021-03-01", true), ("2021-03-02", false), ("2020-02-29", true),
    ]) func `below six nobody is registered`(born: String, isTaken: Bool) throws {
        var draft = try JSON.decode(Volunteer.Draft.self, from: Array(TestClient.registration().utf8))
        draft.identityNumber = TestClient.identityNumber(born: born)
        draft.guardian = .init(name: "王家长", phone: "13900000002")
        let today = try date("2027-03-01")
        let person = try? VolunteerRules.person(draft, accountPhone: PhoneNumber("13900000001"), today: today)
        #expect((person != nil) == isTaken)
    }
}
