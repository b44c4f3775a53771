"""`strongroom witness serve` before logs that are not Strongroom's: by tlog-scales and by aics-tlog.

Requests to it are written by hand or made by the client of aics-witness; its cosignatures are judged by tlog-scales
(types 0x04 and 0x06) and by aics-tlog.
"""

import base64
import dataclasses
import hashlib
import http.client
import json
import logging
import os
import signal
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from aics_tlog import Checkpoint as AicsCheckpoint
from aics_tlog import MerkleTree, format_vkey, sign_checkpoint, vkey_from_ed25519
from aics_witness.feeder import FeederError, WitnessAhead, WitnessClient, WitnessRejected, merge_cosignatures
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint
from tlog_scales.writer import TilesWriter

from with_aics_tlog import aics_tlog
from with_aics_witness import check_cosignature, refused_by_aics_tlog, submit

# The client warns of the stale checkpoint that it is given on purpose.
logging.getLogger("aics_witness").setLevel(logging.CRITICAL)

SIZES = [1, 255, 256, 700, 66_000]


class StrongroomWitness:
    """A witness by `strongroom witness`, which serves from `serve()` to the end of the `with` block."""

    def __init__(self, strongroom: str, directory: Path, logs: list[str]):
        self.strongroom, self.directory = strongroom, directory
        command = [strongroom, "witness", "init", "--dir", directory, "--name", "witness.example/strongroom"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        self.keys = (directory / "witness.vkey").read_text().splitlines()
        with (directory / "logs").open("a") as file:
            file.writelines(f"{key}\n" for key in logs)

    def __enter__(self) -> "StrongroomWitness":
        self.told = (self.directory / "told.log").open("ab")
        command = [self.strongroom, "witness", "serve", "--json", "--listen", "127.0.0.1:0", "--dir", self.directory]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.told)
        text = ""
        while line := self.process.stdout.readline().decode():
            text += line
            try:
                self.url = json.loads(text)["url"]
                return self
            except json.JSONDecodeError:
                continue
        self.process.wait()
        raise SystemExit(f"strongroom witness did not start:\n{(self.directory / 'told.log').read_text()}")

    def __exit__(self, failure, *_) -> None:
        self.process.send_signal(signal.SIGTERM)
        ended = self.process.wait(timeout=60)
        self.process.stdout.close()
        self.told.close()
        if failure or ended != 0:
            print(f"strongroom witness ended with {ended}:\n{(self.directory / 'told.log').read_text()[-2000:]}")
        if ended != 0:
            raise SystemExit("strongroom witness did not stop well")


class ScalesLog:
    """A log written by tlog-scales, which signs with Ed25519 and ML-DSA-44."""

    def __init__(self, folder: Path):
        origin = "log.example/scales"
        self.writer = TilesWriter.create(folder, origin)
        self.signers = [PlainEd25519Signer(origin, os.urandom(32)), MLDSA44CosignatureSigner(origin, os.urandom(32))]
        self.keys = [signer.vkey.serialize() for signer in self.signers]
        self.path = folder / "checkpoint"

    def grow(self, size: int) -> Checkpoint:
        for number in range(self.writer.size, size):
            self.writer.add_leaf(b"entry %d" % number)
        # Partial tiles stay: proofs between older sizes read them.
        self.writer.commit(self.signers, gc=False)
        return Checkpoint.from_text(self.path.read_text())

    def proof(self, old: int, new: int) -> list[bytes]:
        return self.writer.reader.get_consistency_proof(old, new).node_hashes if 0 < old < new else []

    def sign(self, checkpoint: Checkpoint, signers=None) -> bytes:
        parts = (checkpoint.origin, checkpoint.size, checkpoint.root_hash, signers or self.signers)
        return Checkpoint.make_signed(*parts).serialize().encode()


def witness_other_logs(strongroom: str, folder: Path) -> list[str]:
    """Has them cosigned, and false ones refused; says what it saw."""
    scales, aics = ScalesLog(folder / "scales"), Ed25519PrivateKey.generate()
    aics_key = format_vkey(vkey_from_ed25519("log.example/aics", aics.public_key()))
    witness = StrongroomWitness(strongroom, folder / "witness", [*scales.keys, aics_key])
    types = [base64.b64decode(key.split("+", 2)[2])[0] for key in witness.keys]
    if types != [0x04, 0x06]:
        raise SystemExit(f"strongroom witness has keys of the types {types}")
    with witness:
        said = [of_tlog_scales(scales, witness), of_aics_tlog(aics, aics_key, witness)]
    # Its memory is on the disk: started again, it knows what it cosigned.
    with witness:
        said.append(still_refuses(scales, witness))
    return said


def of_tlog_scales(log: ScalesLog, witness: StrongroomWitness) -> str:
    old = 0
    for size in SIZES:
        now = log.grow(size)
        note = log.path.read_bytes()
        status, lines = submit(witness.url, old, log.proof(old, size), note)
        expect(status, 200, f"size {size} after {old} of tlog-scales", lines)
        cosigned(now, note, lines, witness, log.keys[0])
        old = size
    shown = latest(witness, now.origin)
    cosigned(now, shown, shown.decode().split("\n\n")[1], witness, log.keys[0])
    false = refuses(log, witness, now)
    return f"{len(SIZES)} checkpoints of tlog-scales up to size {size} cosigned, and {false} false ones refused"


