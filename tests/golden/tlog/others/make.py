"""Makes the vectors beside it with the tools of others: tlog-scales, aics-tlog and aics-witness sign and write; nothing here
shares code with Strongroom. From the root of the repository, once .ci/verifiers/install has been run:

    target/verifiers/venv/bin/python tests/golden/tlog/others/make.py

ML-DSA-44 signatures are randomised and carry the time, so that each run makes other ones, all of them good.
"""

import contextlib
import hashlib
import io
import tempfile
from pathlib import Path
from types import SimpleNamespace

from aics_tlog import cosignature_vkey, format_vkey, parse_note, sign_checkpoint, sign_cosignature
from aics_tlog import Checkpoint as AicsCheckpoint
from aics_witness.protocol import format_add_checkpoint_request, format_signature_line
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tlog_scales.backend import LocalBackend
from tlog_scales.cli import cmd_gen_proof
from tlog_scales.reader import TilesReader
from tlog_scales.signing import MLDSA44CosignatureSigner, PlainEd25519Signer
from tlog_scales.tlog import Checkpoint

HERE = Path(__file__).parent
GOLDEN = HERE.parent
TIME = 1_780_000_000


def seed(label: str) -> bytes:
    """A private key for these vectors only: everyone can compute it."""
    return hashlib.sha256(f"strongroom vectors: {label}".encode()).digest()


def main() -> None:
    lines = (GOLDEN / "checkpoint.txt").read_text().split("\n")
    origin, size = lines[0], int(lines[1])
    ed25519 = PlainEd25519Signer(origin, bytes.fromhex((GOLDEN / "seed.hex").read_text().strip()))
    ml_dsa = MLDSA44CosignatureSigner(origin, seed("the log"))
    witness_ml_dsa = MLDSA44CosignatureSigner("scales.witness.example/w", seed("a witness, ML-DSA-44"))
    witness_key = Ed25519PrivateKey.from_private_bytes(seed("a witness, Ed25519"))
    witness = cosignature_vkey("aics.witness.example/w", witness_key.public_key())

    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder)
        for path, file in [(f"tile/0/000.p/{size}", "level-0.tile"), (f"tile/entries/000.p/{size}", "entries.bundle")]:
            (log / path).parent.mkdir(parents=True)
            (log / path).write_bytes((GOLDEN / file).read_bytes())
        reader = TilesReader(LocalBackend(log))
        reader.set_size(size)
        root = reader.calculate_root_hash()

        # Both of the log's signatures and a witness's, by tlog-scales; another witness's, by aics-tlog.
        signed = Checkpoint.make_signed(origin, size, root, [ed25519, ml_dsa, witness_ml_dsa]).serialize()
        _, cosignature = sign_cosignature(witness_key, witness.name, TIME, origin, size, root)
        write("cosigned-checkpoint.txt", signed + format_signature_line(cosignature))
        keys = [signer.vkey.serialize() for signer in (ed25519, ml_dsa, witness_ml_dsa)] + [format_vkey(witness)]
        write("verifier-keys.txt", "".join(key + "\n" for key in keys))

        # The proof that tlog-scales prints for entry 4. Its reader finds the checkpoint where a log serves it.
        (log / "checkpoint").write_text(signed + format_signature_line(cosignature))
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            cmd_gen_proof(SimpleNamespace(location=f"file://{log}", leaf_index=4))
        write("entry-4.tlog-proof", printed.getvalue())

        # What aics-witness is asked and answers when it has cosigned size 4 before.
        note = sign_checkpoint(AicsCheckpoint(origin, size, root), ed25519.key, origin)
        checkpoint = note.text + "\n" + "".join(map(format_signature_line, note.signatures))
        parse_note(checkpoint)
        proof = reader.get_consistency_proof(4, size).node_hashes
        write("add-checkpoint.request", format_add_checkpoint_request(4, proof, checkpoint.encode()).decode())
        write("add-checkpoint.response", format_signature_line(cosignature))
        write("root-of-4.txt", reader.mth(0, 4).hex() + "\n")


def write(name: str, text: str) -> None:
    (HERE / name).write_bytes(text.encode())


main()
