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
        let collector = Collector()
        let session = URLSession(configuration: configuration, delegate: collector, delegateQueue: nil)
        defer { session.finishTasksAndInvalidate() }
        session.dataTask(with: request).resume()
        guard collector.isDone.wait(timeout: .now() + .seconds(seconds + 1)) == .success else { throw .unanswered }
        return try collector.result.withLock { $0 }.get()
    }

    /// Gathers one answer. It follows no redirection: a message for one place is not delivered by what another says.
    private final class Collector: NSObject, URLSessionDataDelegate {
        let isDone = DispatchSemaphore(value: 0)
        let result = Mutex<Result<(status: Int, body: Data), Failure>>(.failure(.unanswered))
        private let body = Mutex(Data())

        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }

        /// Keeps no more than shows that there is too much.
        func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
            body.withLock { if $0.count <= Exchange.answerBytesMax { $0.append(data) } }
        }

        func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
            let body = body.withLock { $0 }
            result.withLock { result in
                if let code = (error as? URLError)?.code, Exchange.unconnected.contains(code) {
                    result = .failure(.unreachable)
                } else if error == nil, let response = task.response as? HTTPURLResponse {
                    result =
                        body.count > Exchange.answerBytesMax
                        ? .failure(.tooLong) : .success((response.statusCode, body))
                }
            }
            isDone.signal()
        }
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
