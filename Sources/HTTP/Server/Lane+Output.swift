import Glibc

/// From answers to sent bytes.
extension Lane {
    /// Bytes pulled from a stream before they are sent.
    private static var streamBatchBytes: Int { 65_536 }
    /// Longer bodies are sent from where they are instead of being copied behind their heads. Bytes.
    private static var copiedBodyBytes: Int { 65_536 }
    /// Bytes of a body sent before other connections get their turn.
    private static var turnBytes: Int { 1_048_576 }

    /// Puts an answer behind those before it.
    func answer(_ response: Response, _ connection: Connection) {
        if response.closesConnection || isDraining { connection.keepsAlive = false }
        let before = scratch.count
        var body: BodySender?
        var bodyBytes = 0
        switch response.body {
        case .empty, .bytes, .deferred:
            let large = appendWhole(
                response, version: connection.version, isHeadRequest: connection.isHeadRequest,
                keepsAlive: connection.keepsAlive, to: &scratch)
            if let large { (body, bodyBytes) = (.bytes(MemorySender(large)), large.count) }
        case .file(let slice):
            guard let file = FileSender(slice) else {
                return refuse(.unreadableFile, head: nil, connection)
            }
            appendHead(response, .length(slice.range.count), connection)
            (body, bodyBytes) = (.file(file), slice.range.count)
        case .stream(let stream): body = appendStreamHead(response, stream, connection)
        }
        if connection.isHeadRequest || response.status.forbidsBody {
            body?.cancel()
            (body, bodyBytes) = (nil, 0)
        }
        responder.finished(
            Exchange(
                status: response.status, label: response.label,
                nanoseconds: MonotonicClock.now() &- connection.startedAt,
                bytesSent: scratch.count - before + bodyBytes, client: response.client ?? connection.peer,
                fields: response.fields),
            state: &state.value)
        guard let body else { return settle(connection) }
        connection.phase = .sending(body)
        connection.deadline = now + limits.writeMilliseconds.nanoseconds
        if case .stream(let sender) = body { sender.start() }
    }

    private func appendHead(
        _ response: Response, _ framing: ResponseSerializer.Framing, _ connection: Connection
    ) {
        serializer.appendHead(
            response, framing: framing, version: connection.version, keepsAlive: connection.keepsAlive, to: &scratch)
    }

    /// Appends head and body of an answer that is in memory.
    /// - Returns: the body when it is too long to be copied; it is then the caller's to send.
    @discardableResult
    func appendWhole(
        _ response: Response, version: RequestHead.Version, isHeadRequest: Bool, keepsAlive: Bool,
        to output: inout [UInt8]
    ) -> [UInt8]? {
        let body: [UInt8] =
            switch response.body {
            case .bytes(let bytes): bytes
            case .deferred(let make): make()
            case .empty, .file, .stream: []
            }
        serializer.appendHead(
            response, framing: .length(body.count), version: version, keepsAlive: keepsAlive, to: &output)
        if isHeadRequest || response.status.forbidsBody { return nil }
        if body.count > Self.copiedBodyBytes { return body }
        output.append(contentsOf: body)
        return nil
    }

    private func appendStreamHead(
        _ response: Response, _ stream: any BodyStream, _ connection: Connection
    ) -> BodySender {
        let framing: ResponseSerializer.Framing = connection.version == .http11 ? .chunked : .close
        if framing == .close { connection.keepsAlive = false }
        appendHead(response, framing, connection)
        return .stream(StreamSender(stream, framing: framing, inbox: inbox, connection: connection.token))
    }

    /// The answer is complete as far as the responder is concerned: the next request, or the end.
    private func settle(_ connection: Connection) {
        connection.phase = connection.keepsAlive ? .head : .closing
        let allowance = connection.keepsAlive ? limits.idleMilliseconds : limits.writeMilliseconds
        connection.deadline = now + allowance.nanoseconds
    }

