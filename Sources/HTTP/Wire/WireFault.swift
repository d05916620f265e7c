/// Why the wire refused a request before the responder saw it.
package struct WireFault: Error, Sendable, Equatable {
    package let status: Status
    /// For the log and the problem's detail; says nothing of the request's contents.
    package let reason: StaticString

    package init(_ status: Status, _ reason: StaticString) {
        self.status = status
        self.reason = reason
    }

    package static func == (left: WireFault, right: WireFault) -> Bool { left.status == right.status }
}
