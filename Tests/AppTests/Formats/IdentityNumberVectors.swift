import App

/// The project's vectors (`vectors/id_numbers.json`): sequence codes 996 to 999, not real people, and the two official
/// specimens of the 2023 permanent residence card.
enum IdentityNumberVectors {
    struct Good: Sendable {
        var kind: IdentityKind
        var number: String
        var birth: String
        var sex: Sex
    }
    struct Bad: Sendable {
        var kind: IdentityKind
        var number: String
        var fault: IdentityNumber.Fault
    }

    static let good: [Good] = [
        .init(kind: .residentIdentityCard, number: "510104199003079992", birth: "1990-03-07", sex: .male),
        .init(kind: .residentIdentityCard, number: "510108200002299986", birth: "2000-02-29", sex: .female),
        .init(kind: .residentIdentityCard, number: "51010619880604998X", birth: "1988-06-04", sex: .female),
        .init(kind: .residentIdentityCard, number: "441202201506189988", birth: "2015-06-18", sex: .female),
        .init(kind: .residentIdentityCard, number: "512222197501019993", birth: "1975-01-01", sex: .male),
        .init(kind: .residentIdentityCard, number: "62010219450911998X", birth: "1945-09-11", sex: .female),
        .init(kind: .residencePermit, number: "810000198503159994", birth: "1985-03-15", sex: .male),
        .init(kind: .residencePermit, number: "820000199208209983", birth: "1992-08-20", sex: .female),
        .init(kind: .residencePermit, number: "830000197811059994", birth: "1978-11-05", sex: .male),
        .init(kind: .residencePermit, number: "810000201401019987", birth: "2014-01-01", sex: .female),
        .init(kind: .residencePermit, number: "830000200402299983", birth: "2004-02-29", sex: .female),
        .init(kind: .permanentResidence, number: "911124198108030024", birth: "1981-08-03", sex: .female),
        .init(kind: .permanentResidence, number: "932682198501010017", birth: "1985-01-01", sex: .male),
        .init(kind: .permanentResidence, number: "951840199003079999", birth: "1990-03-07", sex: .male),
        .init(kind: .permanentResidence, number: "951392198812319985", birth: "1988-12-31", sex: .female),
        .init(kind: .permanentResidence, number: "944826201506189990", birth: "2015-06-18", sex: .male),
    ]

    static let bad: [Bad] = [
        .init(kind: .residentIdentityCard, number: "51010419900307999X", fault: .checkDigit),
        .init(kind: .residentIdentityCard, number: "510104199002309995", fault: .birthDate),
        .init(kind: .residentIdentityCard, number: "510104190002299992", fault: .birthDate),
        .init(kind: .residentIdentityCard, number: "990104199003079991", fault: .region),
        .init(kind: .residentIdentityCard, number: "000104199003079992", fault: .region),
        .init(kind: .residentIdentityCard, number: "51010419900307999", fault: .form),
        .init(kind: .residentIdentityCard, number: "510104900307999", fault: .form),
        .init(kind: .residentIdentityCard, number: "51010O199003079992", fault: .form),
        .init(kind: .residentIdentityCard, number: "510104209912319996", fault: .birthDate),
        .init(kind: .residentIdentityCard, number: "５10104199003079992", fault: .form),
        .init(kind: .residencePermit, number: "810000198503159991", fault: .checkDigit),
        .init(kind: .residencePermit, number: "710000197811059997", fault: .region),
        .init(kind: .residencePermit, number: "810001198503159990", fault: .region),
        .init(kind: .residencePermit, number: "820000199209319981", fault: .birthDate),
        .init(kind: .residencePermit, number: "83000019781105999", fault: .form),
        .init(kind: .permanentResidence, number: "951840199003079996", fault: .checkDigit),
        .init(kind: .permanentResidence, number: "951840199002309991", fault: .birthDate),
        .init(kind: .permanentResidence, number: "900840199003079999", fault: .region),
        .init(kind: .permanentResidence, number: "95184019900307999", fault: .form),
        .init(kind: .permanentResidence, number: "CAN11008108030", fault: .form),
    ]
}
