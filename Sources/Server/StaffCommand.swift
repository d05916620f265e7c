import App
import HTTP
import SQLite

enum StaffCommand: Command {
    static let name = "staff"
    static let summary = "add a member of staff"
    static let help = """
        usage: wenming staff add NAME --name PERSON [--role ROLE] [--station CODE] [--data DIR]

        Makes an account that signs in with NAME and a first password, printed once, to be changed at the first sign-in.
        ROLE is administrator, securityAdministrator, auditor, stationManager, dispatcher or one of the city's own;
        administrator unless said otherwise. CODE is the station whose part of the tree the role covers; the whole city unless said otherwise. The
        server may run meanwhile.
        """

    static func run(_ arguments: [String], environment: [String: String]) throws {
        guard arguments.count >= 2, arguments[0] == "add", !arguments[1].hasPrefix("--") else {
            throw CommandFailure(.usage, "say `wenming staff add NAME --name PERSON`")
        }
        var rest: [String] = []
        var own: [String: String] = [:]
        var iterator = arguments.dropFirst(2).makeIterator()
        while let argument = iterator.next() {
            guard ["--name", "--role", "--station"].contains(argument) else {
                rest.append(argument)
                continue
            }
            guard let value = iterator.next() else { throw CommandFailure(.usage, "\(argument) needs a value") }
            own[argument] = value
        }
        guard let person = own["--name"] else {
            throw CommandFailure(.usage, "--name PERSON is missing: whose account is it?")
        }
        let role = own["--role"].map(RoleName.init(rawValue:)) ?? .administrator
        let configuration = try configuration(rest, environment)
        try Installation.migrate(configuration)
        let password = StaffCredential.firstPassword()
        guard let hash = PasswordHash.make(password) else {
            throw CommandFailure(.temporary, "no memory to hash a password")
        }
        let (staffName, code) = (arguments[1], own["--station"])
        try Installation.withWriter(configuration) { writer in
            try writer.writeAndWait { db in
                try add(staffName, person, role, code, hash, in: db)
            }
        }
        Server.say("\(staffName) \(password)\n", to: 1)
    }

    private static func add(
        _ staffName: String, _ person: String, _ role: RoleName, _ code: String?, _ hash: String, in db: Transaction
    ) throws {
        var station: ID<Station>?
        if let code {
            station = try Station.find(code: code, in: db)?.id
            if station == nil { throw CommandFailure(.usage, "there is no station with code \(code)") }
        }
        let draft = StaffCredential.Draft(staffName: staffName, name: person, role: role, stationId: station)
        var faults = Faults()
        draft.check(&faults)
        if let fault = faults.all.first {
            throw CommandFailure(.usage, "\(fault.pointer.dropFirst()) \(fault.detail.en)")
        }
        guard try Role.named(role, in: db) != nil else {
            throw CommandFailure(.usage, "--role \(role.rawValue) names no role")
        }
        do {
            _ = try StaffCredential.insert(draft, hash: hash, grantedBy: nil, in: db)
        } catch let problem as Problem {
            throw CommandFailure(.failed, problem.detail?.en ?? problem.kind.title.en)
        }
    }
}
