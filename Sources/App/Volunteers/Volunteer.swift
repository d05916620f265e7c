package struct Volunteer: Sendable {}
