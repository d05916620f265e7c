import Glibc

/// Why the server could not start.
package enum ServerError: Error, Sendable, Equatable, CustomStringConvertible {
    case badAddress(String)
    case addressInUse(String)
    case notPermitted(String)
    case system(String, Int32)

    package var description: String {
        switch self {
        case .badAddress(let text): "\(text) is not an address of this machine"
        case .addressInUse(let text): "\(text) is taken by another program: stop it or listen elsewhere"
        case .notPermitted(let text): "listening on \(text) needs more rights: take a port from 1024 up"
        case .system(let call, let code): "\(call): \(String(cString: strerror(code)))"
        }
    }
}
