"""How whole things are broken: bytes cut, flipped and spliced; values of JSON replaced by what nobody expects."""

from __future__ import annotations

import copy
import random
from typing import Any

ODD_VALUES: list[Any] = [
    None, True, False, 0, -1, 1, 2, 3, 255, 2**31, 2**63, 2**64, 10**9, 10**30, -(10**18), 0.0, -0.0, 0.5, 1e308, -1e308,
    float("nan"), float("inf"), float("-inf"), "", "0", "x" * 5000, "../../etc/passwd", "/dev/zero", "C:\\..\\boot.ini",
    "\x00", "a\x00b", "\ud800", "\u202e", "'); DROP TABLE t; --", '" OR 1=1', "env('HOME')", "$geometry", "%s%n{0}{x!r}",
    "<script>alert(1)</script>", "__class__", "__import__('os').system('touch boom')", "file:///etc/passwd", "NaN",
    "http://localhost:9/x", [], {}, [[]], [None], [[[[[[]]]]]], {"": {}}, {"__proto__": 1}, [1] * 1000, [10**9, 10**9],
    "resnet18", "regnet_y_128gf", "vit_h_14", "rcf", "basic_cnn", "efficientnet_lite0", "none",
    "stacked", "concat", "gated", "film", "F64", "I64", "BOOL", "U8",
]  # fmt: skip


def break_bytes(data: bytes, rng: random.Random) -> bytes:
    """One of: cut off, bits flipped, a piece left out, put in twice, overwritten, or a length at the start changed."""
    broken = bytearray(data)
    kind = rng.randrange(6)
    at = rng.randrange(len(broken) + 1) if rng.random() < 0.5 else rng.randrange(min(64, len(broken)) + 1)
    length = min(rng.choice((1, 2, 8, 64, 1000)), len(broken) - at)
    if kind == 0:
        del broken[at:]
    elif kind == 1:
        for _ in range(rng.randint(1, 8)):
            if broken:
                broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
    elif kind == 2:
        del broken[at : at + length]
    elif kind == 3:
        broken[at:at] = broken[at : at + length]
    elif kind == 4:
        broken[at : at + length] = rng.randbytes(length)
    else:
        broken[:8] = rng.choice((0, 1, 7, len(data), 2**31, 2**40, 2**63, 2**64 - 1)).to_bytes(8, "little")
    return bytes(broken)


def break_json(value: Any, rng: random.Random) -> Any:
    """A copy in which something was replaced, left out, renamed, repeated or exchanged, anywhere."""
    broken = {"": copy.deepcopy(value)}
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        holder, key = _somewhere(broken, rng)
        kind = rng.randrange(7)
        if kind <= 2:
            holder[key] = copy.deepcopy(rng.choice(ODD_VALUES))
        elif kind == 3 and holder is not broken:
            del holder[key]
        elif kind == 4 and isinstance(holder, dict) and holder is not broken:
            holder[str(rng.choice(ODD_VALUES))[:200]] = holder.pop(key)
        elif kind == 5 and isinstance(holder, list):
            holder.extend(copy.deepcopy(holder[key]) for _ in range(rng.choice((1, 50))))
        else:
            other, there = _somewhere(broken, rng)
            # Taken as copies, so that nothing holds itself.
            holder[key], other[there] = copy.deepcopy(other[there]), copy.deepcopy(holder[key])
    return broken[""]


def _somewhere(value: dict[str, Any], rng: random.Random) -> tuple[Any, Any]:
    holder: Any = value
    key: Any = ""
    while True:
        inside = holder[key]
        if not isinstance(inside, (dict, list)) or not inside or rng.random() < 0.15:
            return holder, key
        holder = inside
        key = rng.choice(list(inside)) if isinstance(inside, dict) else rng.randrange(len(inside))
