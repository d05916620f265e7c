import CLinux
import Glibc

/// A listening socket. Every lane has one of its own on the same port (`SO_REUSEPORT`), and the kernel shares out the
/// connections.
struct Listener: ~Copyable {
    /// Connections the kernel keeps until they are accepted.
    static let backlog: Int32 = 1_024
    let descriptor: Int32
    /// The port it got, where 0 was asked for.
    let port: UInt16

    /// - Parameter isShared: whether sockets of the same process may listen beside it. The first lane binds without, so
    ///   that another program's port is refused rather than shared.
    init(host: String, port: UInt16, isShared: Bool) throws(ServerError) {
        let text = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        guard let address = PeerAddress(text: host == "localhost" ? "127.0.0.1" : host) else { throw .badAddress(text) }
        let family = address.isIPv6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw .system("socket", errno) }
        do throws(ServerError) {
            Self.set(descriptor, SOL_SOCKET, SO_REUSEADDR)
            // Inherited by every connection: answers leave at once, and a peer that vanished is noticed in the end.
            Self.set(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY)
            Self.set(descriptor, SOL_SOCKET, SO_KEEPALIVE)
            if isShared { Self.set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
            try Self.bind(descriptor, address, port, text)
            // Only after the bind for the first lane: those that follow may share with it, nobody before it.
            if !isShared { Self.set(descriptor, SOL_SOCKET, SO_REUSEPORT) }
            guard listen(descriptor, Self.backlog) == 0 else {
                throw errno == EADDRINUSE ? .addressInUse(text) : .system("listen", errno)
            }
        } catch {
            close(descriptor)
            throw error
        }
        self.descriptor = descriptor
        self.port = Self.boundPort(descriptor) ?? port
    }

    deinit { close(descriptor) }

    private static func set(_ descriptor: Int32, _ level: Int32, _ option: Int32) {
        var one: Int32 = 1
        setsockopt(descriptor, level, option, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    private static func bind(
        _ descriptor: Int32, _ address: PeerAddress, _ port: UInt16, _ text: String
    ) throws(ServerError) {
        let result: Int32
        if address.isIPv6 {
            var six = sockaddr_in6()
            six.sin6_family = sa_family_t(AF_INET6)
            six.sin6_port = port.bigEndian
            withUnsafeMutableBytes(of: &six.sin6_addr) { bytes in
                bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
                bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            result = withUnsafePointer(to: &six) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        } else {
            var four = sockaddr_in()
            four.sin_family = sa_family_t(AF_INET)
            four.sin_port = port.bigEndian
            four.sin_addr.s_addr = UInt32(truncatingIfNeeded: address.low).bigEndian
            result = withUnsafePointer(to: &four) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
        guard result == 0 else {
            switch errno {
            case EADDRINUSE: throw .addressInUse(text)
            case EACCES, EPERM: throw .notPermitted(text)
            case EADDRNOTAVAIL: throw .badAddress(text)
            case let code: throw .system("bind", code)
            }
        }
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16? {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = withUnsafeMutablePointer(to: &storage) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        guard result == 0 else { return nil }
        // The port stands at the same place for both families.
        return withUnsafeBytes(of: storage) { UInt16(bigEndian: $0.loadUnaligned(fromByteOffset: 2, as: UInt16.self)) }
    }
}

extension PeerAddress {
    /// The address of an accepted connection.
    init?(_ storage: sockaddr_storage) {
        let address: PeerAddress? = withUnsafeBytes(of: storage) { bytes in
            switch Int32(storage.ss_family) {
            case AF_INET: PeerAddress(ipv4: UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
            case AF_INET6:
                PeerAddress(
                    high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                    low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)))
            default: nil
            }
        }
        guard let address else { return nil }
        self = address
    }
}
