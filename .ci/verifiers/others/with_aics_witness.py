"""aics-witness: it cosigns the log's checkpoints, from the first that was kept to the newest, and nothing else.

Started with LOCATION KEYS EARLIER URL VKEY: the witness's URL and verifier key after the arguments of every verifier. The
requests of C2SP tlog-witness are written here by hand; the consistency proofs come from the log's tiles by tlog-scales.
The cosigned checkpoint is judged by tlog-scales (type 0x04) and by aics-tlog with a quorum of one.
"""

import base64
import dataclasses
import http.client
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from tlog_scales import backend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import NoteSignature, PlainEd25519Signer, Vkey
from tlog_scales.tlog import Checkpoint

from verdict import Rejected, Source, earlier_checkpoints, judge
from with_aics_tlog import aics_tlog


def verify(location, keys, earlier):
    witness_url, witness_vkey = sys.argv[4:6]
    newest = Source(location).get("checkpoint")
    reader = TilesReader(backend.make_backend(location))
    now = Checkpoint.from_text(newest.decode())
    reader.set_size(now.size)
    cosigned_size, cosignature = 0, ""
    checkpoints = [*earlier_checkpoints(earlier), newest]
    for text in checkpoints:
        size = Checkpoint.from_text(text.decode()).size
        proof = reader.get_consistency_proof(cosigned_size, size).node_hashes if cosigned_size else []
        status, cosignature = submit(witness_url, cosigned_size, proof, text)
        if status != 200:
            raise Rejected(f"the witness answers {status} to size {size} after {cosigned_size}: {cosignature}")
        cosigned_size = size

    check_cosignature(now, witness_vkey, cosignature)
    note = newest.decode() + cosignature
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "note"
        path.write_text(note)
        quorum = ["--note", path, "--log-key", keys[0], "--witness-key", witness_vkey, "--quorum", 1, "--max-age", 60]
        aics_tlog("verify-checkpoint", *quorum)
        path.write_bytes(newest)
        refused_by_aics_tlog(quorum, "a checkpoint without the cosignature")
    refuses(witness_url, now, newest)
    return f"size {now.size}: {len(checkpoints)} checkpoints cosigned in a row, 3 false ones refused"


def check_cosignature(checkpoint: Checkpoint, vkey: str, line: str) -> None:
    """tlog-scales takes the cosignature for this checkpoint and for no other root."""
    verifier = Vkey.from_string(vkey).get_verifier()
    signature = NoteSignature.from_line(line.rstrip("\n"))
    try:
        verifier.verify_note(signature, checkpoint)
    except (InvalidSignature, RuntimeError) as why:
        raise Rejected(f"the cosignature: {why}") from why
    try:
        verifier.verify_note(signature, dataclasses.replace(checkpoint, root_hash=bytes(32)))
    except InvalidSignature:
        return
    raise SystemExit("tlog-scales takes the cosignature for another root too")


def refused_by_aics_tlog(arguments: list, what: str) -> None:
    try:
        aics_tlog("verify-checkpoint", *arguments)
    except Rejected:
        return
    raise SystemExit(f"aics-tlog takes {what}")


def refuses(url: str, now: Checkpoint, newest: bytes) -> None:
    """The witness refuses an old size that is not its latest, another key, and another root at the same size."""
    stranger = PlainEd25519Signer(now.origin, os.urandom(32))
    by_a_stranger = Checkpoint.make_signed(now.origin, now.size, now.root_hash, [stranger]).serialize().encode()
    altered = dataclasses.replace(now, root_hash=bytes(32)).serialize().encode()
    for expected, old, text in [(409, 1, newest), (403, now.size, by_a_stranger), (403, now.size, altered)]:
        status, answer = submit(url, old, [], text)
        if status != expected:
            raise SystemExit(f"the witness answers {status} instead of {expected}: {answer}")


def submit(url: str, old: int, proof: list[bytes], checkpoint: bytes) -> tuple[int, str]:
    """Asks the witness at `url` to cosign (C2SP tlog-witness)."""
    lines = [f"old {old}", *(base64.b64encode(node).decode() for node in proof), "", ""]
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=60)
    connection.request("POST", f"{address.path}/add-checkpoint", "\n".join(lines).encode() + checkpoint)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


if __name__ == "__main__":
    judge(verify)
