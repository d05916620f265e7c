import HTTP

/// Why a start was refused: the variable or flag, and what is wrong with it.
package struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

extension Configuration {
    /// Reads flags over environment variables over defaults. Each flag is `--name VALUE` or `--name=VALUE`.
    /// - Throws: for an unknown `WENMING_` name or flag, a missing value, or one outside its range: all named.
    package init(environment: [String: String], arguments: [String]) throws(ConfigurationError) {
        self.init()
        let settings = Self.settings
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("WENMING_") {
            guard let setting = settings.first(where: { $0.variable == name }) else {
                throw ConfigurationError("\(name) is not a setting; `wenming serve --help` lists them")
            }
            guard setting.read(text, &self) else { throw Self.outside(name, setting, text) }
        }
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let setting = settings.first(where: { $0.flag == parts[0] }) else {
                throw ConfigurationError("\(argument) is not a flag; --help lists them")
            }
            guard let text = parts.count == 2 ? String(parts[1]) : rest.popFirst() else {
                throw ConfigurationError("\(setting.flag) needs a value: \(setting.range)")
            }
            guard setting.read(text, &self) else { throw Self.outside(setting.flag, setting, text) }
        }
        try checkTogether()
    }

    /// What single settings cannot know of each other.
    private func checkTogether() throws(ConfigurationError) {
        if let proxy = proxies.first(where: { PeerAddress(text: $0) == nil }) {
            throw ConfigurationError("WENMING_PROXIES: \(proxy) is not an address")
        }
        if codeDelivery == .http, smsURL.isEmpty {
            throw ConfigurationError("WENMING_CODE_DELIVERY=http needs WENMING_SMS_URL")
        }
        if realNameVerification == .http, realNameURL.isEmpty {
            throw ConfigurationError("WENMING_REAL_NAME_VERIFICATION=http needs WENMING_REAL_NAME_URL")
        }
        if weChatAppID.isEmpty != weChatSecret.isEmpty {
            let (given, missing) =
                weChatAppID.isEmpty
                ? ("WENMING_WECHAT_SECRET", "WENMING_WECHAT_APP_ID")
                : ("WENMING_WECHAT_APP_ID", "WENMING_WECHAT_SECRET")
            throw ConfigurationError("\(given) needs \(missing)")
        }
    }

    private static func outside(_ name: String, _ setting: Setting, _ text: String) -> ConfigurationError {
        ConfigurationError("\(name)=\(setting.isSecret ? "(secret)" : text) is not \(setting.range)")
    }

    /// The effective values, one `NAME=value` a line, secrets withheld, those in addresses too.
    package var listing: String {
        Self.settings.map { setting in
            let value = setting.show(self)
            let shown = setting.isSecret && !value.isEmpty ? "(set)" : Self.withoutCredentials(value)
            return "\(setting.variable)=\(shown)"
        }.joined(separator: "\n")
    }

    /// An address without user, password and query.
    private static func withoutCredentials(_ value: String) -> String {
        value.replacing(/:\/\/[^\/?#]*@/, with: "://(set)@").replacing(/(:\/\/[^?]*\?).+/) { "\($0.output.1)(set)" }
    }

    static func number(
        _ name: String, _ path: any WritableKeyPath<Configuration, Int> & Sendable, _ range: ClosedRange<Int>,
        _ meaning: String
    ) -> Setting {
        Setting(
            name: name, range: "an integer from \(range.lowerBound) to \(range.upperBound)", meaning: meaning,
            read: { text, configuration in
                guard let number = Int(text), range.contains(number) else { return false }
                configuration[keyPath: path] = number
                return true
            },
            show: { String($0[keyPath: path]) })
    }

    static func text(
        _ name: String, _ path: any WritableKeyPath<Configuration, String> & Sendable, _ meaning: String,
        isSecret: Bool = false
    ) -> Setting {
        Setting(
            name: name, range: "a text", meaning: meaning, isSecret: isSecret,
            read: { text, configuration in
                configuration[keyPath: path] = text
                return true
            },
            show: { $0[keyPath: path] })
    }

    static func list(
        _ name: String, _ path: any WritableKeyPath<Configuration, [String]> & Sendable, _ meaning: String
    ) -> Setting {
        Setting(
            name: name, range: "texts separated by commas", meaning: meaning,
            read: { text, configuration in
                configuration[keyPath: path] = text.split(separator: ",").map { part in
                    String(part.filter { $0 != " " })
                }
                return true
            },
            show: { $0[keyPath: path].joined(separator: ",") })
    }

    static func rate(
        _ name: String, _ path: any WritableKeyPath<Configuration, RateLimit> & Sendable, _ meaning: String
    ) -> Setting {
        Setting(
            name: name, range: "CALLS/SECONDS, 0/1 for no limit", meaning: meaning,
            read: { text, configuration in
                let parts = text.split(separator: "/", omittingEmptySubsequences: false)
                guard parts.count == 2, let calls = Int(parts[0]), let seconds = Int(parts[1]),
                    (0...100_000_000).contains(calls), (1...86_400).contains(seconds)
                else { return false }
                configuration[keyPath: path] = RateLimit(calls: calls, seconds: seconds)
                return true
            },
            show: { "\($0[keyPath: path].calls)/\($0[keyPath: path].seconds)" })
    }

    static func choice<Choice: RawRepresentable & CaseIterable & Sendable>(
        _ name: String, _ path: any WritableKeyPath<Configuration, Choice> & Sendable, _ meaning: String
    ) -> Setting where Choice.RawValue == String {
        Setting(
            name: name, range: Choice.allCases.map(\.rawValue).joined(separator: " or "), meaning: meaning,
            read: { text, configuration in
                guard let choice = Choice(rawValue: text) else { return false }
                configuration[keyPath: path] = choice
                return true
            },
            show: { $0[keyPath: path].rawValue })
    }

    static func choice(
        _ name: String, _ path: any WritableKeyPath<Configuration, Bool> & Sendable, _ meaning: String
    ) -> Setting {
        Setting(
            name: name, range: "on or off", meaning: meaning,
            read: { text, configuration in
                guard text == "on" || text == "off" else { return false }
                configuration[keyPath: path] = text == "on"
                return true
            },
            show: { $0[keyPath: path] ? "on" : "off" })
    }
}
