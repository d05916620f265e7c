import App
import Testing

@Suite("Identity numbers") struct IdentityNumberTests {
    private let today = CivilDate(daysSince1970: 20_780)  // 2026-11-23

    @Test(arguments: IdentityNumberVectors.good)
    func `a right number tells birth date and sex`(vector: IdentityNumberVectors.Good) throws {
        let identity = try IdentityNumber(judging: vector.number, as: vector.kind, today: today)
        #expect(identity.number == vector.number)
        #expect(identity.birthDate?.description == vector.birth)
        #expect(identity.sex == vector.sex)
    }

    @Test(arguments: IdentityNumberVectors.bad)
    func `a wrong number is refused for its own reason`(vector: IdentityNumberVectors.Bad) {
        #expect(throws: vector.fault) {
            try IdentityNumber(judging: vector.number, as: vector.kind, today: today)
        }
        #expect(IdentityNumber(kind: vector.kind, number: vector.number, today: today) == nil)
    }

    @Test(arguments: IdentityNumberVectors.good)
    func `one changed digit or two exchanged neighbours never pass`(vector: IdentityNumberVectors.Good) {
        let digits = Array(vector.number)
        for index in digits.indices {
            for digit in "0123456789X" where digit != digits[index] {
                var changed = digits
                changed[index] = digit
                #expect(IdentityNumber(kind: vector.kind, number: String(changed), today: today) == nil)
            }
            guard index > 0, digits[index] != digits[index - 1] else { continue }
            var exchanged = digits
            exchanged.swapAt(index, index - 1)
            #expect(IdentityNumber(kind: vector.kind, number: String(exchanged), today: today) == nil)
        }
    }

    @Test func `blanks and a small x are put right`() throws {
        let identity = try IdentityNumber(
            judging: " 510106 19880604 998x ", as: .residentIdentityCard, today: today)
        #expect(identity.number == "51010619880604998X")
    }

    @Test func `somebody born today is known and somebody born tomorrow is not`() throws {
        let birth = try #require(CivilDate("2015-06-18"))
        let eve = try #require(CivilDate("2015-06-17"))
        let number = "441202201506189988"
        #expect(IdentityNumber(kind: .residentIdentityCard, number: number, today: birth) != nil)
        #expect(throws: IdentityNumber.Fault.birthDate) {
            try IdentityNumber(judging: number, as: .residentIdentityCard, today: eve)
        }
    }

    @Test func `a number of one kind is not taken for another`() {
        #expect(IdentityNumber(kind: .residentIdentityCard, number: "810000198503159994", today: today) == nil)
        #expect(IdentityNumber(kind: .residencePermit, number: "510104199003079992", today: today) == nil)
        #expect(IdentityNumber(kind: .permanentResidence, number: "510104199003079992", today: today) == nil)
    }

    @Test(
        arguments: [
            (.passport, "E12345678"), (.passport, "ab12c"), (.passport, "12345678901234567"),
            (.hongKongMacauTravelPermit, "H12345678"), (.hongKongMacauTravelPermit, "M1234567801"),
            (.taiwanTravelPermit, "12345678"), (.permanentResidence, "CAN110081080302"),
        ] as [(IdentityKind, String)])
    func `papers without a check digit are held to their form`(kind: IdentityKind, number: String) throws {
        let identity = try IdentityNumber(judging: number, as: kind, today: today)
        #expect(identity.birthDate == nil)
        #expect(identity.sex == nil)
        #expect(identity.number == number.uppercased())
    }

    @Test(
        arguments: [
            (.passport, "E123"), (.passport, "123456789012345678"), (.passport, "E1234-567"), (.passport, "护照12345"),
            (.hongKongMacauTravelPermit, "A12345678"), (.hongKongMacauTravelPermit, "H1234567"),
            (.hongKongMacauTravelPermit, "H1234567890123"), (.hongKongMacauTravelPermit, ""),
            (.taiwanTravelPermit, "1234567"), (.taiwanTravelPermit, "1234567890"), (.taiwanTravelPermit, "1234567A"),
            (.permanentResidence, "CA1110081080302"), (.permanentResidence, "CAN11008108030A"),
        ] as [(IdentityKind, String)])
    func `a paper's number of another form is refused`(kind: IdentityKind, number: String) {
        #expect(throws: IdentityNumber.Fault.form) { try IdentityNumber(judging: number, as: kind, today: today) }
    }
}
