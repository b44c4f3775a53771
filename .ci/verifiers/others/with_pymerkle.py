"""pymerkle: the root, recomputed from every entry, now and at every checkpoint of the past. It knows no signatures."""

import base64

from pymerkle import InmemoryTree

from verdict import Rejected, Source, earlier_checkpoints, judge, tiles_of


def head(checkpoint: bytes) -> tuple[int, bytes]:
    _, size, root = checkpoint.decode().split("\n")[:3]
    return int(size), base64.b64decode(root)


def entries(bundle: bytes):
    while bundle:
        length = int.from_bytes(bundle[:2])
        yield bundle[2 : 2 + length]
        bundle = bundle[2 + length :]


def verify(location, _keys, earlier):
    source = Source(location)
    size, root = head(source.get("checkpoint"))
    tree = InmemoryTree(algorithm="sha256")
    for path in tiles_of(size):
        if path.startswith("tile/entries/"):
            for entry in entries(source.get(path)):
                tree.append_entry(entry)
    past = [head(checkpoint) for checkpoint in earlier_checkpoints(earlier)]
    for at, expected in [(size, root), *past]:
        if tree.get_root(at) != expected:
            raise Rejected(f"the entries give another root at size {at}")
    return f"size {size}: the root from {tree.get_size()} entries, and at {len(past)} earlier sizes"


if __name__ == "__main__":
    judge(verify)
