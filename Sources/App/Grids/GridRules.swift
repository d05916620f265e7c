package import HTTP

/// Where a grid may lie and who may be put in charge of it.
extension Grid {
    /// Grids divide communities and villages, nothing above and nothing below them.
    /// - Throws: 422 at `pointer` for a site of another level.
    package static func requireCommunity(_ station: Station, pointer: String) throws(Problem) {
        guard station.kind == .station else {
            throw Problem(
                .invalid,
                faults: [.init(pointer, Wording(zh: "应为社区（村）级的实践站", en: "must be the station of a community"))])
        }
    }

    /// - Throws: 409 for a grid that is no more.
    package func requireLiving() throws(Problem) {
        guard retiredAt == nil else {
            throw Problem(.conflict, detail: Wording(zh: "该网格已撤销", en: "The grid is retired"), state: "retired")
        }
    }
}

extension GridWorker {
    /// The reason that stands in the row of a worker whose place another took.
    package static let replaced = "由他人接任"
}
