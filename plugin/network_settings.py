"""QGIS's proxy and certificates, as the environment variables by which installers take them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from qgis.core import QgsApplication, QgsSettings

CERTIFICATES = "qgis-certificates.pem"
_SCHEMES = {"HttpProxy": "http", "Socks5Proxy": "socks5"}


def network_variables(folder: Path) -> dict[str, str]:
    """The variables for pip and uv; to be read in the main thread.

    :param folder: is created and gets the certificates, where authorities were added to QGIS.
    """
    variables = {name: proxy for name in ("HTTP_PROXY", "HTTPS_PROXY") if (proxy := _proxy_address())}
    manager = QgsApplication.authManager()
    if not manager.isDisabled() and manager.databaseCAs():
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / CERTIFICATES
        file.write_bytes(bytes(manager.trustedCaCertsPemText()))
        variables.update(PIP_CERT=str(file), SSL_CERT_FILE=str(file), REQUESTS_CA_BUNDLE=str(file))
    return variables


def _proxy_address() -> str:
    """The proxy that is set by hand in QGIS; empty where there is none, so that the system's goes on to count."""
    kept = QgsSettings()
    scheme = _SCHEMES.get(str(kept.value("proxy/proxyType", "")))
    host = str(kept.value("proxy/proxyHost", "") or "")
    if not kept.value("proxy/proxyEnabled", False, type=bool) or scheme is None or not host:
        return ""
    port = str(kept.value("proxy/proxyPort", "") or "")
    user = quote(str(kept.value("proxy/proxyUser", "") or ""), safe="")
    password = quote(str(kept.value("proxy/proxyPassword", "") or ""), safe="")
    account = (f"{user}:{password}@" if password else f"{user}@") if user else ""
    return f"{scheme}://{account}{host}{f':{port}' if port else ''}"
