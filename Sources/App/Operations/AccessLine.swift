import HTTP

/// One request in the log: no query, no body, no name; ids in paths are what an operator needs to find the rest.
enum AccessLine {
    static func append(_ exchange: Exchange, operation: String?, at now: Timestamp, to output: JSONOutput) {
        output.openObject()
        output.key("at")
        output.time(now)
        output.key("event")
        output.string("request")
        output.key("status")
        output.integer(Int64(exchange.status.code))
        output.key("operation")
        output.string(operation ?? "none")
        output.key("microseconds")
        output.integer(Int64(clamping: exchange.nanoseconds / 1_000))
        output.key("bytes")
        output.integer(Int64(exchange.bytesSent))
        output.key("address")
        output.string(exchange.client.description)
        if let request = exchange.fields.first(where: { $0.name == .requestID }) {
            output.key("request")
            output.string(request.value)
        }
        output.close()
        output.endLine()
    }
}
