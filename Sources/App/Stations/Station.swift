package struct Station: Sendable {}
