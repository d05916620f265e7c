import HTTP

/// One request in the log: no query, no body, no name; ids in paths are what an operator needs to find the rest.
enum AccessLine {
    static func append(_ exchange: Exchange, operation: String?, at now: Timestamp, to buffer: inout [UInt8]) {
        var line = "{\"at\":\"\(now)\",\"event\":\"request\",\"status\":\(exchange.status.code)"
        line += ",\"operation\":\"\(operation ?? "none")\",\"microseconds\":\(exchange.nanoseconds / 1_000)"
        line += ",\"bytes\":\(exchange.bytesSent),\"address\":\"\(exchange.peer)\""
        if let request = exchange.fields.first(where: { $0.name == .requestID }) {
            line += ",\"request\":\"\(request.value)\""
        }
        buffer.append(contentsOf: line.utf8)
        buffer.append(contentsOf: "}\n".utf8)
    }
}
