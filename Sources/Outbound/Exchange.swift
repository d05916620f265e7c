import App
import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// One call to another server, waited for on a worker thread.
struct Exchange: Sendable {
    /// Answers longer than this are refused. Bytes.
    static let answerBytesMax = 1_048_576

    enum Failure: Error {
        case badAddress
        /// No connection was made, so the other server has seen nothing.
        case unreachable
        /// It may have seen the request.
        case unanswered
        case tooLong
    }

    /// What ends a call before a connection stands.
    private static let unconnected: Set<URLError.Code> = [
        .badURL, .unsupportedURL, .cannotFindHost, .dnsLookupFailed, .cannotConnectToHost, .notConnectedToInternet,
    ]

    var seconds: Int

    /// - Throws: when no answer came within `seconds`. The error never holds the address, which may carry a secret.
    func send(_ request: URLRequest) throws(Failure) -> (status: Int, body: Data) {
        var request = request
        request.timeoutInterval = TimeInterval(seconds)
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForResource = TimeInterval(seconds)
        let session = URLSession(configuration: configuration)
        defer { session.finishTasksAndInvalidate() }
        let done = DispatchSemaphore(value: 0)
        let answer = Answer()
        let task = session.dataTask(with: request) { data, response, error in
            answer.value.withLock { value in
                if let data, let response = response as? HTTPURLResponse {
                    value = .success((response.statusCode, data))
                } else if let code = (error as? URLError)?.code, Self.unconnected.contains(code) {
                    value = .failure(.unreachable)
                }
            }
            done.signal()
        }
        task.resume()
        guard done.wait(timeout: .now() + .seconds(seconds + 1)) == .success else { throw .unanswered }
        let (status, body) = try answer.value.withLock { $0 }.get()
        guard body.count <= Self.answerBytesMax else { throw .tooLong }
        return (status, body)
    }

    private final class Answer: Sendable {
        let value = Mutex<Result<(Int, Data), Failure>>(.failure(.unanswered))
    }
}

extension URLRequest {
    /// - Parameter token: a bearer token; empty for none.
    static func posting(_ members: [String: String], to address: URL, token: String) -> URLRequest {
        var request = URLRequest(url: address)
        request.httpMethod = "POST"
        request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        if !token.isEmpty { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        request.httpBody = Data(JSON.encode(members))
        return request
    }
}
