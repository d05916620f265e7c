/// What volunteers may add of themselves, as codes of the national lists (MZ/T 061-2015). Ethnicity and political status
/// are sensitive (个人信息保护法 art. 28), so all of it stands in a table of its own and enters no list: it is shown to its
/// owner alone.
package struct VolunteerParticulars: RequestBody, Encodable, Equatable {
    /// 民族 (GB/T 3304).
    package var ethnicity: String?
    /// 政治面貌 (GB/T 4762).
    package var politicalStatus: String?
    /// 文化程度 (GB/T 4658).
    package var education: String?
    /// 从业状况 (GB/T 2261.4).
    package var employment: String?
    /// 国籍 (GB/T 2659, three letters).
    package var nationality: String?

    /// Follows from what they say, for no row outlives what is taken back, and a count would begin anew.
    var version: Int64 {
        let codes = [ethnicity, politicalStatus, education, employment, nationality].map { $0 ?? "" }
        // As many bits as a number in JSON holds.
        return Int64(EntityTag.hash(Array(codes.joined(separator: ",").utf8)) >> 11)
    }

    package func check(_ faults: inout Faults) { check(&faults, below: "") }

    /// - Parameter pointer: where the object stands in the body.
    func check(_ faults: inout Faults, below pointer: String) {
        let coded: [(name: String, code: String?, list: Set<String>, standard: String)] = [
            ("ethnicity", ethnicity, VolunteerCodes.ethnicities, "GB/T 3304"),
            ("politicalStatus", politicalStatus, VolunteerCodes.politicalStatuses, "GB/T 4762"),
            ("education", education, VolunteerCodes.educations, "GB/T 4658"),
            ("employment", employment, VolunteerCodes.employments, "GB/T 2261.4"),
        ]
        for field in coded {
            guard let code = field.code, !field.list.contains(code) else { continue }
            faults.add("\(pointer)/\(field.name)", "应为 \(field.standard) 代码", "must be a code of \(field.standard)")
        }
        if let nationality, !VolunteerCodes.isNationality(nationality) {
            faults.add("\(pointer)/nationality", "应为 GB/T 2659 三字母代码", "must be three letters of GB/T 2659")
        }
    }
}

/// The national code lists a volunteer's particulars come from.
package enum VolunteerCodes {
    /// 01 to 56, and by the practice of the police 97 (other) and 98 (naturalised).
    package static let ethnicities = Set((1...56).map(twoDigits) + ["97", "98"])
    package static let politicalStatuses = Set((1...13).map(twoDigits))
    /// Groups (10, 20, …) and their items.
    package static let educations: Set<String> = [
        "10", "11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "22", "23", "28", "30", "31", "32",
        "33", "40", "41", "42", "43", "44", "45", "46", "47", "48", "49", "60", "61", "62", "63", "70", "71", "73",
        "80", "81", "83", "90",
    ]
    package static let employments: Set<String> = [
        "11", "13", "17", "21", "24", "27", "31", "37", "51", "54", "70", "80", "90",
    ]

    /// By form alone: states come and go.
    package static func isNationality(_ code: String) -> Bool {
        code.utf8.count == 3 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
