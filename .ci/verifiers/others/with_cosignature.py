"""What the log publishes is cosigned: its newest checkpoint and all earlier ones, as one of the others sees it.

Started with LOCATION KEYS EARLIER VKEY TOOL: the witness's verifier key, and `tlog_scales` or `aics_tlog`, after the
arguments of every verifier.
"""

import sys
import tempfile
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint

from verdict import Rejected, Source, earlier_checkpoints, judge
from with_aics_tlog import aics_tlog


def verify(location, keys, earlier):
    vkey, tool = sys.argv[4:6]
    newest = Source(location).get("checkpoint")
    past = earlier_checkpoints(earlier)
    if tool == "tlog_scales":
        checked = [*past, newest]
        by_tlog_scales(checked, [keys[0], vkey])
    else:
        # A process for each checkpoint: the edges and the middle.
        checked = [past[0], past[len(past) // 2], newest]
        by_aics_tlog(checked, keys[0], vkey)
    size = Checkpoint.from_text(newest.decode()).size
    return f"size {size}: {len(checked)} checkpoints cosigned by {vkey.split('+')[0]}, as {tool} sees it"


def by_tlog_scales(checkpoints: list[bytes], keys: list[str]) -> None:
    for text in checkpoints:
        checkpoint = Checkpoint.from_text(text.decode())
        for key in keys:
            try:
                checkpoint.verify(Vkey.from_string(key))
            except (InvalidSignature, RuntimeError) as why:
                raise Rejected(f"size {checkpoint.size}: {type(why).__name__} {why}") from why


def by_aics_tlog(checkpoints: list[bytes], log_key: str, vkey: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "note"
        for text in checkpoints:
            note.write_bytes(text)
            quorum = ["--witness-key", vkey, "--quorum", 1, "--max-age", 600]
            aics_tlog("verify-checkpoint", "--note", note, "--log-key", log_key, *quorum)


if __name__ == "__main__":
    judge(verify)
