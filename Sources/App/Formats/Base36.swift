/// Digits 0 to 9 and a to z: the shortest text of a number that reads the same everywhere.
enum Base36 {
    static func digitCount(_ number: UInt64) -> Int {
        var (count, rest) = (1, number / 36)
        while rest > 0 { (count, rest) = (count + 1, rest / 36) }
        return count
    }

    /// Writes the number into the whole of `target`, with noughts before it where there is room to spare.
    static func write(_ number: UInt64, to target: UnsafeMutableBufferPointer<UInt8>) {
        var rest = number
        for place in target.indices.reversed() {
            let digit = UInt8(truncatingIfNeeded: rest % 36)
            target.initializeElement(at: place, to: digit < 10 ? 0x30 + digit : 0x57 + digit)
            rest /= 36
        }
    }
}
