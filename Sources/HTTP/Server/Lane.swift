import CLinux
import Dispatch
import Executors
import Glibc

/// One serial queue with its own listening socket, its own epoll descriptor and all the connections it accepted. A single
/// Dispatch source watches the epoll descriptor, which is readable while it holds events: that costs a third of what a
/// source for each connection does (perf.md 3).
actor Lane<R: Responder> {
    /// Events taken from the kernel at once.
    static var eventsMax: Int32 { 256 }
    /// How long the lane stays for more traffic before it gives its thread back. Milliseconds.
    static var lingerMilliseconds: Int32 { 1 }
    /// Rounds before the queue's other blocks get their turn.
    static var roundsMax: Int { 64 }
    /// Bytes received from one connection in one round.
    static var receiveBytes: Int { 32_768 }
    /// Bytes received in one round from all.
    static var bufferBytes: Int { 2_097_152 }

    private let executor: QueueExecutor
    nonisolated var queue: DispatchQueue { executor.queue }
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    let inbox: Inbox
    let limits: Limits
    let census: ConnectionCensus
    let temporaryDirectory: String
    let epoll: Int32
    private let memory: LaneMemory
    private var events: UnsafeMutablePointer<epoll_event> { memory.events }
    private var buffer: UnsafeMutablePointer<UInt8> { memory.buffer }
    private var source: (any DispatchSourceRead)?
    private var timer: (any DispatchSourceTimer)?
    private var listener: Listener?
    /// Connections by descriptor, which the kernel keeps small.
    var connections: [Connection?] = []
    var connectionCount = 0
    private var generation: UInt32 = 0
    /// Received this round: which connection, and where in the buffer.
    private var received: [(connection: Connection, range: Range<Int>)] = []
    /// Connections with more to do than one round allows.
    private var queued: [Connection] = []
    var serializer: ResponseSerializer
    /// The answers of the connection that is being served, before they are sent.
    var scratch: [UInt8] = []
    /// Monotonic nanoseconds, read once a round.
    var now: UInt64 = 0
    var isDraining = false
    private var isAcceptPaused = false
    private var whenEmpty: (@Sendable () -> Void)?
    let responder: R
    let state: StateBox<R.LaneState>

    init(
        number: Int, listener: consuming Listener, responder: R, limits: Limits, census: ConnectionCensus,
        commonFields: [(HeaderName, String)], temporaryDirectory: String
    ) throws {
        executor = QueueExecutor(label: "wenming.lane.\(number)")
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard epoll >= 0 else { throw ServerError.system("epoll_create1", errno) }
        inbox = try Inbox()
        self.limits = limits
        self.census = census
        self.temporaryDirectory = temporaryDirectory
        self.responder = responder
        state = StateBox(try responder.makeLaneState(lane: number))
        serializer = ResponseSerializer(commonFields: commonFields)
        memory = LaneMemory(events: Int(Self.eventsMax), bytes: Self.bufferBytes)
        self.listener = consume listener
    }

    deinit { close(epoll) }

    // MARK: - Life

    func start() {
        watch(inbox.descriptor, EPOLLIN.rawValue, Self.inboxMark)
        resumeAccepting()
        let source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: executor.queue)
        source.setEventHandler { self.drain() }
        source.resume()
        self.source = source
        let timer = DispatchSource.makeTimerSource(queue: executor.queue)
        let tick = max(10, min(250, limits.shortestMilliseconds / 4))
        timer.schedule(deadline: .now() + .milliseconds(tick), repeating: .milliseconds(tick))
        timer.setEventHandler { self.tick() }
        timer.resume()
        self.timer = timer
    }

    /// Accepts no more, closes what is idle and calls back when the last connection has gone.
    func drain(whenEmpty: @escaping @Sendable () -> Void) {
        isDraining = true
        self.whenEmpty = whenEmpty
        if listener != nil {
            epoll_ctl(epoll, EPOLL_CTL_DEL, listenerDescriptor, nil)
            listener = nil
        }
        for connection in connections.compactMap({ $0 }) {
            if case .head = connection.phase, !connection.parser.isPartial, !connection.hasOutput { drop(connection) }
        }
        reportIfEmpty()
    }

    /// Closes whatever is still open.
    func abort() {
        for connection in connections.compactMap({ $0 }) { drop(connection) }
        source?.cancel()
        timer?.cancel()
        (source, timer) = (nil, nil)
    }

    private func reportIfEmpty() {
        guard isDraining, connectionCount == 0, let callback = whenEmpty else { return }
        whenEmpty = nil
        callback()
    }

    // MARK: - Rounds

    private static var listenerMark: UInt64 { .max }
    private static var inboxMark: UInt64 { .max - 1 }

    private func drain() {
        for _ in 0..<Self.roundsMax {
            let patience = queued.isEmpty ? Self.lingerMilliseconds : 0
            let ready = epoll_wait(epoll, events, Self.eventsMax, patience)
            if ready <= 0 && queued.isEmpty { return }
            round(Int(max(0, ready)))
        }
        // Bytes that wait in memory make no event: come back for them.
        if !queued.isEmpty { executor.queue.async { self.assumeIsolated { $0.drain() } } }
    }

    /// Receives from everybody first and answers then, so that the round's read transaction begins after the last
    /// request came: nobody who was told of a commit can be shown an older state.
    private func round(_ ready: Int) {
        now = MonotonicClock.now()
        var hasMail = false
        var used = 0
        let again = queued
        queued = []
        for connection in again {
            connection.isQueued = false
            receive(connection, &used)
        }
        for index in 0..<ready {
            let event = events[index]
            switch event.data.u64 {
            case Self.listenerMark: accept()
            case Self.inboxMark: hasMail = true
            case let bits: note(event.events, ConnectionToken(bits: bits), &used)
            }
        }
        let messages = hasMail ? inbox.takeAll() : []
        guard !messages.isEmpty || !received.isEmpty else { return }
        serializer.setTime(MonotonicClock.wallSeconds())
        responder.beginRound(&state.value)
        for message in messages { deliver(message) }
        for (connection, range) in received {
            serve(
                connection,
                UnsafeBufferPointer(rebasing: UnsafeBufferPointer(start: buffer, count: Self.bufferBytes)[range]))
        }
        received.removeAll(keepingCapacity: true)
        responder.endRound(&state.value)
    }

    private func note(_ flags: UInt32, _ token: ConnectionToken, _ used: inout Int) {
        guard let connection = connection(token) else { return }
        if flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return drop(connection) }
        if flags & EPOLLOUT.rawValue != 0, connection.hasOutput || connection.isSending { flush(connection) }
        guard flags & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0, self.connection(token) != nil else { return }
        connection.isReadable = true
        receive(connection, &used)
    }

    /// Receives into the round's buffer and puts the connection on the round's list. One that is waiting for an answer
    /// or has unsent output is not read: its client has to wait, not our memory.
    private func receive(_ connection: Connection, _ used: inout Int) {
        guard self.connection(connection.token) === connection else { return }
        guard connection.takesInput else { return }
        var range = used..<used
        if connection.isReadable {
            let room = min(Self.receiveBytes, Self.bufferBytes - used)
            guard room > 0 else { return enqueue(connection) }
            let count = recv(connection.descriptor, buffer + used, room, 0)
            if count < 0 {
                guard errno == EAGAIN || errno == EINTR else { return drop(connection) }
                connection.isReadable = errno == EINTR
            } else if count == 0 {
                (connection.isReadable, connection.isAtEnd) = (false, true)
            } else {
                // A short count means that the socket is empty: another call would only say so.
                connection.isReadable = count == room
                range = used..<used + count
                used += count
            }
        }
        received.append((connection, range))
    }

    func enqueue(_ connection: Connection) {
        guard !connection.isQueued else { return }
        connection.isQueued = true
        queued.append(connection)
        // Outside a drain nothing would look at the list.
        executor.queue.async { self.assumeIsolated { $0.drainQueued() } }
    }

    private func drainQueued() {
        if !queued.isEmpty { drain() }
    }

    // MARK: - Connections

    func connection(_ token: ConnectionToken) -> Connection? {
        let index = Int(token.descriptor)
        guard index < connections.count, let connection = connections[index], connection.token == token else {
            return nil
        }
        return connection
    }

    private var listenerDescriptor: Int32 { listener?.descriptor ?? -1 }

    private func watch(_ descriptor: Int32, _ flags: UInt32, _ mark: UInt64) {
        var event = epoll_event()
        event.events = flags
        event.data.u64 = mark
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    }

    private func accept() {
        for _ in 0..<Int(Self.eventsMax) {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let descriptor = withUnsafeMutablePointer(to: &storage) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    wenming_accept4(
                        listenerDescriptor, $0, &length,
                        Int32(SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue))
                }
            }
            guard descriptor >= 0 else {
                if errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS { pauseAccepting() }
                return
            }
            guard let peer = PeerAddress(storage) else {
                close(descriptor)
                continue
            }
            admit(descriptor, peer)
        }
    }

    private func admit(_ descriptor: Int32, _ peer: PeerAddress) {
        guard census.enter(peer) else { return shed(descriptor) }
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        generation &+= 1
        // The two highest generations' bits with a high descriptor would be the marks.
        if generation == .max { generation = 1 }
        let connection = Connection(token: ConnectionToken(descriptor: descriptor, generation: generation), peer: peer)
        connection.deadline = now + limits.idleMilliseconds.nanoseconds
        while connections.count <= Int(descriptor) { connections.append(nil) }
        connections[Int(descriptor)] = connection
        connectionCount += 1
        let edge: UInt32 = 1 << 31
        watch(
            descriptor, EPOLLIN.rawValue | EPOLLOUT.rawValue | EPOLLRDHUP.rawValue | edge, connection.token.bits)
    }

    /// One connection too many is told so and closed.
    private func shed(_ descriptor: Int32) {
        serializer.setTime(MonotonicClock.wallSeconds())
        var response = responder.refuse(
            WireFault(.serviceUnavailable, "too many connections"), head: nil, state: &state.value)
        response.set(.retryAfter, "1")
        var bytes: [UInt8] = []
        appendWhole(response, version: .http11, isHeadRequest: false, keepsAlive: false, to: &bytes)
        _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        // Closing over unread bytes would send a reset that can overtake the answer.
        var waste = [UInt8](repeating: 0, count: 4_096)
        _ = recv(descriptor, &waste, waste.count, 0)
        shutdown(descriptor, Int32(SHUT_WR))
        close(descriptor)
    }

    /// Out of descriptors: the next tick tries again.
    private func pauseAccepting() {
        isAcceptPaused = true
        epoll_ctl(epoll, EPOLL_CTL_DEL, listenerDescriptor, nil)
    }

    private func resumeAccepting() {
        isAcceptPaused = false
        guard listener != nil else { return }
        watch(listenerDescriptor, EPOLLIN.rawValue, Self.listenerMark)
    }

    /// Forgets and closes a connection; answers on their way to it find nobody.
    func drop(_ connection: Connection) {
        guard self.connection(connection.token) === connection else { return }
        if case .sending(let sender) = connection.phase { sender.cancel() }
        connections[Int(connection.descriptor)] = nil
        connectionCount -= 1
        close(connection.descriptor)
        census.leave(connection.peer)
        reportIfEmpty()
    }

    // MARK: - Time

    private func tick() {
        now = MonotonicClock.now()
        if isAcceptPaused { resumeAccepting() }
        for connection in connections {
            guard let connection, connection.deadline > 0, connection.deadline < now else { continue }
            expire(connection)
        }
    }
}

