import CLinux
import Glibc

/// How connections come and go.
extension Lane {
    /// Connections beyond the limit that each lane tells so at leisure; any more are told in passing.
    private static var turnedAwayMax: Int { 64 }

    /// Batches of `eventsMax` taken in when the server stops: a backlog and as many again that came meanwhile.
    static var drainedBatches: Int { 2 * Int(Listener.backlog) / Int(eventsMax) }

    /// Takes in those who wait, `eventsMax` at the most.
    /// - Returns: whether there are none left to take now.
    @discardableResult
    func accept() -> Bool {
        guard let descriptor = listener?.descriptor, !isAcceptPaused else { return true }
        for _ in 0..<Int(Self.eventsMax) {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let accepted = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    wenming_accept4(
                        descriptor, $0, &length, Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
                }
            }
            guard accepted >= 0 else {
                if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS { pauseAccepting() }
                return true
            }
            guard let peer = PeerAddress(storage) else {
                close(accepted)
                continue
            }
            switch census.enter(peer) {
            case nil: add(accepted, peer, isCounted: true)
            case let limit?: turnAway(accepted, peer, limit)
            }
        }
        return false
    }

    @discardableResult
    private func add(_ descriptor: Int32, _ peer: PeerAddress, isCounted: Bool) -> Connection {
        generation &+= 1
        // The highest generation is kept for the marks.
        if generation == .max { generation = 1 }
        let connection = Connection(
            token: ConnectionToken(descriptor: descriptor, generation: generation), peer: peer, isCounted: isCounted)
        connection.deadline = now + limits.idleMilliseconds.nanoseconds
        while connections.count <= Int(descriptor) { connections.append(nil) }
        connections[Int(descriptor)] = connection
        connectionCount += 1
        let edge: UInt32 = 1 << 31
        watch(descriptor, EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | edge, connection.token.bits)
        return connection
    }

    /// One connection too many is told so. Closing over bytes unread would send a reset that can overtake the answer,
    /// so it lingers as any refused connection does, as long as not too many do.
    private func turnAway(_ descriptor: Int32, _ peer: PeerAddress, _ limit: ConnectionLimit) {
        var response = responder.turnAway(peer, for: limit, state: &state.value)
        response.set(.retryAfter, "1")
        var bytes: [UInt8] = []
        appendWhole(response, version: .http11, isHeadRequest: false, keepsAlive: false, to: &bytes)
        guard turnedAwayCount < Self.turnedAwayMax else {
            _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            close(descriptor)
            return
        }
        turnedAwayCount += 1
        let connection = add(descriptor, peer, isCounted: false)
        connection.phase = .closing
        connection.output = bytes
        connection.deadline = now + limits.lingerMilliseconds.nanoseconds
        flush(connection)
    }

    /// Out of descriptors: the next tick tries again.
    private func pauseAccepting() {
        guard let listener = listener?.descriptor else { return }
        isAcceptPaused = true
        epoll_ctl(epoll, EPOLL_CTL_DEL, listener, nil)
    }

    func resumeAccepting() {
        isAcceptPaused = false
        guard let listener = listener?.descriptor else { return }
        watch(listener, EPOLLIN.rawValue, Self.listenerMark)
    }

    func stopListening() {
        guard let descriptor = listener?.descriptor else { return }
        epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, nil)
        listener = nil
    }

    /// Forgets and closes a connection; answers on their way to it find nobody.
    func drop(_ connection: Connection) {
        guard connection.isOpen else { return }
        connection.isOpen = false
        if case .sending(let body) = connection.phase { body.cancel() }
        connections[Int(connection.descriptor)] = nil
        connectionCount -= 1
        close(connection.descriptor)
        if connection.isCounted { census.leave(connection.peer) } else { turnedAwayCount -= 1 }
        reportIfEmpty()
    }
}
