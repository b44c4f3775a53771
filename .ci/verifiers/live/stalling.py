"""A server whose witness goes away: nothing is published, and reads do as they are configured, until it is back."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from room import Server
from verdict import Rejected, Source
from witness import Witness

# Long enough for a busy machine's witness, short enough to wait for in vain.
TIMEOUT = 3
# The server signs a checkpoint each second while there is something new.
SECONDS_WITHOUT_CHECKPOINT = 2
PATIENCE = 60


def stall(server: Server, witness: Witness, read: Callable[[Server], tuple], rule: str) -> str:
    """With the witness away, nothing new is published, and a read is as `rule` (of `reads`) says; with it back, all
    goes on. Says what it saw."""
    before = published(server)
    must(f"a read with {witness.name} there", read(server)[0], 200)
    later(f"no new checkpoint before {witness.name} is stopped", lambda: published(server) > before)
    witness.stop()
    before = settled(server)
    status, headers, body = read(server)
    if rule == "durable":
        must("a durable read without the witness", status, 200)
    else:
        refused(status, body)
    # What was read, or entered and refused, is there to be published, and must not be.
    if rule != "refuse" and "Audit-Entry" not in headers:
        raise SystemExit(f"a read under {rule} made no entry: {status} {headers}")
    if rule == "refuse":
        # By now it knows that the witness is away: at once, and without an entry.
        begun = time.monotonic()
        status, headers, body = read(server)
        refused(status, body)
        if time.monotonic() - begun > TIMEOUT or "Audit-Entry" in headers:
            raise SystemExit(f"a read under refuse waited or made an entry: {headers}")
    time.sleep(SECONDS_WITHOUT_CHECKPOINT)
    if published(server) != before:
        raise SystemExit(f"size {published(server)} was published without the witness, after {before}")
    # Where reads go on without witnesses, so does the server's readiness.
    unready = 200 if rule == "durable" else 503
    must(f"/readyz under {rule} without the witness", server.readiness()[0], unready)
    witness.start_again()
    later("no new checkpoint since the witness is back", lambda: published(server) > before)
    later("no read since the witness is back", lambda: read(server)[0] == 200)
    later("the server is not ready again", lambda: server.readiness()[0] == 200)
    told = {"durable": "reads go on", "wait": "a read waits and gets 503", "refuse": "reads get 503 at once"}[rule]
    now = published(server)
    return f"reads = {rule}: without {witness.name} no checkpoint after size {before}, {told}; with it, size {now}"


def published(server: Server) -> int:
    """The size of the checkpoint that is served; 0 before the witness cosigned a first one."""
    try:
        return int(Source(server.log).get("checkpoint").split(b"\n")[1])
    except Rejected:
        return 0


def settled(server: Server) -> int:
    """The published size, once what was cosigned when the witness stopped is out."""
    size = published(server)
    while True:
        time.sleep(1.2)
        if (now := published(server)) == size:
            return size
        size = now


def refused(status: int, body: bytes) -> None:
    must("a read without the witness", status, 503)
    if "log_unavailable" not in json.dumps(json.loads(body)):
        raise SystemExit(f"the refusal gives another reason: {body.decode()}")


def must(what: str, status: int, expected: int) -> None:
    if status != expected:
        raise SystemExit(f"{what} is answered with {status} instead of {expected}")


def later(otherwise: str, holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise SystemExit(otherwise)
        time.sleep(0.2)


class Verify:
    """`strongroom verify` of one piece of evidence under policies."""

    def __init__(self, strongroom: str, served: Path, proof: Path, keys: Path):
        self.command = [strongroom, "verify", served, "--proof", proof, "--key", keys, "--json", "--policy"]

    def accepts(self, policy: Path, witness: str) -> None:
        done = subprocess.run([*self.command, policy], capture_output=True, text=True)
        if done.returncode != 0:
            raise SystemExit(f"strongroom verify refuses the evidence under {policy.read_text()}: {done.stderr}")
        named = [witness["name"] for witness in json.loads(done.stdout)["checkpoint"]["witnesses"]]
        if named != [witness]:
            raise SystemExit(f"strongroom verify names the witnesses {named} and not {witness}")

    def refuses(self, policy: Path, reason: str) -> str:
        done = subprocess.run([*self.command, policy], capture_output=True, text=True)
        said = done.stdout + done.stderr
        if done.returncode == 0 or reason not in said:
            raise SystemExit(f"strongroom verify under {policy.read_text()}ends with {done.returncode}: {said}")
        return " ".join(said.split()).removeprefix('{ "detail": "')
