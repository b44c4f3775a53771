"""Tampered copies of a log: each verifier must reject those that concern what it verifies.

A verifier that accepts everything would pass for ever. The copies are signed by keys of their own, Ed25519 and ML-DSA-44,
so that a false root can carry good signatures.
"""

import base64
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint

SIGNATURES = {"go", "tlog_scales", "aics_tlog"}  # those that know signatures
TILES = {"go", "tlog_scales", "aics_tlog"}  # those that read hash tiles
ALL = SIGNATURES | {"pymerkle"}

# An entry that every verifier samples, by its bundle and its place there.
SAMPLED_BUNDLE, SAMPLED_PLACE = divmod(211 * 100, 256)
ENTRY = 2 + 48


class Copy:
    """A copy of a log with the checkpoints of its past, signed by new keys."""

    def __init__(self, mirror: Path, earlier: Path, folder: Path):
        self.mirror, self.folder = mirror, folder
        origin = (mirror / "checkpoint").read_text().split("\n")[0]
        self.signers = [PlainEd25519Signer(origin, os.urandom(32)), MLDSA44CosignatureSigner(origin, os.urandom(32))]
        self.past = {file.name: sign(file.read_text(), self.signers) for file in earlier.iterdir()}
        self.now = sign((mirror / "checkpoint").read_text(), self.signers)
        self.keys = [signer.vkey.serialize() for signer in self.signers]

    def lay_out(self, name: str, tamper: Callable[[Path], None]) -> tuple[Path, Path, Path]:
        """Writes the copy and lets `tamper` at it: the location, the keys' file, the folder of the past."""
        folder = self.folder / name
        log, earlier = folder / "log", folder / "earlier"
        # Hard links: what is tampered with is written anew.
        shutil.copytree(self.mirror, log, copy_function=os.link)
        write(log / "checkpoint", self.now.encode())
        earlier.mkdir()
        for size, text in self.past.items():
            write(earlier / size, text.encode())
        write(folder / "keys", "".join(key + "\n" for key in self.keys).encode())
        tamper(folder)
        return log, folder / "keys", earlier

    def tamperings(self) -> dict[str, tuple[set[str], Callable[[Path], None]]]:
        """What is done to a copy, and who must notice."""
        middle = str(sorted(map(int, self.past))[len(self.past) // 2])
        size = int(self.now.split("\n")[1])
        top = f"log/tile/2/000.p/{size >> 16}"
        return {
            "a byte of a full tile": (TILES, flip("log/tile/0/100", 3200)),
            "a byte of a tile above": (TILES, flip("log/tile/1/000", 3200)),
            "a byte of the topmost tile": (TILES, flip(top, 7)),
            "a byte of an entry": (ALL, flip(bundle(SAMPLED_BUNDLE), SAMPLED_PLACE * ENTRY + 20)),
            "another root, well signed": (ALL, self.resign("log/checkpoint")),
            "another root in the past, well signed": (ALL, self.resign(f"earlier/{middle}")),
            "another root under the signatures of the true one": (ALL, altered_root),
            "the keys of another log": (SIGNATURES, self.other_keys),
            "a byte of the Ed25519 signature": (SIGNATURES, bad_signature(0)),
            "no Ed25519 signature": (SIGNATURES, no_signature(0)),
            # The others know no ML-DSA: it is a signature by a key unknown to them.
            "a byte of the ML-DSA-44 signature": ({"tlog_scales"}, bad_signature(1)),
            "no ML-DSA-44 signature": ({"tlog_scales"}, no_signature(1)),
        }

    def resign(self, path: str) -> Callable[[Path], None]:
        def tamper(folder: Path) -> None:
            write(folder / path, sign((folder / path).read_text(), self.signers, os.urandom(32)).encode())

        return tamper

    def other_keys(self, folder: Path) -> None:
        signers = [type(signer)(signer.vkey.name, os.urandom(32)) for signer in self.signers]
        write(folder / "keys", "".join(signer.vkey.serialize() + "\n" for signer in signers).encode())


def sign(note: str, signers: list, root: bytes | None = None) -> str:
    """The checkpoint of `note`, perhaps with another root, signed by these and nobody else."""
    checkpoint = Checkpoint.from_text(note)
    return Checkpoint.make_signed(
        checkpoint.origin, checkpoint.size, root or checkpoint.root_hash, signers
    ).serialize()


def bundle(index: int) -> str:
    return f"log/tile/entries/{index:03d}"


def flip(path: str, at: int) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        content = bytearray((folder / path).read_bytes())
        content[at] ^= 1
        write(folder / path, bytes(content))

    return tamper


def altered_root(folder: Path) -> None:
    lines = (folder / "log/checkpoint").read_text().split("\n")
    lines[2] = base64.b64encode(os.urandom(32)).decode()
    write(folder / "log/checkpoint", "\n".join(lines).encode())


def bad_signature(number: int) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        lines = (folder / "log/checkpoint").read_text().split("\n")
        name, blob = lines[4 + number].rsplit(" ", 1)
        content = bytearray(base64.b64decode(blob))
        content[-1] ^= 1
        lines[4 + number] = f"{name} {base64.b64encode(content).decode()}"
        write(folder / "log/checkpoint", "\n".join(lines).encode())

    return tamper


def no_signature(number: int) -> Callable[[Path], None]:
    def tamper(folder: Path) -> None:
        lines = (folder / "log/checkpoint").read_text().split("\n")
        del lines[4 + number]
        write(folder / "log/checkpoint", "\n".join(lines).encode())

    return tamper


def cosignature_tamperings(mirror: Path, earlier: Path, vkey: str, folder: Path) -> dict[str, tuple[Path, Path, str]]:
    """What may not pass for cosigned by `vkey`: a log's location, the folder of its past, the witness's key."""
    name = vkey.split("+")[0]

    def without(note: str) -> str:
        return "".join(line for line in note.splitlines(True) if not line.startswith(f"\u2014 {name} "))

    def altered(note: str) -> str:
        line = next(line for line in note.splitlines() if line.startswith(f"\u2014 {name} "))
        head, blob = line.rsplit(" ", 1)
        content = bytearray(base64.b64decode(blob))
        content[-1] ^= 1
        return note.replace(blob, base64.b64encode(content).decode())

    def lay_out(what: str, change: Callable[[str], str]) -> Path:
        location = folder / what
        location.mkdir(parents=True)
        (location / "checkpoint").write_text(change((mirror / "checkpoint").read_text()))
        return location

    past = folder / "past"
    past.mkdir(parents=True)
    for file in earlier.iterdir():
        (past / file.name).write_text(file.read_text())
    oldest = min(past.iterdir(), key=lambda file: int(file.name))
    oldest.write_text(without(oldest.read_text()))
    return {
        "a checkpoint without its cosignature": (lay_out("without", without), earlier, vkey),
        "a byte of the cosignature": (lay_out("altered", altered), earlier, vkey),
        "an earlier checkpoint without its cosignature": (mirror, past, vkey),
        "another key of the witness's name": (mirror, earlier, of_a_stranger(vkey)),
    }


def of_a_stranger(vkey: str) -> str:
    """Another verifier key of the same name and type."""
    name, _, encoded = vkey.split("+", 2)
    signer = PlainEd25519Signer(name, os.urandom(32))
    return Vkey(name, None, base64.b64decode(encoded)[0], signer.vkey.pubkey).serialize()


def write(path: Path, content: bytes) -> None:
    """Writes a file anew, whatever other names its old content has."""
    path.unlink(missing_ok=True)
    path.write_bytes(content)
