"""tlog-scales: every signature that the log's keys promise, inclusion of a sample of entries, consistency with the past."""

from cryptography.exceptions import InvalidSignature
from tlog_scales import backend, tiles
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tlog import Checkpoint, ConsistencyProofInvalid, InclusionProofInvalid

from verdict import Rejected, earlier_checkpoints, judge, sample

# RuntimeError: a missing tile, or a signature that is not there.
REASONS = (InvalidSignature, InclusionProofInvalid, ConsistencyProofInvalid, RuntimeError)


def verify(location, keys, earlier):
    keys = [Vkey.from_string(key) for key in keys]
    try:
        reader = TilesReader(backend.make_backend(location))
        now = reader.get_checkpoint()
        past = [Checkpoint.from_text(text.decode()) for text in earlier_checkpoints(earlier)]
        for checkpoint in [now, *past]:
            for key in keys:
                checkpoint.verify(key)
        if reader.calculate_root_hash() != now.root_hash:
            raise Rejected("the tiles give another root than the checkpoint's")
        entries = sample(now.size)
        for index in entries:
            proof = reader.get_inclusion_proof(index, now.size)
            proof.check(tiles.leaf_hash(reader.get_entry(index)), now.root_hash)
        for checkpoint in past:
            proof = reader.get_consistency_proof(checkpoint.size, now.size)
            proof.check(checkpoint.root_hash, now.root_hash)
    except REASONS as why:
        raise Rejected(f"{type(why).__name__} {why}") from why
    types = ", ".join(f"0x{key.sig_type:02x}" for key in keys)
    return f"size {now.size}: signatures of type {types}, {len(entries)} inclusions, {len(past)} consistencies"


if __name__ == "__main__":
    judge(verify)
