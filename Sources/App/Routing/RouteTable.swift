package import HTTP

/// The whole API as data, with a tree over its path segments for the look-up.
package struct RouteTable: Sendable {
    package struct Match: Sendable {
        package var route: Int
        package var values: PathValues
    }

    package enum Result: Sendable {
        case found(Match)
        /// The path exists under other methods: the value of `Allow`.
        case otherMethods(String)
        case none
    }

    private struct Node: Sendable {
        /// Hashes of the literal segments below, apart from the rest so that a look-up runs over them alone.
        var hashes: [UInt64] = []
        var literals: [(segment: [UInt8], node: Int)] = []
        var parameter: Int?
        var routes: [(method: Method, route: Int)] = []
    }

    package let routes: [Route]
    private var nodes = [Node()]

    /// Two routes of the same method and path, or a pattern with more parameters than `PathValues` holds, are mistakes of
    /// ours and stop the start.
    package init(_ routes: [Route]) {
        self.routes = routes
        for (index, route) in routes.enumerated() {
            precondition(route.path.parameters.count <= PathValues.capacity, "too many parameters: \(route.path)")
            let node = leaf(of: route.path)
            precondition(!nodes[node].routes.contains { $0.method == route.method }, "two routes: \(route.path)")
            nodes[node].routes.append((route.method, index))
        }
    }

    private mutating func leaf(of path: PathPattern) -> Int {
        var current = 0
        for segment in path.segments {
            switch segment {
            case .parameter:
                current = nodes[current].parameter ?? addNode { $0[current].parameter = $1 }
            case .literal(let bytes):
                let known = nodes[current].literals.first { $0.segment == bytes }?.node
                current =
                    known
                    ?? addNode {
                        $0[current].hashes.append(bytes.withUnsafeBufferPointer(Self.hash))
                        $0[current].literals.append((bytes, $1))
                    }
            }
        }
        return current
    }

    private mutating func addNode(_ link: (inout [Node], Int) -> Void) -> Int {
        nodes.append(Node())
        link(&nodes, nodes.count - 1)
        return nodes.count - 1
    }

    /// Finds the route of a path within `bytes`. A literal segment wins over a parameter; `HEAD` is served by `GET`.
    package func match(_ method: Method, _ bytes: [UInt8], _ path: Range<Int>) -> Result {
        var values = PathValues()
        guard let node = descend(bytes, path, into: &values), !nodes[node].routes.isEmpty else { return .none }
        let wanted = method == .head ? .get : method
        for entry in nodes[node].routes where entry.method == wanted {
            return .found(Match(route: entry.route, values: values))
        }
        return .otherMethods(allow(at: node))
    }

    private func descend(_ bytes: [UInt8], _ path: Range<Int>, into values: inout PathValues) -> Int? {
        bytes.withUnsafeBufferPointer { bytes in
            var current = 0
            var start = path.lowerBound
            guard start < path.upperBound, bytes[start] == UInt8(ascii: "/") else { return nil }
            while start < path.upperBound {
                start += 1
                var end = start
                while end < path.upperBound, bytes[end] != UInt8(ascii: "/") { end += 1 }
                if let next = literal(at: current, UnsafeBufferPointer(rebasing: bytes[start..<end])) {
                    current = next
                } else if let next = nodes[current].parameter, end > start {
                    values.append(start..<end)
                    current = next
                } else {
                    return nil
                }
                start = end
            }
            return current
        }
    }

    private func literal(at node: Int, _ segment: UnsafeBufferPointer<UInt8>) -> Int? {
        let hash = Self.hash(segment)
        for index in nodes[node].hashes.indices where nodes[node].hashes[index] == hash {
            let literal = nodes[node].literals[index]
            if literal.segment.elementsEqual(segment) { return literal.node }
        }
        return nil
    }

    private static func hash(_ segment: UnsafeBufferPointer<UInt8>) -> UInt64 {
        segment.reduce(UInt64(segment.count)) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }

    private func allow(at node: Int) -> String {
        var methods = nodes[node].routes.map(\.method.rawValue)
        if methods.contains("GET") { methods.append("HEAD") }
        methods.append("OPTIONS")
        return methods.sorted().joined(separator: ", ")
    }
}
