"""Independent proof: a live log of over 70,000 entries before the verifiers of others, and tampered copies of it."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "others"))

from controls import Copy, cosignature_tamperings, of_a_stranger
from filling import fill
from other_logs import witness_other_logs
from room import Room, Server, cores
from stalling import TIMEOUT, Verify, later, published, stall
from verdict import REJECTED, Source, tiles_of
from witness import Witness

# Ed25519, and ML-DSA-44 beside it.
KEY_TYPES = [0x01, 0x06]
# 65,536 entries make the first hash of level 2.
ENTRIES = 70_200
READER = "party-small-supplier"
DOCUMENT = "standing-orders"
CONTENT = b"The standing orders of the policy authority.\n"
VERSION = f"/v1/documents/{DOCUMENT}/versions/1.0"
OTHERS = Path(__file__).parent.parent / "others"
EVIDENCE = [sys.executable, OTHERS / "with_openssl.py"]
# Those that know cosignatures.
COSIGNATURE_TOOLS = ["tlog_scales", "aics_tlog"]


def main(strongroom: str, installed: Path, work: Path) -> None:
    say("logs of others before strongroom as their witness")
    for seen in witness_other_logs(strongroom, work / "other-logs"):
        say(f"  {seen}")
    room = Room(strongroom, work / "room")
    os.environ["SSL_CERT_FILE"] = os.environ["REQUESTS_CA_BUNDLE"] = str(room.ca)
    check_key_types(room.keys)
    verifiers = {"go": [installed / "verify-go"]} | {
        name: [sys.executable, OTHERS / f"with_{name}.py"] for name in ("tlog_scales", "pymerkle", "aics_tlog")
    }
    (work / "earlier").mkdir()
    (work / "served").write_bytes(CONTENT)
    with Witness(installed, work / "live-witness", room.keys, "witness.example/live") as witness:
        policy(room, room.policy, witness.vkey, witness.url)
        need = judge_live(room, witness, verifiers, installed, work)
        for rule in ("wait", "refuse"):
            judge_waiting(room, witness, rule, need, work)
    judge_copies(room, witness, verifiers, work)


def judge_live(room: Room, witness: Witness, verifiers: dict, installed: Path, work: Path) -> str:
    """Fills the log, which `witness` cosigns meanwhile, and has the others judge it; gives the reader's need."""
    room.witnesses('policy = "policy.txt"\nreads = "durable"\n')
    earlier, proof, served = work / "earlier", work / "read.tlog-proof", work / "served"
    with (
        Witness(installed, work / "witness", room.keys, "witness.example/by-hand") as other,
        room.serve() as server,
    ):
        need = lodge(server)
        entry = read_once(server, need)
        grow(server, need, earlier)
        fetch_evidence(server, entry, proof)

        say(f"the live log at {server.log}")
        for name, command in verifiers.items():
            accepts(name, [*command, server.log, room.keys, earlier])
        for tool in COSIGNATURE_TOOLS:
            accepts(tool, cosigned(tool, server.log, room, earlier, witness.vkey))
        by_hand = [sys.executable, OTHERS / "with_aics_witness.py", server.log, room.keys, earlier]
        accepts("aics_witness", [*by_hand, other.url, other.vkey])
        accepts("openssl", [*EVIDENCE, proof, room.keys, served])
        judge_policies(room, witness, other, proof, work)
        copy_log(server.log, work / "mirror")
        say("  " + stall(server, witness, reader(need), "durable"))
    return need


def judge_waiting(room: Room, witness: Witness, rule: str, need: str, work: Path) -> None:
    """The same log under `reads` = wait or refuse: what was read is cosigned, or nothing is read."""
    room.witnesses(f'policy = "policy.txt"\nreads = "{rule}"\ntimeout_seconds = {TIMEOUT}\n')
    proof = work / f"{rule}.tlog-proof"
    with room.serve() as server:
        entry = read_once(server, need)
        covered = published(server)
        if covered <= entry:
            raise SystemExit(f"the read of entry {entry} did not wait: the published checkpoint has size {covered}")
        fetch_evidence(server, entry, proof)
        Verify(room.strongroom, work / "served", proof, room.keys).accepts(room.policy, witness.name)
        accepts("openssl", [*EVIDENCE, proof, room.keys, work / "served"])
        say("  " + stall(server, witness, reader(need), rule))


