"""Opens COUNT connections to HOST:PORT, asks each for /healthz once, and prints the server's memory before and with them.

idle_connections.py HOST PORT PID COUNT
"""
import os
import pathlib
import resource
import socket
import sys


def resident(pid):
    return int(pathlib.Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def main():
    host, port, pid, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    before = resident(pid)
    connections = []
    for number in range(count):
        connection = socket.socket()
        # One address has some 28,000 ports towards one server: a new one in time.
        connection.bind((f"127.0.0.{2 + number // 2000}", 0))
        connection.connect((host, port))
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n")
        assert connection.recv(1024).startswith(b"HTTP/1.1 200"), "refused"
        connections.append(connection)
    after = resident(pid)
    print(
        f"{count} idle connections: {before / 2**20:.1f} MiB before, {after / 2**20:.1f} MiB with them, "
        f"{(after - before) / count / 1024:.2f} KiB each")


main()
