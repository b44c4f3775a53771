"""A Strongroom of its own: a development directory, the server on it, and connections to it.

It uses Python's standard library alone, as a client of the documented interface.
"""

import http.client
import json
import os
import signal
import ssl
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

# What the configuration of `init` gets beside its own keys: all load is one person's.
LIMITS = "\n[limits]\nrequests_per_minute = 4000000000\n"


class Room:
    """A directory made by `strongroom init`, with the public listener on and ports that the system chooses."""

    def __init__(self, strongroom: str, directory: Path):
        self.strongroom = strongroom
        self.directory = directory
        self.config = directory / "strongroom.toml"
        self.ca = directory / "certs/ca.pem"
        self.keys = directory / "log.vkey"
        self.policy = directory / "policy.txt"
        subprocess.run([strongroom, "init", "--dir", directory], check=True, stdout=subprocess.DEVNULL)
        text = self.config.read_text()
        for port in ("8443", "8444", "9090"):
            text = text.replace(f"127.0.0.1:{port}", "127.0.0.1:0")
        self.config.write_text(text.replace("enabled = false", "enabled = true") + LIMITS)

    def witnesses(self, section: str) -> None:
        """Puts this `[witnesses]` section at the end of the configuration, before the server starts."""
        text = self.config.read_text().split("\n[witnesses]\n")[0]
        self.config.write_text(f"{text}\n[witnesses]\n{section}")

    def serve(self) -> "Server":
        """Starts the server; it listens when this returns."""
        errors = (self.directory / "server.log").open("ab")
        process = subprocess.Popen(
            [self.strongroom, "serve", "--json", "--config", self.config], stdout=subprocess.PIPE, stderr=errors
        )
        text = ""
        while line := process.stdout.readline().decode():
            text += line
            try:
                return Server(self, process, json.loads(text))
            except json.JSONDecodeError:
                continue
        raise SystemExit("the server did not start:\n" + (self.directory / "server.log").read_text())


class Server:
    """A server that runs until the end of the `with` block."""

    def __init__(self, room: Room, process: subprocess.Popen, addresses: dict):
        self.room = room
        self.process = process
        self.main = urlsplit(addresses["mutual_tls"]).port
        self.operations = urlsplit(addresses["operations"]).port
        self.log = f"https://localhost:{urlsplit(addresses['public']).port}/log"

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, failure, *_) -> None:
        self.process.send_signal(signal.SIGTERM)
        if failure:
            print((self.room.directory / "server.log").read_text()[-4000:], file=sys.stderr)
        if self.process.wait(timeout=60) != 0:
            raise SystemExit("the server did not stop well:\n" + (self.room.directory / "server.log").read_text())

    def tls(self, person: str | None) -> ssl.SSLContext:
        """The TLS of a person, or of anyone."""
        context = ssl.create_default_context(cafile=self.room.ca)
        if person:
            clients = self.room.directory / "certs/clients"
            context.load_cert_chain(clients / f"{person}.pem", clients / f"{person}.key")
        return context

    def ask(self, person: str, method: str, path: str, body=None, headers=None) -> tuple[http.client.HTTPMessage, bytes]:
        """One request of a person's, again while the server asks for that; any answer but success ends the run."""
        status, answered, content = self.attempt(person, method, path, body, headers)
        if status == 503 and (seconds := answered.get("Retry-After")):
            time.sleep(float(seconds))
            return self.ask(person, method, path, body, headers)
        if not 200 <= status < 300:
            raise SystemExit(f"{method} {path} as {person}: {status} {content.decode(errors='replace')}")
        return answered, content

    def attempt(
        self, person: str, method: str, path: str, body=None, headers=None
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """One request of a person's on a connection of its own, whatever the answer."""
        connection = http.client.HTTPSConnection("localhost", self.main, context=self.tls(person), timeout=60)
        headers = dict(headers or {})
        if isinstance(body, dict):
            body, headers["Content-Type"] = json.dumps(body), "application/json"
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, answer.headers, content

    def readiness(self) -> tuple[int, str]:
        """What the operations listener says to `/readyz`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.operations, timeout=60)
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        content = answer.read().decode()
        connection.close()
        return answer.status, content


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))
