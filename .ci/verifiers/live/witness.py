"""aics-witness as a process of its own, started by the script beside this folder."""

import os
import re
import subprocess
import time
from pathlib import Path
from urllib.parse import urlsplit

SCRIPT = Path(__file__).parent.parent / "witness"


class Witness:
    """A witness that trusts one log, until the end of the `with` block; it can be stopped and started within."""

    def __init__(self, installed: Path, directory: Path, keys: Path, name: str):
        self.name = name
        self.command = [SCRIPT, directory, keys, name]
        self.environment = {**os.environ, "VERIFIERS": str(installed)}
        directory.mkdir(parents=True)
        self.log = directory / "witness.log"
        self.process = None
        self.url = self.start()
        self.vkey_file = directory / "witness.vkey"
        self.vkey = self.vkey_file.read_text().strip()

    def start(self, *address: str) -> str:
        """Starts it and gives its URL, once it listens."""
        with self.log.open("w") as told:
            command = [*self.command, *address]
            self.process = subprocess.Popen(command, stderr=told, stdout=subprocess.DEVNULL, env=self.environment)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            if listening := re.search(r"listening on (http://[\w.:]+)", self.log.read_text()):
                return listening[1]
            time.sleep(0.05)
        self.stop()
        raise SystemExit(f"aics-witness did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)

    def start_again(self) -> None:
        """Starts it with what it has cosigned, where it was."""
        self.start(urlsplit(self.url).netloc)

    def __enter__(self) -> "Witness":
        return self

    def __exit__(self, failure, *_) -> None:
        self.stop()
        if failure:
            print(f"{self.name} told:\n{self.log.read_text()[-2000:]}", flush=True)