/// The lane's receive buffer and event list, by pointer: an array in a class costs a uniqueness check at each touch.
final class LaneMemory {
    let events: UnsafeMutablePointer<epoll_event>
    let buffer: UnsafeMutablePointer<UInt8>

    init(events count: Int, bytes: Int) {
        events = .allocate(capacity: count)
        buffer = .allocate(capacity: bytes)
    }

    deinit {
        events.deallocate()
        buffer.deallocate()
    }
}

/// Holds what a lane lends to its responder. A class, so that the lane's other fields keep a fixed place whatever its size.
final class StateBox<Value> {
    var value: Value

    init(_ value: Value) { self.value = value }
}

extension Int {
    /// Milliseconds as nanoseconds.
    var nanoseconds: UInt64 { UInt64(Swift.max(0, self)) * 1_000_000 }
}

extension Limits {
    var shortestMilliseconds: Int {
        [idleMilliseconds, headMilliseconds, bodyMilliseconds, writeMilliseconds, lingerMilliseconds].min() ?? 250
    }
}

extension Connection {
    var isSending: Bool { if case .sending = phase { true } else { false } }

    /// Whether more of the client's bytes are wanted now.
    var takesInput: Bool {
        switch phase {
        case .head, .body, .lingering: !hasOutput
        case .pending, .sending, .closing: false
        }
    }
}

extension BodySender {
    func cancel() {
        switch self {
        case .file(let descriptor, _, _): close(descriptor)
        case .stream(let stream, _): stream.cancel()
        }
    }
}
