"""Texts without what lets somebody in: passwords and tokens of addresses, in settings and in what installers write."""

from __future__ import annotations

import re
from typing import Any

MASK = "***"
_LONGEST_LINE = 3000
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s\"'<>]+")
# pip tells of a failed request the server in one place and the path in another.
_REQUEST = re.compile(r"(?<=: )/[^\s\"'<>]+")
_TELLS_OF_REQUEST = ("with url: /", "Retrying (")
# Up to the last "@": a password may have any character, also those that should have been written as %2F.
_ACCOUNT = re.compile(r"(?<=://).*@")
# Two letters at least, so that a drive is no account.
_ACCOUNT_WITHOUT_SCHEME = re.compile(r"(?<![\w/])[^\s:/@\"'<>]{2,}:(?!//)[^\s@\"'<>]+@(?=[\w.-])")
_WORDS = r"(?:token|secret|passw(?:or)?d|pwd|auth|credentials?|signature|sig|jwt|(?:api|access|subscription)[_-]?key)"
_PARAMETER = re.compile(rf"(?i)(?<=[?&;])([\w.-]*{_WORDS}[\w.-]*|key)=[^&;#\s\"'<>]+")
_ASSIGNMENT = re.compile(rf"(?i)(?<![\w?&;])([\w.-]*{_WORDS})=[^\s,;&\"'<>]+")
# A run of letters and digits as only keys have it; names of packages and wheels have shorter ones.
_PIECE = re.compile(r"(?<=/)[^/?#\s]*(?=/|$|[?#])")
_RANDOM = re.compile(r"(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z0-9]{16,}")


def masked(text: str) -> str:
    """Return a text in which accounts, keys and tokens of addresses are replaced by asterisks.

    Longer lines are cut: no server is to write one on which the search takes minutes.
    """
    return re.sub(r".+", lambda line: _masked_line(line.group()), text)


def _masked_line(text: str) -> str:
    if len(text) > _LONGEST_LINE:
        # At the end of a word, since what is left of an account might not be told as one.
        text = f"{text[:_LONGEST_LINE].rpartition(' ')[0]} ..."
    text = _ADDRESS.sub(lambda address: _masked_address(address.group()), text)
    if any(words in text for words in _TELLS_OF_REQUEST):
        text = _REQUEST.sub(lambda path: _masked_path(path.group()), text)
    text = _ACCOUNT_WITHOUT_SCHEME.sub(f"{MASK}@", text)
    return _ASSIGNMENT.sub(rf"\1={MASK}", text)


def masked_values(value: Any) -> Any:
    """Return what goes into JSON with every text of it masked."""
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {name: MASK if _is_secret(name) and entry else masked_values(entry) for name, entry in value.items()}
    return [masked_values(entry) for entry in value] if isinstance(value, (list, tuple)) else value


def _is_secret(name: Any) -> bool:
    return bool(re.search(rf"(?i){_WORDS}$", str(name)))


def _masked_address(address: str) -> str:
    address = _ACCOUNT.sub(f"{MASK}@", address)
    scheme, _, rest = address.partition("://")
    return address if scheme == "file" else f"{scheme}://{_masked_path(rest)}"


def _masked_path(path: str) -> str:
    path = _PARAMETER.sub(rf"\1={MASK}", path)
    return _PIECE.sub(lambda piece: MASK if _RANDOM.search(piece.group()) else piece.group(), path)
