import App
enum StaffCommand: Command {
    static let name = "staff"
    static let summary = "add a member of staff"
    static let help = ""
    static func run(_ arguments: [String], environment: [String: String]) throws {}
}
