"""A client of wenming's REST API for scripts: persistent connections, retries with an idempotency key, and a server of its own."""
import http.client
import json
import os
import pathlib
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RETRIES = 8
FIRST_PASSWORD_LATER = "Replay-" + secrets.token_hex(6) + "!"


class Refused(Exception):
    """An answer nobody asked for."""

    def __init__(self, method, path, status, body):
        super().__init__(f"{method} {path}: {status} {json.dumps(body, ensure_ascii=False)[:300]}")
        self.status, self.body = status, body


class Client:
    """Calls from many threads, each with a connection of its own."""

    KINDS = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}

    def __init__(self, url):
        """Raises ValueError where the address is neither http nor https, or more than scheme, host and port: a path
        would be dropped without a word, and a token sent to where it was not meant to go."""
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in self.KINDS or not parts.hostname or parts.path not in ("", "/") or parts.query:
            raise ValueError(f"{url} is not http://HOST:PORT or https://HOST:PORT")
        # Without a port it is the kind's own. Certificates are checked against the system's, as curl does.
        self.kind, self.host, self.port = self.KINDS[parts.scheme], parts.hostname, parts.port
        self.local = threading.local()
        self.lock = threading.Lock()
        self.requests = 0

    def call(self, method, path, body=None, token=None, headers=None, expect=(200, 201, 202, 204), raw=None):
        """Sends until there is an answer that is not «busy»: a POST carries the same key each time, so nothing happens twice.

        expect: statuses that are answers; any other raises Refused. Returns (status, JSON or None, headers).
        """
        fields = {"Accept-Language": "en", **(headers or {})}
        data = raw
        if body is not None:
            data, fields["Content-Type"] = json.dumps(body, ensure_ascii=False).encode(), "application/json"
        if token:
            fields["Authorization"] = f"Bearer {token}"
        if method == "POST":
            fields.setdefault("Idempotency-Key", secrets.token_urlsafe(18))
        for attempt in range(RETRIES):
            try:
                status, answer, answered = self.once(method, path, data, fields)
            except (OSError, http.client.HTTPException):
                self.local.connection = None
                if attempt + 1 == RETRIES:
                    raise
                time.sleep(0.1 * 2**attempt)
                continue
            if status in (429, 503) and status not in expect and attempt + 1 < RETRIES:
                time.sleep(min(60, float(answered.get("Retry-After") or 1)))
                continue
            if status not in expect:
                raise Refused(method, path, status, answer)
            return status, answer, answered
        raise Refused(method, path, status, answer)

    def once(self, method, path, data, fields):
        connection = getattr(self.local, "connection", None)
        if connection is None:
            connection = self.local.connection = self.kind(self.host, self.port, timeout=60)
        connection.request(method, path, body=data, headers=fields)
        response = connection.getresponse()
        content = response.read()
        with self.lock:
            self.requests += 1
        is_json = "json" in (response.headers.get("Content-Type") or "")
        return response.status, json.loads(content) if is_json and content else None, response.headers

    def pages(self, path, token=None):
        """Every item of a list."""
        cursor = None
        while True:
            joint = "&" if "?" in path else "?"
            _, page, _ = self.call("GET", path + (f"{joint}cursor={cursor}" if cursor else ""), token=token)
            yield from page["items"]
            cursor = page["next"]
            if cursor is None:
                return

    def sign_in_staff(self, name, password, tell=None):
        """Signs in, and changes a first password, of which tell hears the new one. Returns the token."""
        _, opened, _ = self.call("POST", "/api/v1/sessions/staff", {"name": name, "password": password})
        token = opened["token"]
        if opened["account"]["mustChangePassword"]:
            change = {"currentPassword": password, "newPassword": FIRST_PASSWORD_LATER}
            self.call("PUT", "/api/v1/me/password", change, token)
            if tell:
                tell(FIRST_PASSWORD_LATER)
        return token

    def sign_in_resident(self, phone, codes):
        self.call("POST", "/api/v1/phone-codes", {"phone": phone})
        code = codes.wait(phone)
        _, opened, _ = self.call("POST", "/api/v1/sessions/phone", {"phone": phone, "code": code})
        return opened["token"]


class CodeLog:
    """Reads one-time codes from a server's log (code-delivery log: development only)."""

    def __init__(self, path):
        self.path, self.codes, self.changed = path, {}, threading.Condition()
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self):
        with open(self.path, encoding="utf-8") as log:
            rest = ""
            while True:
                piece = log.read()
                if not piece:
                    time.sleep(0.002)
                    continue
                *lines, rest = (rest + piece).split("\n")
                found = [json.loads(line) for line in lines if '"one-time code"' in line]
                if found:
                    with self.changed:
                        self.codes.update((entry["phone"], entry["code"]) for entry in found)
                        self.changed.notify_all()

    def wait(self, phone):
        """The newest code for a phone, which the log shows masked: first three and last four digits."""
        masked = f"{phone[:3]}****{phone[-4:]}"
        with self.changed:
            if not self.changed.wait_for(lambda: masked in self.codes, timeout=20):
                raise TimeoutError(f"no code for {masked} in {self.path}")
            return self.codes.pop(masked)


def build():
    """The program as the sources are now: what lies there may be yesterday's."""
    return subprocess.run([ROOT / "scripts/build"], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


class Server:
    """A server of our own on a free port with a temporary database of the demo city and one administrator.

    It is built first, unless the variable BINARY names a program. To be used by `with`: the server ends with the block,
    however that ends, by SIGTERM too.
    """

    FLAGS = ["--overview-seconds", "0", "--code-interval-seconds", "0", "--codes-per-phone-and-day", "1000"] + [
        part for name in ("reads", "writes", "logins", "codes", "uploads") for part in (f"--rate-{name}", "100000000/60")]

    def __init__(self, folder, flags=()):
        self.binary = os.environ.get("BINARY") or build()
        self.data, self.log = os.path.join(folder, "data"), os.path.join(folder, "server.log")
        self.tool("import", "stations", str(ROOT / "scripts/data/chengdu_stations.csv"))
        self.name, self.password = self.tool("staff", "add", "admin", "--name", "管理员").split()
        self.flags, self.process = flags, None

    def __enter__(self):
        # By itself SIGTERM would end Python at once and leave the server behind.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve", "--data", self.data, "--listen", "127.0.0.1:0", "--openapi", str(ROOT / "openapi.yaml"),
                 *self.FLAGS, *self.flags], stderr=log)
        try:
            self.url = f"http://127.0.0.1:{self.port()}"
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(self, *_):
        self.end()

    def end(self):
        """Kills what still runs: whoever wants to know how it stops has asked `stop`."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def tool(self, *arguments):
        done = subprocess.run([self.binary, *arguments, "--data", self.data], check=True, capture_output=True, text=True)
        return done.stdout

    def port(self):
        for _ in range(400):
            found = re.search(r'"event":"listening".*?"port":"(\d+)"', pathlib.Path(self.log).read_text(encoding="utf-8"))
            if found:
                return int(found[1])
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise SystemExit("the server did not start:\n" + pathlib.Path(self.log).read_text(encoding="utf-8"))

    def stop(self):
        """Returns the exit status after SIGTERM."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)
