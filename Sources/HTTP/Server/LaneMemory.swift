import CLinux

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
