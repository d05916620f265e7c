import Glibc

/// From received bytes to answers.
extension Lane {
    /// Serves what a connection has sent: `fresh` bytes behind those it kept from before.
    func serve(_ connection: Connection, _ fresh: UnsafeBufferPointer<UInt8>) {
        guard connection.isOpen else { return }
        if case .lingering = connection.phase { return goOn(connection) }
        if connection.input.isEmpty {
            let consumed = consume(fresh, connection)
            if consumed < fresh.count { connection.input = Array(fresh[consumed...]) }
        } else {
            var input = connection.input
            connection.input = []
            input.append(contentsOf: fresh)
            let consumed = input.withUnsafeBufferPointer { consume($0, connection) }
            if consumed < input.count {
                input.removeFirst(consumed)
                connection.input = input
            }
        }
        flushScratch(connection)
        goOn(connection)
    }

    /// Decides what a connection does next. One whose answer is pending or being sent goes on by itself.
    func goOn(_ connection: Connection) {
        guard connection.isOpen, connection.takesInput else { return }
        if connection.hasUnreadInput || connection.isReadable { return enqueue(connection) }
        if connection.isAtEnd || (isDraining && connection.isIdle) { drop(connection) }
    }

    /// Answers the requests in `bytes` as far as they are whole.
    /// - Returns: how many bytes were used.
    private func consume(_ bytes: UnsafeBufferPointer<UInt8>, _ connection: Connection) -> Int {
        var offset = 0
        var served = 0
        connection.hasUnreadInput = false
        while offset < bytes.count {
            let backlog = scratch.count + connection.output.count - connection.outputOffset
            guard served < limits.pipelinedRequests, backlog < limits.backlogBytes else {
                connection.hasUnreadInput = true
                return offset
            }
            switch connection.phase {
            case .head:
                guard readHead(bytes, &offset, connection) else { return offset }
            case .body(let reader):
                guard readBody(reader, bytes, &offset, connection) else { return offset }
            case .pending, .sending, .closing, .lingering:
                connection.hasUnreadInput = true
                return offset
            }
            served += 1
        }
        return offset
    }

    /// - Returns: whether to go on with the bytes behind the head.
    private func readHead(_ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int, _ connection: Connection) -> Bool {
        if !connection.parser.isPartial {
            connection.startedAt = now
            connection.deadline = now + limits.headMilliseconds.nanoseconds
            // A fault in this head is not the previous request's to shape.
            (connection.version, connection.isHeadRequest) = (.http11, false)
        }
        switch connection.parser.parse(UnsafeBufferPointer(rebasing: bytes[offset...]), limits: limits) {
        case .needMore: return false
        case .fault(let fault):
            offset = bytes.count
            refuse(fault, head: nil, connection)
            return false
        case .head(let parsed, let consumed):
            offset += consumed
            connection.version = parsed.head.version
            connection.keepsAlive = parsed.keepsAlive && !isDraining
            connection.isHeadRequest = parsed.head.method == .head
            if parsed.framing == .none {
                respond(Request(head: parsed.head, peer: connection.peer), connection)
                return true
            }
            return beginBody(parsed, hasBytes: offset < bytes.count, connection)
        }
    }

    private func beginBody(_ parsed: ParsedHead, hasBytes: Bool, _ connection: Connection) -> Bool {
        let limit: Int
        let isForm: Bool
        switch responder.admit(parsed.head, peer: connection.peer, state: &state.value) {
        case .body(let bytes): (limit, isForm) = (bytes, false)
        case .form(let bytes): (limit, isForm) = (bytes, true)
        case .refuse(let response):
            connection.keepsAlive = false
            answer(response, connection)
            return false
        }
        do throws(WireFault) {
            let reader = try BodyReader(
                parsed, limit: limit, isForm: isForm, limits: limits, temporaryDirectory: temporaryDirectory,
                startedAt: now)
            connection.phase = .body(reader)
            connection.deadline = reader.deadline
        } catch {
            refuse(error, head: parsed.head, connection)
            return false
        }
        if parsed.expectsContinue && !hasBytes { scratch += ResponseSerializer.continueHead }
        return true
    }

    private func readBody(
        _ reader: BodyReader, _ bytes: UnsafeBufferPointer<UInt8>, _ offset: inout Int, _ connection: Connection
    ) -> Bool {
        switch reader.read(bytes, &offset) {
        case .needMore:
            connection.deadline = reader.deadline
            return false
        case .fault(let fault):
            offset = bytes.count
            refuse(fault, head: reader.parsed.head, connection)
            return false
        case .done(let body):
            respond(Request(head: reader.parsed.head, body: body, peer: connection.peer), connection)
            return true
        }
    }

    private func respond(_ request: Request, _ connection: Connection) {
        connection.request &+= 1
        connection.phase = .pending
        connection.deadline = 0
        let reply = Reply(inbox, connection.token, request: connection.request)
        switch responder.respond(to: request, reply: reply, state: &state.value) {
        case .pending: return
        case .response(let response): answer(response, connection)
        }
    }

    /// Answers a fault of the wire and closes: what follows cannot be told from the rest of the bad request.
    func refuse(_ fault: WireFault, head: RequestHead?, _ connection: Connection) {
        connection.keepsAlive = false
        answer(responder.refuse(fault, head: head, peer: connection.peer, state: &state.value), connection)
    }

    /// Takes what another queue left for a connection.
    func deliver(_ message: Inbox.Message) {
        guard let connection = connection(message.connection) else { return }
        switch message.content {
        case .wake(let alarm):
            // Before the stream is asked: what it says from now on is news.
            alarm.isHeard()
            if connection.isSending { flush(connection) }
        case .answer(let response, let request): deliver(response, to: request, connection)
        case .lateAnswer(let late, let request): deliver(late.response(), to: request, connection)
        }
    }

    private func deliver(_ response: @autoclosure () -> Response, to request: UInt32, _ connection: Connection) {
        guard case .pending = connection.phase, connection.request == request else { return }
        answer(response(), connection)
        serve(connection, UnsafeBufferPointer(start: nil, count: 0))
    }
}
