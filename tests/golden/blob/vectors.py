"""Makes vectors.json with a second implementation of the format and has Tink open all of it.

Needs `pip install tink cryptography`. Run it as `python vectors.py > vectors.json`: what Tink itself seals has a random salt,
so those entries differ each time; all others must come out the same for ever.
"""

import hashlib
import io
import json
import struct
import sys

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tink import secret_key_access, streaming_aead
from tink import _insecure_keyset_handle as keyset_handle
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

SEGMENT, HEADER, TAG = 65536, 40, 16
KEY = bytes(range(32))
ASSOCIATED_DATA = "00112233445566778899aabbccddeeff"
SALT = bytes(range(0x40, 0x60))
PREFIX = bytes(range(0x70, 0x77))
ROOT_KEY = bytes(range(0x80, 0xA0))


def pattern(length):
    return bytes((31 * i + 7) % 251 for i in range(length))


def seal(plaintext):
    key = HKDF(SHA256(), 32, SALT, ASSOCIATED_DATA.encode()).derive(KEY)
    pieces = [plaintext[: SEGMENT - HEADER - TAG]]
    rest = plaintext[SEGMENT - HEADER - TAG :]
    pieces += [rest[i : i + SEGMENT - TAG] for i in range(0, len(rest), SEGMENT - TAG)]
    sealed = bytes([HEADER]) + SALT + PREFIX
    for number, piece in enumerate(pieces):
        nonce = PREFIX + struct.pack(">IB", number, number == len(pieces) - 1)
        sealed += AESGCM(key).encrypt(nonce, piece, None)
    return sealed


def key_object(level, epoch, nonce):
    info = b"strongroom/v1 key-encryption key\0" + bytes([len(level)]) + level.encode() + struct.pack(">I", epoch)
    key_encryption_key = HKDF(SHA256(), 32, None, info).derive(ROOT_KEY)
    bound_to = f"strongroom/v1 data key\n{ASSOCIATED_DATA}\n{level}\n{epoch}\n"
    return nonce + AESGCM(key_encryption_key).encrypt(nonce, KEY, bound_to.encode())


def tink_primitive(key):
    proto = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(key_value=key)
    proto.params.ciphertext_segment_size = SEGMENT
    proto.params.derived_key_size = 32
    proto.params.hkdf_hash_type = common_pb2.SHA256
    keyset = tink_pb2.Keyset(primary_key_id=1)
    entry = keyset.key.add(status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW)
    entry.key_data.type_url = "type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey"
    entry.key_data.value = proto.SerializeToString()
    entry.key_data.key_material_type = tink_pb2.KeyData.SYMMETRIC
    handle = keyset_handle.from_proto_keyset(keyset, secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


def tink_open(primitive, sealed, associated_data=ASSOCIATED_DATA):
    with primitive.new_decrypting_stream(io.BytesIO(sealed), associated_data.encode()) as stream:
        return stream.read()


class Sink(io.BytesIO):
    def close(self):
        self.result = self.getvalue()
        super().close()


def tink_seal(primitive, plaintext):
    sink = Sink()
    with primitive.new_encrypting_stream(sink, ASSOCIATED_DATA.encode()) as stream:
        stream.write(plaintext)
    return sink.result


def main():
    streaming_aead.register()
    primitive = tink_primitive(KEY)
    lengths = [0, 1, 100, 65479, 65480, 65481, 130999, 131000, 131001, 1000000]
    sealed = []
    for length in lengths:
        ciphertext = seal(pattern(length))
        assert tink_open(primitive, ciphertext) == pattern(length), length
        # Tink seals to the same length, so that its segments end where ours do.
        assert len(tink_seal(primitive, pattern(length))) == len(ciphertext), length
        case = {"plaintext_length": length, "ciphertext_sha256": hashlib.sha256(ciphertext).hexdigest()}
        if length <= 100:
            case["ciphertext"] = ciphertext.hex()
        sealed.append(case)
    by_tink = [{"plaintext_length": n, "ciphertext": tink_seal(primitive, pattern(n)).hex()} for n in (0, 1, 100)]
    golden = {
        "key": KEY.hex(),
        "associated_data": ASSOCIATED_DATA,
        "salt": SALT.hex(),
        "nonce_prefix": PREFIX.hex(),
        "plaintext": "byte i is (31 i + 7) mod 251",
        "root_key": ROOT_KEY.hex(),
        "key_objects": [
            {"level": level, "epoch": epoch, "object": key_object(level, epoch, bytes([epoch % 256]) * 12).hex()}
            for level, epoch in (("red", 1), ("undetermined", 258))
        ],
        "sealed": sealed,
        "sealed_by_tink": by_tink,
    }
    json.dump(golden, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    streaming_aead.register()
    if len(sys.argv) == 4:
        key, name, path = bytes.fromhex(sys.argv[1]), sys.argv[2], sys.argv[3]
        with open(path, "rb") as file:
            sys.stdout.buffer.write(tink_open(tink_primitive(key), file.read(), name))
    else:
        main()
