import HTTP

/// Writes one line of the log for each request: no query, no body, no name; ids in paths are what an operator needs to find
/// the rest. Keeps what one line shares with the next: the second, and the address as text.
struct AccessLine {
    private var beginning: [UInt8] = []
    private var beganAt: Timestamp?
    private var client: (address: PeerAddress, text: String)?

    mutating func append(_ exchange: Exchange, operation: String?, at now: Timestamp, to output: JSONOutput) {
        if beganAt != now {
            beganAt = now
            beginning = Array("{\"at\":\"\(now)\",\"event\":\"request\",\"status\":".utf8)
        }
        output.fragment(beginning)
        output.digits(UInt64(clamping: exchange.status.code))
        output.fragment(",\"operation\":\"")
        output.fragment(operation ?? "none")
        output.fragment("\",\"microseconds\":")
        output.digits(exchange.nanoseconds / 1_000)
        output.fragment(",\"bytes\":")
        output.digits(UInt64(clamping: exchange.bytesSent))
        output.fragment(",\"address\":\"")
        output.fragment(text(of: exchange.client))
        if let request = exchange.fields.first(where: { $0.name == .requestID }) {
            output.fragment("\",\"request\":\"")
            output.fragment(request.value)
        }
        output.fragment("\"}\n")
    }

    private mutating func text(of address: PeerAddress) -> String {
        if let client, client.address == address { return client.text }
        let text = address.description
        client = (address, text)
        return text
    }
}
