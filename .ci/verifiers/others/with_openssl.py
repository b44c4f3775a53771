"""One read's evidence, checked with `openssl` and Python's standard library and nothing else.

It is started with PROOF KEYS FILE: the `.tlog-proof` file, the log's verifier keys, the bytes that were served. The proof
carries an opening and a record; the entry that they make must be in the tree that the log's Ed25519 key signed, and the
record must name the file's digest as released. Exits as the other verifiers do.
"""

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from verdict import REJECTED, Rejected

# The DER of an Ed25519 SubjectPublicKeyInfo up to the key (RFC 8410).
SPKI_PREFIX = bytes.fromhex("302a300506032b6570032100")


def sha256(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def verify(proof: str, key: str, file: bytes) -> str:
    head, checkpoint = proof.split("\n\n", 1)
    header, extra, index, *hashes = head.split("\n")
    if header != "c2sp.org/tlog-proof@v1" or not extra.startswith("extra ") or not index.startswith("index "):
        raise Rejected("not a proof file with an opening and a record")
    index, hashes = int(index.removeprefix("index ")), [base64.b64decode(line) for line in hashes]
    extra = base64.b64decode(extra.removeprefix("extra "))
    opening, record = extra[:32], extra[32:]

    origin, size, root = signed(checkpoint, key)
    name = origin.encode()
    commitment_key = sha256(b"strongroom/v1 commitment key")[:16]
    committed = opening + bytes([len(name)]) + name + record
    entry = b"strongroom/leaf1" + hmac.digest(commitment_key, committed, "sha256")
    if root_of(sha256(b"\x00", entry), index, size, hashes) != root:
        raise Rejected(f"entry {index} is not in the tree")

    record = json.loads(record)
    digest = hashlib.sha256(file).hexdigest()
    if record["index"] != index or record["origin"] != origin:
        raise Rejected("the record is of another entry")
    if digest not in json.dumps(record["events"]):
        raise Rejected(f"the record does not name {digest}")
    return f"entry {index} of {size}: {record['command']['kind']} of {digest} at {record['time']}"


def signed(note: str, key: str) -> tuple[str, int, bytes]:
    """The checkpoint's lines, once openssl has found the key's signature to be good."""
    text, signatures = note.rsplit("\n\n", 1)
    text += "\n"
    name, key_id, encoded = key.split("+", 2)
    key_bytes = base64.b64decode(encoded)
    computed = sha256(name.encode(), b"\n", key_bytes)[:4]
    if computed.hex() != key_id or key_bytes[0] != 0x01:
        raise Rejected("the verifier key is not an Ed25519 key whose id is right")
    for line in signatures.splitlines():
        _, by, blob = line.split(" ")
        blob = base64.b64decode(blob)
        if by == name and blob[:4] == computed:
            if not openssl_verifies(text.encode(), blob[4:], key_bytes[1:]):
                raise Rejected("the checkpoint's signature is bad")
            origin, size, root = text.removesuffix("\n").split("\n")
            if origin != name:
                raise Rejected("the checkpoint is of another log")
            return origin, int(size), base64.b64decode(root)
    raise Rejected("no signature is by the key")


def openssl_verifies(text: bytes, signature: bytes, public_key: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        files = {"text": text, "signature": signature, "key": SPKI_PREFIX + public_key}
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key -rawin -in text -sigfile signature"
        done = subprocess.run(command.split(), cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(f"openssl broke: {done.stderr}")
    return done.returncode == 0


def root_of(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, section 2.1.3.2)."""
    if index >= size:
        return None
    fn, sn, root = index, size - 1, leaf
    for sibling in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            root = sha256(b"\x01", sibling, root)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            root = sha256(b"\x01", root, sibling)
        fn, sn = fn >> 1, sn >> 1
    return root if sn == 0 else None


if __name__ == "__main__":
    proof_file, keys_file, served = map(Path, sys.argv[1:4])
    try:
        print(verify(proof_file.read_text(), keys_file.read_text().split("\n")[0], served.read_bytes()))
    except (Rejected, ValueError) as why:
        # ValueError: what was altered is not base64, a number or JSON any more.
        print(f"rejected: {why}")
        sys.exit(REJECTED)