def judge_policies(room: Room, witness: Witness, other: Witness, proof: Path, work: Path) -> None:
    """`strongroom verify` takes the evidence under the policy, and not under one that asks for another witness."""
    verify = Verify(room.strongroom, work / "served", proof, room.keys)
    verify.accepts(room.policy, witness.name)
    elsewhere = policy(room, work / "other-policy.txt", other.vkey)
    said = verify.refuses(elsewhere, "Too few witnesses cosigned")
    both = policy(room, work / "both-policy.txt", witness.vkey, also=other.vkey)
    verify.refuses(both, "Too few witnesses cosigned")
    # The witness's name and another key: its cosignature is a stranger's.
    false = policy(room, work / "false-policy.txt", of_a_stranger(witness.vkey))
    verify.refuses(false, "Too few witnesses cosigned")
    say(f"  {'strongroom':<12} accepts the evidence under the policy of {witness.name}; under others: {said[:90]}")


def judge_copies(room: Room, witness: Witness, verifiers: dict, work: Path) -> None:
    """Copies that were tampered with, each before those who must notice."""
    say("copies that were tampered with")
    mirror, earlier = work / "mirror", work / "earlier"
    copy = Copy(mirror, earlier, work / "copies")
    location = copy.lay_out("untouched", lambda _: None)
    for name, command in verifiers.items():
        accepts(name, [*command, *location])
    for what, (who, tamper) in copy.tamperings().items():
        location = copy.lay_out(what.replace(" ", "-"), tamper)
        for name in sorted(who):
            rejects(name, what, [*verifiers[name], *location])
        shutil.rmtree(location[0].parent)
    for what, (where, past, vkey) in cosignature_tamperings(mirror, earlier, witness.vkey, work / "cosigned").items():
        for tool in COSIGNATURE_TOOLS:
            rejects(tool, what, cosigned(tool, where, room, past, vkey))
    tampered_evidence(EVIDENCE, work / "read.tlog-proof", room.keys, work / "served", work)


def cosigned(tool: str, location: str | Path, room: Room, earlier: Path, vkey: str) -> list:
    """The command by which a tool judges the cosignatures of the log's checkpoints."""
    return [sys.executable, OTHERS / "with_cosignature.py", location, room.keys, earlier, vkey, tool]


def policy(room: Room, file: Path, vkey: str, url: str = "", also: str = "") -> Path:
    """Writes a policy (C2SP tlog-policy) that asks for this witness, or for both."""
    one, two = vkey.split("+")[0], also.split("+")[0]
    lines = [f"log {room.keys.read_text().splitlines()[0]}", f"witness {one} {vkey} {url}".strip()]
    if also:
        lines += [f"witness {two} {also}", f"group both all {one} {two}", "quorum both"]
    else:
        lines.append(f"quorum {one}")
    file.write_text("".join(line + "\n" for line in lines))
    return file


def reader(need: str) -> Callable[[Server], tuple]:
    """A read under the need, whatever is answered."""
    headers = {"Reasonable-Need": f'id="{need}"'}
    return lambda server: server.attempt(READER, "GET", f"{VERSION}/content", None, headers)


def fetch_evidence(server: Server, entry: int, proof: Path) -> None:
    proof.write_bytes(server.ask(READER, "GET", f"/v1/audit/entries/{entry}/evidence")[1])


def check_key_types(keys: Path) -> None:
    """The log's keys are of the types that the verifiers are to judge, in this order."""
    types = [base64.b64decode(key.split("+", 2)[2])[0] for key in keys.read_text().splitlines()]
    if types != KEY_TYPES:
        raise SystemExit(f"the log's verifier keys are of the types {types} and not {KEY_TYPES}")


def lodge(server: Server) -> str:
    """Lodges a GREEN document and records a need of the reader's for it; gives the need's id."""
    document = {"document": DOCUMENT, "title": "Standing orders", "type": "certificate_policy", "set": "smki", "body": "pma"}
    server.ask("secas", "POST", "/v1/documents", document)
    digest = base64.b64encode(hashlib.sha256(CONTENT).digest()).decode()
    headers = {"Content-Type": "text/plain", "Content-Digest": f"sha-256=:{digest}:"}
    server.ask("secas", "PUT", VERSION, CONTENT, headers)
    level = {"classification": "green", "reason": "Everyone here is to know it."}
    server.ask("chair", "POST", f"{VERSION}/classification", level)
    need = {"document": DOCUMENT, "purpose": "compliance", "statement": "checking our installation against it"}
    return json.loads(server.ask(READER, "POST", "/v1/needs", need)[1])["id"]


def read_once(server: Server, need: str) -> int:
    """One read; gives the index of its entry."""
    headers, content = server.ask(READER, "GET", f"{VERSION}/content", None, {"Reasonable-Need": f'id="{need}"'})
    if content != CONTENT:
        raise SystemExit("the read gave other bytes than were lodged")
    return int(headers["Audit-Entry"])


