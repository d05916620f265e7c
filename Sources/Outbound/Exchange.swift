import App
import Dispatch
import Foundation
import FoundationNetworking
import Synchronization

/// One call to another server, waited for on a worker thread.
struct Exchange: Sendable {
    /// Answers longer than this are refused. Bytes.
    static let answerBytesMax = 1_048_576

    enum Failure: Error { case badAddress, unreachable, tooLong }

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
        session.dataTask(with: request) { data, response, _ in
            if let data, let response = response as? HTTPURLResponse {
                answer.value.withLock { $0 = (response.statusCode, data) }
            }
            done.signal()
        }.resume()
        guard done.wait(timeout: .now() + .seconds(seconds + 1)) == .success,
            let (status, body) = answer.value.withLock({ $0 })
        else { throw .unreachable }
        guard body.count <= Self.answerBytesMax else { throw .tooLong }
        return (status, body)
    }

    private final class Answer: Sendable {
        let value = Mutex<(Int, Data)?>(nil)
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
