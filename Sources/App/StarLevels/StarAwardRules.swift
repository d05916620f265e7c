package import HTTP

extension StarAward {
    /// The levels a volunteer has now earned beyond the one they have, in order.
    /// - Parameter thresholds: minutes for the first level, the second and so on, ascending.
    package static func earned(beyond level: Int, minutes: Int, thresholds: [Int]) -> [Int] {
        thresholds.indices.dropFirst(level).prefix { minutes >= thresholds[$0] }.map { $0 + 1 }
    }

    /// A star may go only when corrections have taken away what it was awarded for.
    /// - Throws: 409 otherwise.
    package func checkRevocation(minutes: Int) throws(Problem) {
        guard minutes < thresholdMinutes else {
            throw Problem(
                .conflict,
                detail: Wording(zh: "已确认时长仍达到该星级要求", en: "The confirmed minutes still suffice for this star"))
        }
    }
}

extension StarApplication {
    /// The level to apply for.
    /// - Throws: 409 with all five stars, too few minutes, or where stars come by themselves.
    package static func level(
        after level: Int, minutes: Int, thresholds: [Int], manner: StarAward.Manner
    ) throws(Problem) -> Int {
        guard manner == .application else {
            throw Problem(.conflict, detail: Wording(zh: "星级由系统自动授予", en: "Stars are awarded without application"))
        }
        guard thresholds.indices.contains(level) else {
            throw Problem(.limitReached, detail: Wording(zh: "已是最高星级", en: "There is no higher star"))
        }
        guard minutes >= thresholds[level] else {
            throw Problem(
                .conflict,
                detail: Wording(
                    zh: "已确认 \(minutes) 分钟，\(level + 1) 星需要 \(thresholds[level]) 分钟",
                    en: "\(minutes) minutes are confirmed; star \(level + 1) needs \(thresholds[level])"),
                reasons: ["notEnoughMinutes"])
        }
        return level + 1
    }
}
