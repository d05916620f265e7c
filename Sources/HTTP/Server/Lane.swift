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
    /// How long the lane stays for more traffic before it gives its thread back: longer than a commit takes, because
    /// coming back by way of Dispatch wakes two threads. Milliseconds.
    static var lingerMilliseconds: Int32 { 4 }
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
    private var source: (any DispatchSourceRead)?
    /// From now on the source closes the epoll descriptor.
    private var isStarted = false
    private var timer: (any DispatchSourceTimer)?
    var listener: Listener?
    var isAcceptPaused = false
    /// Connections by descriptor, which the kernel keeps small.
    var connections: [Connection?] = []
    var connectionCount = 0
    /// Connections beyond the limit that are being told so.
    var turnedAwayCount = 0
    var generation: UInt32 = 0
    /// Received this round: which connection, and where in the buffer.
    private var received: [(connection: Connection, range: Range<Int>)] = []
    /// Connections with more to do than one round allows.
    private var queued: [Connection] = []
    private var isInRounds = false
    var serializer: ResponseSerializer
    /// The answers of the connection that is being served, before they are sent.
    var scratch: [UInt8] = []
    /// Monotonic nanoseconds, read once a round.
    var now: UInt64 = 0
    var isDraining = false
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

    deinit { if !isStarted { close(epoll) } }

    // MARK: - Life

    func start() {
        watch(inbox.descriptor, EPOLLIN.rawValue, Self.inboxMark)
        resumeAccepting()
        let source = DispatchSource.makeReadSource(fileDescriptor: epoll, queue: executor.queue)
        source.setEventHandler { self.runRounds() }
        // Dispatch forgets a descriptor only when the source is cancelled: closed before, its number may already be
        // another's, and that one would be forgotten in its place.
        let descriptor = epoll
        source.setCancelHandler { close(descriptor) }
        isStarted = true
        source.resume()
        self.source = source
        let timer = DispatchSource.makeTimerSource(queue: executor.queue)
        let interval = limits.tickMilliseconds
        timer.schedule(deadline: .now() + .milliseconds(interval), repeating: .milliseconds(interval))
        timer.setEventHandler { self.tick() }
        timer.resume()
        self.timer = timer
    }

    /// Takes in whoever has connected already, accepts no more, closes what is idle and calls back when the last
    /// connection has gone.
    func drain(whenEmpty: @escaping @Sendable () -> Void) {
        beginTurn()
        isAcceptPaused = false
        for _ in 0..<Self.drainedBatches { if accept() { break } }
        isDraining = true
        self.whenEmpty = whenEmpty
        stopListening()
        for case let connection? in connections where connection.isIdle && !connection.hasArrivals { drop(connection) }
        reportIfEmpty()
    }

    /// Closes whatever is still open.
    func abort() {
        for case let connection? in connections { drop(connection) }
        queued = []
        source?.cancel()
        timer?.cancel()
        (source, timer) = (nil, nil)
    }

    func reportIfEmpty() {
        guard isDraining, connectionCount == 0, let callback = whenEmpty else { return }
        whenEmpty = nil
        responder.rest(&state.value)
        callback()
    }

    // MARK: - Rounds

    static var listenerMark: UInt64 { .max }
    private static var inboxMark: UInt64 { .max - 1 }

    func watch(_ descriptor: Int32, _ flags: UInt32, _ mark: UInt64) {
        var event = epoll_event()
        event.events = flags
        event.data.u64 = mark
        epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event)
    }

    private func runRounds() {
        isInRounds = true
        defer {
            isInRounds = false
            responder.rest(&state.value)
        }
        for _ in 0..<Self.roundsMax {
            let patience = queued.isEmpty ? Self.lingerMilliseconds : 0
            let ready = epoll_wait(epoll, memory.events, Self.eventsMax, patience)
            if ready <= 0 && queued.isEmpty { return }
            round(Int(max(0, ready)))
        }
        if !queued.isEmpty { comeBack() }
    }

    /// Lets a connection go on in the next round: bytes that wait in memory make no event.
    func enqueue(_ connection: Connection) {
        guard !connection.isQueued else { return }
        connection.isQueued = true
        queued.append(connection)
        if !isInRounds && queued.count == 1 { comeBack() }
    }

    private func comeBack() {
        queue.async { self.assumeIsolated { lane in if !lane.queued.isEmpty { lane.runRounds() } } }
    }

    /// Reads the clocks; whatever answers or sets a deadline comes after.
    func beginTurn() {
        now = MonotonicClock.now()
        serializer.setTime(MonotonicClock.wallSeconds())
    }

    /// Receives from everybody first and answers then, so that the round's read transaction begins after the last
    /// request came: nobody who was told of a commit can be shown an older state.
    private func round(_ ready: Int) {
        beginTurn()
        var hasMail = false
        var used = 0
        let again = queued
        queued = []
        for connection in again {
            connection.isQueued = false
            if connection.isSending { flush(connection) } else { receive(connection, &used) }
        }
        for index in 0..<ready {
            let event = memory.events[index]
            switch event.data.u64 {
            case Self.listenerMark: accept()
            case Self.inboxMark: hasMail = true
            case let bits: note(event.events, ConnectionToken(bits: bits), &used)
            }
        }
        let messages = hasMail ? inbox.takeAll() : []
        guard !messages.isEmpty || !received.isEmpty else { return }
        responder.beginRound(&state.value)
        for message in messages { deliver(message) }
        let buffer = UnsafeBufferPointer(start: memory.buffer, count: used)
        for (connection, range) in received { serve(connection, UnsafeBufferPointer(rebasing: buffer[range])) }
        received.removeAll(keepingCapacity: true)
        responder.endRound(&state.value)
    }

    private func note(_ flags: UInt32, _ token: ConnectionToken, _ used: inout Int) {
        guard let connection = connection(token) else { return }
        if flags & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { return drop(connection) }
        if flags & EPOLLRDHUP.rawValue != 0 { connection.hasHungUp = true }
        if flags & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 { connection.isReadable = true }
        if flags & EPOLLOUT.rawValue != 0, connection.hasOutput || connection.isSending {
            flush(connection)
        } else if connection.isReadable {
            receive(connection, &used)
        }
    }

    /// Receives into the round's buffer and puts the connection on the round's list. One that is waiting for an answer,
    /// has unsent output or requests left from an earlier round is not read: its client has to wait, not our memory.
    private func receive(_ connection: Connection, _ used: inout Int) {
        guard connection.isOpen, connection.takesInput else { return }
        var range = used..<used
        if connection.isReadable && !connection.hasUnreadInput {
            let room = min(Self.receiveBytes, Self.bufferBytes - used)
            guard room > 0 else { return enqueue(connection) }
            let count = recv(connection.descriptor, memory.buffer + used, room, 0)
            if count < 0 {
                guard errno == EAGAIN || errno == EINTR else { return drop(connection) }
                connection.isReadable = errno == EINTR
            } else if count == 0 {
                (connection.isReadable, connection.isAtEnd) = (false, true)
            } else {
                // A short count means that the socket is empty, and another call would only say so; unless the end
                // is there too, of which no further edge tells.
                connection.isReadable = count == room || connection.hasHungUp
                range = used..<used + count
                used += count
            }
        }
        received.append((connection, range))
    }

    func connection(_ token: ConnectionToken) -> Connection? {
        let index = Int(token.descriptor)
        guard index < connections.count, let connection = connections[index], connection.token == token else {
            return nil
        }
        return connection
    }
}
