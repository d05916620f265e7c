import App
enum ImportCommand: Command {
    static let name = "import"
    static let summary = "import stations"
    static let help = ""
    static func run(_ arguments: [String], environment: [String: String]) throws {}
}
