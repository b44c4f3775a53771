"""What the verifiers here share: their arguments, where a log is read from, and how a verdict is given.

A verifier is started with LOCATION KEYS EARLIER: the log's URL or a directory with a copy of it, the file with its
verifier keys one a line, and a directory with checkpoints that it published before. It exits with 0 if everything holds
and with 3 if the log is rejected; any other end is a failure of the check itself.
"""

import http.client
import os
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

REJECTED = 3


class Rejected(Exception):
    """The log, or a copy of it, does not hold what its keys and checkpoints say."""


class Source:
    """A log behind a URL, or a copy of it in a directory."""

    def __init__(self, location: str):
        self.location = location
        self.connection = None
        if location.startswith("https://"):
            url = urlsplit(location)
            self.prefix = url.path
            tls = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
            self.connection = http.client.HTTPSConnection(url.hostname, url.port, context=tls, timeout=60)

    def get(self, path: str) -> bytes:
        """What the log serves under this path; it must be there."""
        if self.connection is None:
            return (Path(self.location) / path).read_bytes()
        self.connection.request("GET", f"{self.prefix}/{path}")
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise Rejected(f"{path} is answered with {answer.status}")
        return content


def tile_path(kind: str, index: int, width: int) -> str:
    """C2SP tlog-tiles: groups of three digits, all but the last prefixed x; a partial tile names its width."""
    groups = [f"{index % 1000:03d}"]
    while index := index // 1000:
        groups.insert(0, f"x{index % 1000:03d}")
    return f"tile/{kind}/{'/'.join(groups)}" + ("" if width == 256 else f".p/{width}")


def tiles_of(size: int) -> list[str]:
    """The paths of all tiles and entry bundles of a log of that size."""
    paths = []
    level = 0
    while items := size >> (8 * level):
        for kind in ["entries", "0"] if level == 0 else [str(level)]:
            paths += [tile_path(kind, index, 256) for index in range(items >> 8)]
            if items % 256:
                paths.append(tile_path(kind, items >> 8, items % 256))
        level += 1
    return paths


def earlier_checkpoints(directory: str) -> list[bytes]:
    """The checkpoints kept while the log grew, smallest first; their files are named by size."""
    files = sorted(Path(directory).iterdir(), key=lambda file: int(file.name))
    if not files:
        raise SystemExit(f"{directory} holds no checkpoint")
    return [file.read_bytes() for file in files]


def sample(size: int) -> list[int]:
    """Entries of every bundle, and the edges."""
    return sorted({0, 1, size - 1, size // 2, *range(0, size, 211)} & set(range(size)))


def judge(verify) -> None:
    """Runs a verifier, `verify(location, keys, earlier)`, which gives what it verified or raises `Rejected`."""
    location, keys, earlier = sys.argv[1:4]
    try:
        print(verify(location, Path(keys).read_text().splitlines(), earlier))
    except Rejected as why:
        print(f"rejected: {why}")
        sys.exit(REJECTED)
