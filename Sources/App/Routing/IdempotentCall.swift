import HTTP
import Synchronization

/// A request with an `Idempotency-Key`: what its answer is kept under, and by what another request is told from it.
struct IdempotentCall: Sendable {
    let account: ID<Account>
    let key: String
    /// Method, path, query and body: the same key with anything else is a mistake of the client's.
    let fingerprint: [UInt8]

    /// Reads the files of a form, which takes a while: for those this belongs on a worker thread.
    /// - Throws: 503 when a file of a form cannot be read.
    init(_ key: String, _ request: APIRequest) throws(Problem) {
        account = try request.account()
        self.key = key
        var hash = SHA256()
        hash.update(Array(request.route.method.rawValue.utf8))
        hash.update(request.head.bytes[request.head.path])
        if let query = request.head.query { hash.update(request.head.bytes[query]) }
        hash.update([0])
        switch request.message.body {
        case .empty: break
        case .bytes(let bytes): hash.update(bytes)
        case .form(let form):
            // Not the bytes as sent, whose boundary is another each time.
            for field in form.fields { hash.update(Self.part(field.name, Array(field.value.utf8))) }
            for file in form.files {
                guard let contents = FileSystem.hash(of: file.contents.path) else {
                    throw Problem(.unavailable, retryAfter: 1)
                }
                hash.update(Self.part(file.name, contents))
            }
        }
        fingerprint = hash.finish()
    }

    /// With the lengths, for two forms must not come to the same bytes.
    private static func part(_ name: String, _ value: [UInt8]) -> [UInt8] {
        Array("\(name.utf8.count):\(name)\(value.count):".utf8) + value
    }
}

/// The keyed calls that worker threads are busy with, at most one for each thread. In memory, for one process serves a
/// database, and a call dies with it.
final class CallsUnderWay: Sendable {
    private struct Name: Hashable {
        var account: ID<Account>
        var key: String
    }

    private let names = Mutex<Set<Name>>([])

    /// False while another call with the same key runs.
    func enter(_ call: IdempotentCall) -> Bool {
        names.withLock { $0.insert(Name(account: call.account, key: call.key)).inserted }
    }

    func leave(_ call: IdempotentCall) {
        _ = names.withLock { $0.remove(Name(account: call.account, key: call.key)) }
    }
}
