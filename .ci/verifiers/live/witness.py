"""aics-witness as a process of its own, started by the script beside this folder."""

import os
import re
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parent.parent / "witness"


class Witness:
    """A witness that trusts one log, until the end of the `with` block."""

    def __init__(self, installed: Path, directory: Path, keys: Path, name: str):
        self.process = subprocess.Popen(
            [SCRIPT, directory, keys, name],
            stderr=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "VERIFIERS": str(installed)},
            text=True,
        )
        told = ""
        while line := self.process.stderr.readline():
            told += line
            if address := re.search(r"listening on (http://\S+)", line):
                self.url = address[1]
                break
        else:
            raise SystemExit(f"aics-witness did not start:\n{told}")
        self.vkey_file = directory / "witness.vkey"
        self.vkey = self.vkey_file.read_text().strip()

    def __enter__(self) -> "Witness":
        return self

    def __exit__(self, *_) -> None:
        # Its log goes on into the pipe; what is left there is of no interest.
        self.process.stderr.close()
        self.process.terminate()
        self.process.wait(timeout=30)
