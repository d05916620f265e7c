package import HTTP

/// Typed query parameters. A value that is not of its type is 400 and named.
extension APIRequest {
    private func refused(_ name: String, _ zh: String, _ en: String) -> Problem {
        Problem(.malformed, faults: [.init("?\(name)", Wording(zh: zh, en: en))])
    }

    package func integer(_ name: String, _ range: ClosedRange<Int>) throws(Problem) -> Int? {
        guard let text = parameter(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw refused(
                name, "应为 \(range.lowerBound) 到 \(range.upperBound) 的整数",
                "must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    package func reference<Entity>(_ name: String, of: Entity.Type = Entity.self) throws(Problem) -> ID<Entity>? {
        guard let text = parameter(name) else { return nil }
        guard let number = Int64(text), ID<Entity>.range.contains(number) else {
            throw refused(name, "应为编号", "must be an id")
        }
        return ID(number)
    }

    package func choice<Choice: RawRepresentable & CaseIterable>(
        _ name: String, _: Choice.Type
    ) throws(Problem) -> Choice? where Choice.RawValue == String {
        guard let text = parameter(name) else { return nil }
        guard let choice = Choice(rawValue: text) else {
            let all = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw refused(name, "应为以下之一：\(all)", "must be one of \(all)")
        }
        return choice
    }

    package func time(_ name: String) throws(Problem) -> Timestamp? {
        guard let text = parameter(name) else { return nil }
        guard let time = Timestamp(text) else {
            throw refused(name, "应为 RFC 3339 时间", "must be an RFC 3339 time (write + as %2B)")
        }
        return time
    }

    package func flag(_ name: String) throws(Problem) -> Bool {
        switch parameter(name) {
        case nil, "false": return false
        case "true": return true
        default: throw refused(name, "应为 true 或 false", "must be true or false")
        }
    }

    /// Refuses parameters that would say nothing beside another, rather than leave them out in silence.
    package func refuse(_ names: [String], beside other: String) throws(Problem) {
        for name in names where parameter(name) != nil {
            throw refused(name, "不能与 \(other) 同用", "cannot be combined with \(other)")
        }
    }

    package func refuse(_ names: [String], without other: String) throws(Problem) {
        for name in names where parameter(name) != nil {
            throw refused(name, "须与 \(other) 同用", "needs \(other)")
        }
    }

    /// `near=longitude,latitude` in GCJ-02.
    package func near() throws(Problem) -> Position? {
        guard let text = parameter("near") else { return nil }
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let longitude = parts[0], let latitude = parts[1],
            let position = Position(longitude: longitude, latitude: latitude)
        else { throw refused("near", "应为国内的“经度,纬度”", "must be longitude,latitude within China") }
        return position
    }

    /// `q` as an FTS5 expression.
    package func words() throws(Problem) -> String? {
        guard let text = parameter("q") else { return nil }
        guard text.count <= 100, let words = Bigrams.query(text) else {
            throw refused("q", "应为 1–100 个字符的检索词", "must be words of 1 to 100 characters")
        }
        return words
    }
}
