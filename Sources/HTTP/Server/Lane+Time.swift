/// What happens when nothing happens.
extension Lane {
    func tick() {
        beginTurn()
        if isAcceptPaused { resumeAccepting() }
        var late: [Connection] = []
        for case let connection? in connections where connection.deadline > 0 && connection.deadline < now {
            late.append(connection)
        }
        guard !late.isEmpty else { return }
        responder.beginRound(&state.value)
        for connection in late { expire(connection) }
        responder.endRound(&state.value)
        responder.rest(&state.value)
    }

    /// A deadline has passed: a request that was begun is answered 408, the rest closed without a word.
    private func expire(_ connection: Connection) {
        switch connection.phase {
        case .head where connection.parser.isPartial && !connection.hasOutput: refuseLate(connection, head: nil)
        case .body(let reader) where !connection.hasOutput: refuseLate(connection, head: reader.parsed.head)
        case .head, .body, .pending, .sending, .closing, .lingering: drop(connection)
        }
    }

    private func refuseLate(_ connection: Connection, head: RequestHead?) {
        connection.input = []
        refuse(.timeOut, head: head, connection)
        flushScratch(connection)
        goOn(connection)
    }

    /// The time to give up once all output is with the kernel; the phases not named have set theirs.
    func setDeadlineAfterOutput(_ connection: Connection) {
        switch connection.phase {
        case .head:
            let isPartial = connection.parser.isPartial
            let allowance = isPartial ? limits.headMilliseconds : limits.idleMilliseconds
            connection.deadline = now + allowance.nanoseconds
        case .body(let reader): connection.deadline = reader.deadline
        case .pending: connection.deadline = 0
        case .sending, .closing, .lingering: return
        }
    }
}

extension Int {
    /// Milliseconds as nanoseconds.
    var nanoseconds: UInt64 { UInt64(Swift.max(0, self)) * 1_000_000 }
}

extension Limits {
    /// How often deadlines are looked at: often enough for the shortest of them to be kept within a quarter.
    var tickMilliseconds: Int {
        let all = [idleMilliseconds, headMilliseconds, bodyMilliseconds, writeMilliseconds, lingerMilliseconds]
        return max(10, min(250, (all.min() ?? 1_000) / 4))
    }
}
