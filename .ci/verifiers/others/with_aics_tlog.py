"""aics-tlog: its command line for checkpoint, inclusion and consistency, and its audit of every tile and bundle."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from aics_tlog import FileSystemTileReader, HttpTileReader, TileMissingError, TileVerificationError, audit_tiles
from aics_tlog.checkpoint import checkpoint_from_note

from verdict import Rejected, earlier_checkpoints, judge


def aics_tlog(command, *arguments) -> dict:
    """The command's answer; it answers with one JSON object and exits with 0 only when all holds."""
    program = Path(sys.executable).parent / "aics-tlog"
    done = subprocess.run([program, command, *map(str, arguments)], capture_output=True, text=True)
    try:
        answer = json.loads(done.stdout)
    except json.JSONDecodeError:
        raise SystemExit(f"aics-tlog {command} broke: {done.stdout} {done.stderr}") from None
    if done.returncode != 0:
        raise Rejected(f"{command}: {answer.get('error', answer)}")
    return answer


def verify(location, keys, earlier):
    past = earlier_checkpoints(earlier)
    with tempfile.TemporaryDirectory() as folder:
        # It knows Ed25519 log keys; the key comes from a file that was not served with the tiles.
        key = Path(folder) / "vkey"
        key.write_text(keys[0] + "\n")
        note = Path(folder) / "checkpoint"
        of_the_log = ["--tiles", location, "--vkey-file", key, "--origin", keys[0].split("+")[0]]
        aics_tlog("verify-checkpoint", *of_the_log, "--save-checkpoint", note)
        now, _ = checkpoint_from_note(note.read_bytes())
        indices = [0, now.size // 2, now.size - 1]
        for index in indices:
            aics_tlog("verify-inclusion", *of_the_log, "--checkpoint", note, "--index", index)
        for text in past:
            old = Path(folder) / "old"
            old.write_bytes(text)
            aics_tlog("verify-consistency", *of_the_log, "--old-checkpoint", old, "--checkpoint", note)
    reader = HttpTileReader(location) if location.startswith("https://") else FileSystemTileReader(location)
    try:
        audit = audit_tiles(reader, now.size, now.root)
    except (TileMissingError, TileVerificationError) as why:
        raise Rejected(f"{type(why).__name__} {why}") from why
    return (
        f"size {now.size}: signature, {len(indices)} inclusions, {len(past)} consistencies, "
        f"{audit.tiles} tiles and {audit.bundles} bundles audited"
    )


if __name__ == "__main__":
    judge(verify)
