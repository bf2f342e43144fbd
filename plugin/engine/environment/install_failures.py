"""Turn an installer's last words into a sentence with a cure."""

from __future__ import annotations

import re
from pathlib import Path

from .watched_process import FinishedProcess

# In this order: an error of the network also makes pip say that it found no matching distribution. A group of a pattern
# names the package.
_CURES = (
    (
        r"do not match the hashes[^\n]*\n(\S+) from|hash mismatch for `([^`]+)`",
        "{package} has another content than the one that MMRisk was made and tested with, so it was not installed: take its "
        "wheel from the package index itself, or ask whoever keeps your mirror or wheel folder. Where packages are built "
        "anew on purpose, make an environment from them and choose its Python in the set-up (or in MMRISK_ENGINE_PYTHON).",
    ),
    (
        r"bad crc|failed to extract|not a valid zip|badzipfile|has an invalid wheel",
        "A downloaded package is damaged: download or copy it again. If it comes from a wheel folder, fill that anew.",
    ),
    (
        r"no space left|not enough space|disk quota|os error 28\b|errno 28\b|winerror 112\b",
        "The disk is full: free some space, or set MMRISK_HOME to a folder on a larger disk.",
    ),
    (
        r"certificate_verify_failed|certificate verify failed|invalid peer certificate|unknownissuer",
        "A proxy or virus scanner replaces the certificates of secure connections: save your organisation's root "
        "certificate to a file and name it in the variable PIP_CERT (with uv: SSL_CERT_FILE).",
    ),
    (
        r"407 proxy|proxy authentication|proxyerror|cannot connect to proxy|tunnel connection failed",
        "The proxy refused the connection: check the proxy's address, user and password in the variable HTTPS_PROXY.",
    ),
    (
        r"name resolution|getaddrinfo|name or service not known|connection refused|network is unreachable|timed out"
        r"|newconnectionerror|connection reset|error sending request|dns error|connection aborted|connection broken",
        "The package index cannot be reached: check the network, and set HTTPS_PROXY if you are behind one. Without a "
        "network, put the engine's wheels into a folder and name it in the variable MMRISK_WHEELS.",
    ),
    (
        r"no matching distribution|no solution found|could not find a version",
        "A package isn't offered for this Python or system: check that the wheel folder or package mirror is complete.",
    ),
    (
        r"permission denied|access is denied|errno 13\b|winerror 5\b",
        "A file cannot be written: close programs that use the folder, check your virus scanner, or set MMRISK_HOME to "
        "a folder of yours.",
    ),
)


def failure_sentence(step: str, finished: FinishedProcess, log_file: Path) -> str:
    """Say which step failed, why, what to do, and where the details are."""
    output = "\n".join(finished.last_lines).lower()
    found = ((re.search(pattern, output), cure) for pattern, cure in _CURES)
    cure = next((cure.format(package=_package(match)) for match, cure in found if match), None)
    if cure is None:
        last = finished.last_lines[-1] if finished.last_lines else f"exit code {finished.exit_code}"
        cure = f"The last message was: {last[:300]}"
    return f"{step} failed. {cure} Details: {log_file}"


def _package(match: re.Match[str]) -> str:
    return next(filter(None, match.groups()), "A package")
