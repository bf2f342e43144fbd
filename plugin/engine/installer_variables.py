"""Which settings of pip and uv reach them: how the network is reached, and where packages come from.

All others stay behind: some of them change what is installed, or where, or leave out a check (``PIP_TARGET``,
``PIP_REQUIREMENT``, ``PIP_PYTHON``, ``UV_NO_VERIFY_HASHES`` ...), and new ones come with every version. Where packages come
from may be set, for agencies have mirrors: what has not the content that was locked is refused wherever it lies.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_PREFIXES = ("PIP_", "UV_")
_REACHING = frozenset(
    {
        *("PIP_CERT", "PIP_CLIENT_CERT", "PIP_PROXY", "PIP_TIMEOUT", "PIP_DEFAULT_TIMEOUT", "PIP_RETRIES"),
        *("PIP_RESUME_RETRIES", "PIP_CACHE_DIR", "PIP_NO_CACHE_DIR", "PIP_KEYRING_PROVIDER"),
        # The system's store of certificates is a "feature" in some versions, its absence "deprecated" in others.
        *("PIP_USE_FEATURE", "PIP_USE_DEPRECATED", "PIP_DISABLE_PIP_VERSION_CHECK"),
        # What it says goes through the same list, see pip_settings.
        "PIP_CONFIG_FILE",
        *("UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT", "UV_HTTP_CONNECT_TIMEOUT"),
        *("UV_HTTP_RETRIES", "UV_HTTP_PROXY", "UV_HTTPS_PROXY", "UV_NO_PROXY", "UV_CONCURRENT_DOWNLOADS"),
        *("UV_CONCURRENT_INSTALLS", "UV_CACHE_DIR", "UV_NO_CACHE", "UV_LINK_MODE", "UV_KEYRING_PROVIDER", "UV_OFFLINE"),
        "UV_NO_PROGRESS",
    }
)
_SOURCES = frozenset(
    {
        *("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS", "PIP_NO_INDEX", "PIP_TRUSTED_HOST"),
        *("UV_DEFAULT_INDEX", "UV_INDEX", "UV_INDEX_URL", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_NO_INDEX"),
        *("UV_INDEX_STRATEGY", "UV_INSECURE_HOST"),
    }
)
# Accounts of indexes that were given a name: UV_INDEX_AGENCY_USERNAME.
_ACCOUNTS = ("_USERNAME", "_PASSWORD")


def is_ignored(name: str) -> bool:
    """Whether a variable is one of pip's or uv's that must not reach them; the name in capitals."""
    return name.startswith(_PREFIXES) and name not in _REACHING and not _is_source(name)


def ignored_names(environ: Iterable[str]) -> list[str]:
    """Return the names of the variables that stay behind."""
    return sorted(name for name in environ if is_ignored(name.upper()))


def handed_on(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of pip and uv that reach them."""
    ours = {name: value for name, value in environ.items() if name.upper().startswith(_PREFIXES)}
    return {name: value for name, value in ours.items() if not is_ignored(name.upper())}


def without_sources(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for an installation without hashes: nothing but its command says where packages come from."""
    return {name: value for name, value in environ.items() if not _is_source(name.upper())}


def _is_source(name: str) -> bool:
    return name in _SOURCES or (name.startswith("UV_INDEX_") and name.endswith(_ACCOUNTS))
