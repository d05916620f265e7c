import CLinux
import Glibc

/// From answers to sent bytes.
extension Lane {
    /// Chunks taken from a stream before the socket is asked again. Bytes.
    private static var streamBatchBytes: Int { 65_536 }

    /// Puts an answer behind those before it.
    func answer(_ response: Response, _ connection: Connection) {
        if response.closesConnection || isDraining { connection.keepsAlive = false }
        let before = scratch.count
        var sender: BodySender?
        switch response.body {
        case .empty, .bytes, .deferred:
            appendWhole(
                response, version: connection.version, isHeadRequest: connection.isHeadRequest,
                keepsAlive: connection.keepsAlive, to: &scratch)
        case .file(let slice):
            guard let opened = openFile(slice) else {
                return answer(responder.refuse(.storage, head: nil, state: &state.value), connection)
            }
            serializer.appendHead(
                response, framing: .length(slice.range.count), version: connection.version,
                keepsAlive: connection.keepsAlive, to: &scratch)
            sender = opened
        case .stream(let stream): sender = appendStreamHead(response, stream, connection)
        }
        responder.finished(
            Exchange(
                status: response.status, label: response.label,
                nanoseconds: MonotonicClock.now() &- connection.startedAt, bytesSent: scratch.count - before,
                peer: connection.peer, fields: response.fields), state: &state.value)
        guard let sender, !connection.isHeadRequest, !response.status.forbidsBody else {
            sender?.cancel()
            return settle(connection)
        }
        connection.phase = .sending(sender)
        connection.deadline = now + limits.writeMilliseconds.nanoseconds
    }

    /// Appends head and body of an answer that is in memory.
    func appendWhole(
        _ response: Response, version: RequestHead.Version, isHeadRequest: Bool, keepsAlive: Bool,
        to output: inout [UInt8]
    ) {
        let body: [UInt8] =
            switch response.body {
            case .bytes(let bytes): bytes
            case .deferred(let make): make()
            case .empty, .file, .stream: []
            }
        serializer.appendHead(
            response, framing: .length(body.count), version: version, keepsAlive: keepsAlive, to: &output)
        if !isHeadRequest && !response.status.forbidsBody { output.append(contentsOf: body) }
    }

    private func appendStreamHead(
        _ response: Response, _ stream: any BodyStream, _ connection: Connection
    ) -> BodySender {
        let framing: ResponseSerializer.Framing = connection.version == .http11 ? .chunked : .close
        if framing == .close { connection.keepsAlive = false }
        serializer.appendHead(
            response, framing: framing, version: connection.version, keepsAlive: connection.keepsAlive, to: &scratch)
        let (inbox, token) = (inbox, connection.token)
        stream.start { inbox.put(.init(connection: token, content: .wake)) }
        return .stream(stream, framing: framing)
    }

    private func openFile(_ slice: FileSlice) -> BodySender? {
        let descriptor = open(slice.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        return .file(descriptor: descriptor, offset: off_t(slice.range.lowerBound), end: off_t(slice.range.upperBound))
    }

    /// The answer is complete as far as the responder is concerned: the next request, or the end.
    private func settle(_ connection: Connection) {
        guard connection.keepsAlive else {
            connection.phase = .closing
            connection.deadline = now + limits.writeMilliseconds.nanoseconds
            return
        }
        connection.phase = .head
        connection.deadline = now + limits.idleMilliseconds.nanoseconds
    }

    /// Sends the answers gathered for a connection, keeping what the socket does not take.
    func flushScratch(_ connection: Connection) {
        if connection.hasOutput {
            connection.output += scratch
        } else if !scratch.isEmpty {
            let sent = scratch.withUnsafeBytes { transmit($0, connection) }
            guard let sent else {
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
        if connection.hasOutput {
            let offset = connection.outputOffset
            let sent = connection.output.withUnsafeBytes { bytes in
                transmit(UnsafeRawBufferPointer(rebasing: bytes[offset...]), connection)
            }
            guard let sent else { return drop(connection) }
            if sent > 0 { connection.deadline = now + limits.writeMilliseconds.nanoseconds }
            connection.outputOffset += sent
            guard !connection.hasOutput else { return }
            (connection.output, connection.outputOffset) = ([], 0)
        }
        advance(connection)
        guard self.connection(connection.token) === connection, connection.takesInput else { return }
        enqueue(connection)
    }

    /// What follows once the output is empty: more of a body, the next request, or the end of the connection.
    private func advance(_ connection: Connection) {
        guard !connection.hasOutput, self.connection(connection.token) === connection else { return }
        switch connection.phase {
        case .sending(let sender):
            send(sender, connection)
        case .closing:
            shutdown(connection.descriptor, Int32(SHUT_WR))
            guard !connection.isAtEnd else { return drop(connection) }
            connection.phase = .lingering
            connection.input = []
            connection.deadline = now + limits.lingerMilliseconds.nanoseconds
            if connection.isReadable { enqueue(connection) }
        case .head, .body, .pending, .lingering: return
        }
    }

    private func send(_ sender: BodySender, _ connection: Connection) {
        switch sender {
        case .file(let descriptor, var offset, let end):
            while offset < end {
                let count = sendfile(connection.descriptor, descriptor, &offset, Int(end - offset))
                if count > 0 {
                    connection.deadline = now + limits.writeMilliseconds.nanoseconds
                    continue
                }
                connection.phase = .sending(.file(descriptor: descriptor, offset: offset, end: end))
                // A file that has shrunk cannot keep the promised length: only the end of the connection says so.
                guard count < 0, errno == EAGAIN || errno == EINTR else { return drop(connection) }
                return
            }
            close(descriptor)
            settle(connection)
            advance(connection)
        case .stream(let stream, let framing): pull(stream, framing, connection)
        }
    }

    private func pull(_ stream: any BodyStream, _ framing: ResponseSerializer.Framing, _ connection: Connection) {
        while !connection.hasOutput {
            var batch: [UInt8] = []
            var isDone = false
            var waits = false
            while batch.count < Self.streamBatchBytes, !isDone, !waits {
                switch stream.next() {
                case .bytes(let bytes):
                    if framing == .chunked { ResponseSerializer.appendChunk(bytes, to: &batch) } else { batch += bytes }
                case .wait: waits = true
                case .end: isDone = true
                }
            }
            if isDone {
                if framing == .chunked { batch += ResponseSerializer.lastChunk }
                settle(connection)
            }
            guard let sent = batch.withUnsafeBytes({ transmit($0, connection) }) else { return drop(connection) }
            // A stream that waits is not slow: only a client that takes nothing is.
            connection.deadline = waits && sent == batch.count ? 0 : now + limits.writeMilliseconds.nanoseconds
            if sent < batch.count { (connection.output, connection.outputOffset) = (batch, sent) }
            if isDone { return advance(connection) }
            if waits { return }
        }
    }

    /// - Returns: how many bytes the socket took; nil when the connection is dead.
    private func transmit(_ bytes: UnsafeRawBufferPointer, _ connection: Connection) -> Int? {
        var offset = 0
        while offset < bytes.count {
            let count = Glibc.send(
                connection.descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset,
                Int32(MSG_NOSIGNAL))
            if count > 0 {
                offset += count
            } else if errno != EINTR {
                return errno == EAGAIN ? offset : nil
            }
        }
        return offset
    }
}