def grow(server: Server, need: str, earlier: Path) -> None:
    """Fills the log, keeping the checkpoints that it publishes meanwhile, until it has published a large enough one."""
    later("the log has published no checkpoint", lambda: published(server) > 0)
    begun = time.monotonic()
    source = Source(server.log)
    processes = fill(server, READER, f"{VERSION}/content", need, ENTRIES, max(2, cores()))
    while True:
        done = not any(process.is_alive() for process in processes)
        checkpoint = source.get("checkpoint")
        size = int(checkpoint.split(b"\n")[1])
        (earlier / str(size)).write_bytes(checkpoint)
        if done and any(process.exitcode for process in processes):
            raise SystemExit("a process that reads failed; see above")
        if done and size > ENTRIES:
            break
        if time.monotonic() - begun > 600:
            raise SystemExit(f"the log has not grown to {ENTRIES} entries in 10 minutes, but to {size}")
        time.sleep(0.5)
    seconds = time.monotonic() - begun
    say(f"{size} entries in {seconds:.0f} s, {len(list(earlier.iterdir()))} checkpoints kept on the way")
    if len(list(earlier.iterdir())) < 3:
        raise SystemExit("the log published too few checkpoints while it grew")


def copy_log(url: str, mirror: Path) -> None:
    """Copies the log's checkpoint, all its tiles and entry bundles."""
    source = Source(url)
    checkpoint = source.get("checkpoint")
    for path, content in [("checkpoint", checkpoint)] + [
        (path, source.get(path)) for path in tiles_of(int(checkpoint.split(b"\n")[1]))
    ]:
        (mirror / path).parent.mkdir(parents=True, exist_ok=True)
        (mirror / path).write_bytes(content)


def tampered_evidence(command: list, proof: Path, keys: Path, served: Path, work: Path) -> None:
    """Evidence with a part changed is rejected; so are another key and another file."""
    lines = proof.read_text().split("\n")
    checkpoint = lines.index("") + 1
    extra = bytearray(base64.b64decode(lines[1].removeprefix("extra ")))
    changed = bytes(32)

    def with_line(number: int, text: str) -> Path:
        file = work / "tampered.tlog-proof"
        file.write_text("\n".join([*lines[:number], text, *lines[number + 1 :]]))
        return file

    def with_extra(at: int) -> Path:
        altered = extra[:]
        altered[at] ^= 1
        return with_line(1, "extra " + base64.b64encode(altered).decode())

    other = base64.b64encode(changed).decode()
    signature = next(n for n, line in enumerate(lines) if n > checkpoint + 3 and line.startswith("\u2014"))
    name, blob = lines[signature].rsplit(" ", 1)
    blob = base64.b64decode(blob)
    bad = base64.b64encode(blob[:-1] + bytes([blob[-1] ^ 1])).decode()
    other_file, other_keys = work / "other-file", work / "other-keys"
    other_file.write_bytes(CONTENT + b"!")
    for what, arguments in {
        "another opening": lambda: (with_extra(0), keys, served),
        "another record": lambda: (with_extra(len(extra) // 2), keys, served),
        "another index": lambda: (with_line(2, "index 1"), keys, served),
        "another hash": lambda: (with_line(3, other), keys, served),
        "another root": lambda: (with_line(checkpoint + 2, other), keys, served),
        "another signature": lambda: (with_line(signature, f"{name} {bad}"), keys, served),
        "another file": lambda: (proof, keys, other_file),
        "another key": lambda: (proof, stranger(keys, other_keys), served),
    }.items():
        rejects("openssl", f"evidence with {what}", [*command, *arguments()])


def stranger(keys: Path, file: Path) -> Path:
    """A file with a well-formed Ed25519 key of the same name."""
    name = keys.read_text().split("+")[0]
    key = b"\x01" + hashlib.sha256(b"a key of a stranger's").digest()
    key_id = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
    file.write_text(f"{name}+{key_id.hex()}+{base64.b64encode(key).decode()}\n")
    return file


def accepts(name: str, command: list) -> None:
    done = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{name} does not accept the log ({done.returncode}): {done.stdout}")
    say(f"  {name:<12} accepts: {done.stdout.strip()}")


def rejects(name: str, what: str, command: list) -> None:
    done = subprocess.run([*map(str, command)], stdout=subprocess.PIPE, text=True)
    if done.returncode != REJECTED:
        raise SystemExit(f"{name} does not reject {what} ({done.returncode}): {done.stdout}")
    say(f"  {name:<12} rejects {what}: {done.stdout.strip().removeprefix('rejected: ')[:90]}")


def say(text: str) -> None:
    print(text, flush=True)


main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
