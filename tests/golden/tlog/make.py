"""Makes the vectors of this folder from the specifications, without any of Strongroom's code.

Run in this folder with Python 3 and the `cryptography` package (for Ed25519): python3 make.py
"""

import base64
import hashlib
import hmac
import json
import struct

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

ORIGIN = "repository.example/strongroom"
SEED = hashlib.sha256(b"strongroom golden seed").digest()
FILE = b"Device Certificate Policy, version 3.0\n"
SIZE = 7


def sha256(data):
    return hashlib.sha256(data).digest()


def base64_of(data):
    return base64.b64encode(data).decode()


def canonical(value):  # RFC 8785 for ASCII keys, strings without escapes and integers
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def record(index):
    digest = hashlib.sha256(FILE).hexdigest()
    person = {
        "person": "a.lodger" if index == 2 else "r.reader",
        "organisation": "example-energy",
        "credential": hashlib.sha256(b"credential").hexdigest(),
    }
    common = {
        "v": 1,
        "index": index,
        "time": "2026-11-24T09:30:0%d.123456Z" % index,
        "origin": ORIGIN,
        "request": "golden-%d" % index,
        "rules": [],
        "facts": {},
        "outcome": "done",
    }
    names = {"document": "device-cp", "label": "3.0", "digest": digest}
    if index == 2:
        event = {"kind": "version_lodged", "size": len(FILE), "classification": "GREEN", **names}
        return {**common, "actor": person, "command": {"kind": "lodge_version", **names}, "events": [event]}
    if index == 4:
        event = {"kind": "content_released", **names}
        return {**common, "actor": person, "command": {"kind": "read_content", "document": "device-cp", "label": "3.0"},
                "rules": ["GREEN-1"], "events": [event]}
    return {**common, "actor": {"system": "heartbeat"}, "command": {"kind": "heartbeat"}, "events": []}


def opening(index):
    return sha256(b"golden opening %d" % index)


def entry(index):
    key = sha256(b"strongroom/v1 commitment key")[:16]
    origin = ORIGIN.encode()
    message = opening(index) + bytes([len(origin)]) + origin + canonical(record(index))
    return b"strongroom/leaf1" + hmac.new(key, message, hashlib.sha256).digest()


def leaf(index):
    return sha256(b"\x00" + entry(index))


def node(left, right):
    return sha256(b"\x01" + left + right)


def split(width):
    return 1 << (width - 1).bit_length() - 1


def tree(low, high):  # RFC 9162, section 2.1.1
    if high - low == 1:
        return leaf(low)
    middle = low + split(high - low)
    return node(tree(low, middle), tree(middle, high))


def path(index, low, high):  # RFC 9162, section 2.1.3.1
    if high - low == 1:
        return []
    middle = low + split(high - low)
    if index < middle:
        return path(index, low, middle) + [tree(middle, high)]
    return path(index, middle, high) + [tree(low, middle)]


private = Ed25519PrivateKey.from_private_bytes(SEED)
public = b"\x01" + private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
key_id = sha256(ORIGIN.encode() + b"\n" + public)[:4]
verifier_key = "%s+%s+%s" % (ORIGIN, key_id.hex(), base64_of(public))

text = "%s\n%d\n%s\n" % (ORIGIN, SIZE, base64_of(tree(0, SIZE)))
checkpoint = "%s\n\u2014 %s %s\n" % (text, ORIGIN, base64_of(key_id + private.sign(text.encode())))


def proof_file(index):
    lines = ["c2sp.org/tlog-proof@v1", "extra " + base64_of(opening(index) + canonical(record(index))), "index %d" % index]
    lines += [base64_of(hash) for hash in path(index, 0, SIZE)]
    return "\n".join(lines) + "\n\n" + checkpoint


def write(name, content):
    with open(name, "wb") as out:
        out.write(content if isinstance(content, bytes) else content.encode())


write("file.txt", FILE)
write("seed.hex", SEED.hex() + "\n")
write("verifier-key.txt", verifier_key + "\n")
write("checkpoint.txt", checkpoint)
write("lodged.tlog-proof", proof_file(2))
write("served.tlog-proof", proof_file(4))
write("heartbeat.tlog-proof", proof_file(6))
write("entries.bundle", b"".join(struct.pack(">H", 48) + entry(index) for index in range(SIZE)))
write("level-0.tile", b"".join(leaf(index) for index in range(SIZE)))
vectors = {
    "origin": ORIGIN,
    "size": SIZE,
    "root": tree(0, SIZE).hex(),
    "node_of_leaves_0_and_1": node(leaf(0), leaf(1)).hex(),
    "entries": [
        {
            "index": index,
            "opening": opening(index).hex(),
            "record": canonical(record(index)).decode(),
            "entry": entry(index).hex(),
            "leaf_hash": leaf(index).hex(),
        }
        for index in range(SIZE)
    ],
}
write("vectors.json", json.dumps(vectors, indent=1) + "\n")
