import CSQLite

/// A compiled statement. Finalised when released.
@usableFromInline final class Statement {
    @usableFromInline let handle: OpaquePointer
    /// What its text is made of.
    let pieces: [StaticString]
    var isRunning = false
    /// The cache's count of look-ups at the last use.
    var lastUse: UInt64 = 0

    init(_ sql: SQL, on connection: OpaquePointer, isCached: Bool) throws {
        var prepared: OpaquePointer?
        var isWhole = true
        let result = sql.utf8.withUnsafeBytes { bytes in
            let text = bytes.assumingMemoryBound(to: CChar.self).baseAddress
            var tail: UnsafePointer<CChar>?
            let flags = isCached ? UInt32(SQLITE_PREPARE_PERSISTENT) : 0
            let result = sqlite3_prepare_v3(connection, text, Int32(clamping: bytes.count), flags, &prepared, &tail)
            if let text, let tail { isWhole = Self.isBlank(bytes[(tail - text)...]) }
            return result
        }
        guard result == SQLITE_OK else { throw SQLiteError.latest(on: connection, sql: sql.text) }
        guard let prepared, isWhole else {
            sqlite3_finalize(prepared)
            throw SQLiteError(
                extendedCode: SQLITE_MISUSE, message: "not exactly one statement", sql: sql.text)
        }
        handle = prepared
        pieces = sql.pieces
    }

    deinit { sqlite3_finalize(handle) }

    private static func isBlank(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        bytes.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: ";") }
    }

    func bind(_ sql: SQL) throws {
        guard sqlite3_bind_parameter_count(handle) == Int32(clamping: sql.bindings.count) else {
            throw SQLiteError(
                extendedCode: SQLITE_RANGE, message: "a parameter has no value or a value no parameter", sql: sql.text)
        }
        for index in sql.bindings.indices {
            let result = bind(sql.bindings[index], at: Int32(truncatingIfNeeded: index &+ 1))
            guard result == SQLITE_OK else { throw SQLiteError.running(handle) }
        }
    }

    private func bind(_ value: Value, at index: Int32) -> Int32 {
        switch value {
        case .null: return sqlite3_bind_null(handle, index)
        case .integer(let integer): return sqlite3_bind_int64(handle, index, integer)
        case .real(let real): return sqlite3_bind_double(handle, index, real)
        case .text(var text):
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) { characters in
                    // A null pointer would bind NULL.
                    guard let start = characters.baseAddress else {
                        return sqlite3_bind_text(handle, index, "", 0, nil)
                    }
                    return sqlite3_bind_text64(
                        handle, index, start, UInt64(characters.count), wenming_sqlite_transient(), UInt8(SQLITE_UTF8))
                }
            }
        case .blob(let bytes):
            if bytes.isEmpty { return sqlite3_bind_zeroblob(handle, index, 0) }
            return bytes.withUnsafeBytes {
                sqlite3_bind_blob64(handle, index, $0.baseAddress, UInt64($0.count), wenming_sqlite_transient())
            }
        }
    }

    /// True when it stands on a row.
    @usableFromInline func step() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw SQLiteError.running(handle)
        }
    }

    /// Lets go of the snapshot and of the bound values. Its result only repeats the error of the last step.
    func reset() {
        sqlite3_reset(handle)
        sqlite3_clear_bindings(handle)
    }
}

/// Statements by the literals their text is made of. The least recently used one leaves when it is full.
///
/// Literals stay where they are for as long as the process lives, so their addresses stand for their texts; equal texts from
/// two places are two statements. The table is our own: every statement of every request is looked for, and a `Dictionary`
/// takes half as much again.
struct StatementCache {
    /// Open addressing with linear probing; at most half of them are taken. A power of two.
    private var slots: [Statement?]
    private(set) var count = 0
    private var uses: UInt64 = 0
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = max(capacity, 1)
        var size = 2
        while size < 2 * self.capacity { size *= 2 }
        slots = Array(repeating: nil, count: size)
    }

    var texts: [String] { slots.compactMap { $0.map { String(cString: sqlite3_sql($0.handle)) } } }

    /// The statement of these literals, or a new one; a new one that is not kept while the cached one runs, for a loop over
    /// a query may run the same query inside.
    mutating func statement(_ sql: SQL, on connection: Connection) throws -> Statement {
        uses &+= 1
        if let statement = slots[slot(of: sql.pieces)] {
            if statement.isRunning { return try connection.prepare(sql, isCached: false) }
            statement.lastUse = uses
            return statement
        }
        if count >= capacity { evict() }
        let statement = try connection.prepare(sql, isCached: true)
        statement.lastUse = uses
        slots[slot(of: statement.pieces)] = statement
        count += 1
        return statement
    }

    /// Where the statement of these literals is, or else would be.
    private func slot(of pieces: [StaticString]) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(pieces) & mask
        while let statement = slots[slot], !Self.areSame(statement.pieces, pieces) { slot = (slot + 1) & mask }
        return slot
    }

    private static func hash(_ pieces: [StaticString]) -> Int {
        var sum = UInt(pieces.count)
        for piece in pieces {
            sum ^= UInt(bitPattern: piece.utf8Start) ^ UInt(piece.utf8CodeUnitCount) << 48
            sum &*= 0x9E37_79B9_7F4A_7C15
            sum ^= sum >> 29
        }
        return Int(bitPattern: sum)
    }

    private static func areSame(_ left: [StaticString], _ right: [StaticString]) -> Bool {
        guard left.count == right.count else { return false }
        for index in left.indices {
            let (one, other) = (left[index], right[index])
            guard one.utf8Start == other.utf8Start, one.utf8CodeUnitCount == other.utf8CodeUnitCount else {
                return false
            }
        }
        return true
    }

    /// A running one may leave too: its user holds it until it is done.
    private mutating func evict() {
        let kept = slots.compactMap { $0 }
        let oldest = kept.min { $0.lastUse < $1.lastUse }
        slots = Array(repeating: nil, count: slots.count)
        for statement in kept where statement !== oldest { slots[slot(of: statement.pieces)] = statement }
        count = kept.count - 1
    }
}
