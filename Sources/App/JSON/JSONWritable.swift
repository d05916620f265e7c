/// A model that writes its JSON itself, for the answers given most often: a synthesised `encode` goes through a container
/// by reference and a dynamic call for each member, which was a quarter of the cost of reading one activity.
package protocol JSONWritable: Encodable {
    /// Writes one JSON value, and closes what it opens.
    func write(to output: JSONOutput) throws
}

extension JSONWritable {
    package func encode(to encoder: any Encoder) throws {
        guard let encoding = encoder as? JSONEncoding else {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "is written by JSONOutput alone"))
        }
        try write(to: encoding.output)
    }
}

/// One member of the object that is open; nil is written as null.
extension JSONOutput {
    func member(_ name: StaticString, _ value: Int64?) {
        key(name)
        if let value { integer(value) } else { null() }
    }

    func member(_ name: StaticString, _ value: Int?) { member(name, value.map(Int64.init)) }

    func member<Entity>(_ name: StaticString, _ value: ID<Entity>?) { member(name, value?.rawValue) }

    func member(_ name: StaticString, _ value: String?) {
        key(name)
        if let value { string(value) } else { null() }
    }

    func member(_ name: StaticString, _ value: Timestamp?) {
        key(name)
        if let value { time(value) } else { null() }
    }

    /// Any other model, the slower way.
    func member<Content: Encodable>(_ name: StaticString, model: Content?) throws {
        key(name)
        if let model { try JSONEncoding(output: self).write(model) } else { null() }
    }
}