def cosigned(checkpoint: Checkpoint, note: bytes, lines: str, witness: StrongroomWitness, log_key: str) -> None:
    """Both cosignatures are good as tlog-scales sees them, the Ed25519 one as aics-tlog does, and for no other root."""
    for key in witness.keys:
        vkey = Vkey.from_string(key)
        key_id = vkey.key_id.to_bytes(4)
        mine = [line for line in lines.splitlines() if base64.b64decode(line.split(" ")[2])[:4] == key_id]
        if len(mine) != 1:
            raise SystemExit(f"strongroom witness gives {len(mine)} cosignatures of type 0x{vkey.sig_type:02x}")
        check_cosignature(checkpoint, key, mine[0])
    ed25519 = witness.keys[0]
    whole = note if lines.encode() in note else note + lines.encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "note"
        path.write_bytes(whole)
        arguments = ["--note", path, "--log-key", log_key, "--quorum", 1, "--max-age", 60, "--witness-key"]
        aics_tlog("verify-checkpoint", *arguments, ed25519)
        path.write_bytes(checkpoint_alone(whole, witness))
        refused_by_aics_tlog([*arguments, ed25519], "a checkpoint without the cosignature of strongroom witness")


def checkpoint_alone(note: bytes, witness: StrongroomWitness) -> bytes:
    name = "\u2014 " + witness.keys[0].split("+")[0] + " "
    return "".join(line for line in note.decode().splitlines(True) if not line.startswith(name)).encode()


def refuses(log: ScalesLog, witness: StrongroomWitness, now: Checkpoint) -> int:
    """What a log may not do, well signed or not; how many such."""
    stranger = PlainEd25519Signer(now.origin, os.urandom(32))
    fork = dataclasses.replace(now, root_hash=bytes(32))
    longer = dataclasses.replace(fork, size=now.size + 1)
    unknown = PlainEd25519Signer("log.example/unknown", os.urandom(32))
    altered = dataclasses.replace(fork, signatures=now.signatures).serialize().encode()
    false = {
        "an old size that is not the latest": (409, 1, [], log.sign(now)),
        "a stranger's signature": (403, now.size, [], log.sign(now, [stranger])),
        "another root under the signatures of the true one": (403, now.size, [], altered),
        "another log": (404, 0, [], log.sign(dataclasses.replace(now, origin=unknown.vkey.name), [unknown])),
        "another root of the same size, well signed": (422, now.size, [], log.sign(fork)),
        "a longer fork, well signed": (422, now.size, [os.urandom(32)] * 5, log.sign(longer)),
        "an old size beyond": (400, now.size + 1, [], log.sign(now)),
        "no request": (400, now.size, [], b"nothing"),
    }
    for what, (expected, old, proof, note) in false.items():
        status, answer = submit(witness.url, old, proof, note)
        expect(status, expected, what, answer)
        if "\u2014" in answer or (status == 409 and answer != f"{now.size}\n"):
            raise SystemExit(f"strongroom witness answers {what} with {answer}")
    if f"\n{now.size}\n" not in latest(witness, now.origin).decode():
        raise SystemExit("a refused checkpoint took the place of the cosigned one")
    return len(false)


def of_aics_tlog(key: Ed25519PrivateKey, log_key: str, witness: StrongroomWitness) -> str:
    """The client of aics-witness submits a log of aics-tlog, a stale checkpoint and a fork."""
    tree, origin = MerkleTree(), "log.example/aics"

    def note(size: int, root: bytes) -> bytes:
        return sign_checkpoint(AicsCheckpoint(origin, size, root), key, origin).to_bytes()

    with WitnessClient(witness.url, witness.keys[0]) as client:
        for size in SIZES[:4]:
            tree.extend(b"entry %d" % number for number in range(len(tree), size))
            now = note(size, tree.root())
            whole = merge_cosignatures(now, client.submit(now, tree.consistency_proof))
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "note"
                path.write_bytes(whole)
                arguments = ["--note", path, "--log-key", log_key, "--witness-key", witness.keys[0], "--quorum", 1]
                aics_tlog("verify-checkpoint", *arguments, "--max-age", 60)
        refused_to(client, WitnessAhead, note(255, tree.root(255)), tree)
        refused_to(client, WitnessRejected, note(size, bytes(32)), tree)
    return f"{len(SIZES[:4])} of aics-tlog cosigned for the client of aics-witness, a stale one and a fork refused"


def refused_to(client: WitnessClient, how: type[FeederError], note: bytes, tree: MerkleTree) -> None:
    try:
        client.submit(note, tree.consistency_proof)
    except how:
        return
    raise SystemExit(f"the client of aics-witness gets a cosignature where {how.__name__} was due")


def still_refuses(log: ScalesLog, witness: StrongroomWitness) -> str:
    old = log.writer.size
    now = log.grow(old + 1)
    first = log.path.read_bytes()
    fork = log.sign(dataclasses.replace(now, size=old, root_hash=bytes(32)))
    proof = log.proof(old, old + 1)
    for what, due, submission in [
        ("what starts from nothing", 409, (0, [], first)),
        ("a fork", 422, (old, [], fork)),
        ("what extends it", 200, (old, proof, first)),
    ]:
        status, answer = submit(witness.url, *submission)
        expect(status, due, f"{what}, after a new start", answer)
    return f"started again it still knew size {old}, refused a fork of it and went on to {old + 1}"



def latest(witness: StrongroomWitness, origin: str) -> bytes:
    """What anyone is shown of the log."""
    address = urlsplit(witness.url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    connection.request("GET", f"{address.path.rstrip('/')}/{hashlib.sha256(origin.encode()).hexdigest()}/checkpoint")
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    expect(answer.status, 200, f"the latest of {origin}", content.decode())
    return content


def expect(status: int, due: int, what: str, answer: str) -> None:
    if status != due:
        raise SystemExit(f"strongroom witness answers {status} instead of {due} to {what}: {answer}")