    /// Sends the answers gathered for a connection, keeping what the socket does not take.
    func flushScratch(_ connection: Connection) {
        if connection.hasOutput {
            connection.output += scratch
        } else if !scratch.isEmpty {
            guard let sent = scratch.withUnsafeBytes({ transmit($0, connection.descriptor) }) else {
                scratch.removeAll(keepingCapacity: true)
                return drop(connection)
            }
            if sent < scratch.count {
                connection.output = Array(scratch[sent...])
                connection.outputOffset = 0
            }
        }
        if scratch.capacity > limits.backlogBytes { scratch = [] } else { scratch.removeAll(keepingCapacity: true) }
        if connection.hasOutput { connection.deadline = now + limits.writeMilliseconds.nanoseconds }
        advance(connection)
    }

    /// Goes on sending after the socket has room again or a stream has more.
    func flush(_ connection: Connection) {
        guard connection.isOpen else { return }
        if connection.hasOutput {
            let offset = connection.outputOffset
            let sent = connection.output.withUnsafeBytes { bytes in
                transmit(UnsafeRawBufferPointer(rebasing: bytes[offset...]), connection.descriptor)
            }
            guard let sent else { return drop(connection) }
            if sent > 0 { connection.deadline = now + limits.writeMilliseconds.nanoseconds }
            connection.outputOffset += sent
            guard !connection.hasOutput else { return }
            (connection.output, connection.outputOffset) = ([], 0)
            setDeadlineAfterOutput(connection)
        }
        advance(connection)
        goOn(connection)
    }

    /// What follows once the output is empty: more of a body, or the end of the connection.
    private func advance(_ connection: Connection) {
        guard connection.isOpen, !connection.hasOutput else { return }
        switch connection.phase {
        case .sending(let body): send(body, connection)
        case .closing:
            shutdown(connection.descriptor, Int32(SHUT_WR))
            connection.phase = .lingering
            connection.input = []
            connection.hasUnreadInput = false
            connection.deadline = now + limits.lingerMilliseconds.nanoseconds
        case .head, .body, .pending, .lingering: return
        }
    }

    private func send(_ body: BodySender, _ connection: Connection) {
        var sent = 0
        let outcome =
            switch body {
            case .bytes(let sender): sender.send(on: connection.descriptor, atMost: Self.turnBytes, sent: &sent)
            case .file(let sender): sender.send(on: connection.descriptor, atMost: Self.turnBytes, sent: &sent)
            case .stream(let sender): pull(sender, connection, sent: &sent)
            }
        if sent > 0 { connection.deadline = now + limits.writeMilliseconds.nanoseconds }
        switch outcome {
        case .done:
            settle(connection)
            if connection.hasOutput { connection.deadline = now + limits.writeMilliseconds.nanoseconds }
            advance(connection)
        case .full: return
        case .yielded: enqueue(connection)
        // A stream that waits is not slow: only a client that takes nothing is.
        case .waits: if !connection.hasOutput { connection.deadline = 0 }
        case .failed: cutOff(connection)
        }
    }

    /// Closes with a reset: a body that HTTP/1.0 delimits by the end of the connection must not seem to end well.
    private func cutOff(_ connection: Connection) {
        var now = linger(l_onoff: 1, l_linger: 0)
        setsockopt(connection.descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        drop(connection)
    }

    /// One batch a turn, for what a stream has to find takes longer than what lies ready.
    private func pull(_ sender: StreamSender, _ connection: Connection, sent: inout Int) -> BodySender.Outcome {
        var batch: [UInt8] = []
        let outcome = sender.pull(Self.streamBatchBytes, into: &batch)
        guard let count = batch.withUnsafeBytes({ transmit($0, connection.descriptor) }) else { return .failed }
        sent = count
        if outcome == .failed { return .failed }
        guard count < batch.count else { return outcome }
        (connection.output, connection.outputOffset) = (batch, count)
        connection.deadline = now + limits.writeMilliseconds.nanoseconds
        return outcome == .done ? .done : .full
    }
}
