"""Measures running servers with wrk, in turn (A B C A B C …), and prints medians.

measure.py [--seconds 3] [--rounds 3] [--connections 8,64,256] [--cases health,list,one,signup,signup-full] NAME=URL@PID …
Columns: requests/s, p50, p99, the server's CPU time per request (user and system, the steadiest figure on a shared machine),
resident memory, and answers that were not 2xx (must be 0).
"""
import argparse
import os
import pathlib
import re
import statistics
import subprocess

HERE = pathlib.Path(__file__).parent
CASES = {
    "health": ("/healthz", None, {}),
    "list": ("/api/v1/activities?limit=20", None, {}),
    "one": ("", "bench_activity.lua", {}),
    "signup": ("", "bench_signup.lua", {}),
    "signup-full": ("", "bench_signup.lua", {"KEYS": "1"}),
}
UNITS = {"us": 1e-3, "ms": 1, "s": 1e3, "m": 6e4}
TICKS = os.sysconf("SC_CLK_TCK")


def usage(pid):
    """CPU seconds and resident MiB of a process."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[21]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(\w+)", text).groups()
    return float(number) * UNITS[unit]


def once(url, pid, case, connections, seconds, offset):
    path, script, extra = CASES[case]
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "5s"]
    command += ["-s", str(HERE / script)] if script else []
    before = usage(pid)[0]
    environment = {**os.environ, "OFFSET": str(offset), **extra}
    out = subprocess.run(command + [url + path], env=environment, capture_output=True, text=True, check=True).stdout
    after, resident = usage(pid)
    count = int(re.search(r"(\d+) requests in", out)[1])
    bad = sum(int(n) for n in re.findall(r"Non-2xx or 3xx responses: (\d+)", out))
    socket = re.search(r"Socket errors: (.*)", out)
    bad += sum(int(n) for n in re.findall(r"\d+", socket[1])) if socket else 0
    return count, dict(
        rps=float(re.search(r"Requests/sec:\s+([\d.]+)", out)[1]),
        p50=milliseconds(re.search(r"\n +50% +(\S+)", out)[1]), p99=milliseconds(re.search(r"\n +99% +(\S+)", out)[1]),
        cpu=(after - before) / max(count, 1) * 1e6, rss=resident, bad=bad)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--connections", default="8,64,256")
    parser.add_argument("--cases", default=",".join(CASES))
    parser.add_argument("servers", nargs="+")
    options = parser.parse_args()
    offsets = {}
    print(f"{'case':<12}{'c':>5} {'server':<14}{'rps':>9}{'p50 ms':>8}{'p99 ms':>8}{'us CPU/req':>11}{'RSS MiB':>9}{'errors':>8}")
    for case in options.cases.split(","):
        for connections in options.connections.split(","):
            samples = {}
            for _ in range(options.rounds):
                for server in options.servers:
                    name, _, target = server.partition("=")
                    url, _, pid = target.partition("@")
                    offset = offsets.get(name, 0)
                    count, sample = once(url, int(pid), case, int(connections), options.seconds, offset)
                    if case.startswith("signup"):
                        offsets[name] = offset + int(count * 1.2) + 4 * int(connections)
                    samples.setdefault(name, []).append(sample)
            for name, rows in samples.items():
                m = {key: statistics.median(row[key] for row in rows) for key in rows[0]}
                print(
                    f"{case:<12}{connections:>5} {name:<14}{m['rps']:>9.0f}{m['p50']:>8.2f}{m['p99']:>8.2f}"
                    f"{m['cpu']:>11.1f}{m['rss']:>9.0f}{sum(row['bad'] for row in rows):>8}", flush=True)


main()
