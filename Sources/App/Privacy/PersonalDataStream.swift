package import HTTP
import SQLite
import Synchronization

/// The copy of everything the database has on a person (个人信息副本, 个人信息保护法 art. 45), made section by section and page
/// by page while the socket takes it: memory holds one page, however much there is. It reads on a connection of its own,
/// each page in a snapshot of its own, so that a slow reader holds back no checkpoint. A copy that cannot be finished
/// is cut off.
package final class PersonalDataStream: BodyStream {
    /// Rows of a piece.
    package static let pageRows = 50

    private struct State {
        var database: Database?
        var section = 0
        /// Whose rows of the section.
        var person = 0
        var key: Value?
        var hasRows = false
        var isBegun = false
        var isDone = false
    }

    private let path: String
    private let people: [PersonalData.Person]
    private let head: [UInt8]
    private let state = Mutex(State())

    /// - Parameters:
    ///   - people: the person, and those merged into them.
    ///   - documents: the person's own papers, which only the vault can open.
    package init(
        path: String, people: [PersonalData.Person], documents: [IdentityVault.Document], language: Language,
        now: Timestamp
    ) {
        self.path = path
        self.people = people
        var head = JSON.encode(Head(generatedAt: now, identityDocuments: documents, withheld: Withheld.all(language)))
        head.removeLast()
        self.head = head + Array(#","sections":{"#.utf8)
    }

    package func start(wake: @escaping @Sendable () -> Void) {
        state.withLock { $0.database = try? Database(path: path) }
    }

    package func next() -> BodyChunk {
        state.withLock { state in
            if state.isDone { return .end }
            guard let database = state.database else { return .failed }
            do {
                // A piece may be empty: most of what a merged-away person had has moved.
                while true {
                    let bytes = try piece(&state, database)
                    if !bytes.isEmpty { return .bytes(bytes) }
                }
            } catch {
                state.database = nil
                return .failed
            }
        }
    }

    package func cancel() { state.withLock { $0.database = nil } }

    private func piece(_ state: inout State, _ database: Database) throws -> [UInt8] {
        var bytes = state.isBegun ? [] : head
        state.isBegun = true
        guard state.section < PersonalData.all.count else {
            state.isDone = true
            return bytes + Array("}}".utf8)
        }
        let section = PersonalData.all[state.section]
        if state.key == nil, state.person == 0 {
            bytes += Array("\(state.section > 0 ? "," : "")\"\(section.section)\":[".utf8)
            state.hasRows = false
        }
        let page = try section.page(of: people[state.person], after: state.key, limit: Self.pageRows, in: database)
        for row in page.rows {
            if state.hasRows { bytes.append(UInt8(ascii: ",")) }
            state.hasRows = true
            bytes += JSON.encode(row)
        }
        state.key = page.last
        guard page.last == nil else { return bytes }
        state.person += 1
        if state.person == people.count {
            bytes.append(UInt8(ascii: "]"))
            state.section += 1
            state.person = 0
        }
        return bytes
    }

    private struct Head: Encodable {
        var generatedAt: Timestamp
        var identityDocuments: [IdentityVault.Document]
        var withheld: [Withheld]
    }

    /// What the copy leaves out, and why.
    private struct Withheld: Encodable {
        var what: String
        var why: String

        static func all(_ language: Language) -> [Withheld] {
            let texts = [
                (
                    Wording(zh: "密码、令牌与查询用的哈希值", en: "hashes of passwords, tokens and numbers"),
                    Wording(zh: "仅用于校验，不含可读信息", en: "they only serve comparison")
                ),
                (
                    Wording(zh: "您履行职务时处理他人事项的记录", en: "what you did for others in office"),
                    Wording(
                        zh: "涉及他人个人信息；您本人的操作见 auditEntries", en: "it is about others; auditEntries tells what you did")
                ),
            ]
            return texts.map { Withheld(what: $0.0[language], why: $0.1[language]) }
        }
    }
}

extension PersonalData {
    package static let routes: [Route] = [
        // A write, because opening the number and taking the copy leave an audit row.
        .write(.get, "/api/v1/me/export", "exportMyData", access: .account, rate: .exports) { request, db in
            let caller = try request.signedIn()
            let people = try Person.all(caller.account, in: db)
            let documents = try IdentityVault.openAll(of: people, for: request, in: db)
            let stream = PersonalDataStream(
                path: request.services.configuration.databasePath,
                people: people, documents: documents, language: request.language, now: request.now)
            return Response(
                .ok,
                fields: [
                    (.contentType, "application/json; charset=utf-8"), (.cacheControl, "no-store"),
                    (.contentDisposition, "attachment; filename=\"wenming-export.json\""),
                ], body: .stream(stream))
        }.auditingItself
    ]
}
