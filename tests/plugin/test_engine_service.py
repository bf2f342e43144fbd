"""What installer and engine get to know of the settings of QGIS and of the plugin."""

import pytest

# Of nobody, with a key that was thrown away; it ends in a hundred years.
AUTHORITY = b"""\
-----BEGIN CERTIFICATE-----
MIIBfzCCASWgAwIBAgIUCLB4OBWA7oLsQwR+R+Bzv5/SMi8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJVG93biBIYWxsMCAXDTI2MTEyNDA2MTczMVoYDzIxMjYxMDMx
MDYxNzMxWjAUMRIwEAYDVQQDDAlUb3duIEhhbGwwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAS+7uyf2DEybTeDX4uVocpZvd6P5cCoHpGZX/gtNr+5SfDNKN5ZDbeb
1lCnUVC1qbSjEBwNbcVauvKqiUyP2ooEo1MwUTAdBgNVHQ4EFgQUrUKNmCvAZn+l
KZwAl0OR6Oh+CTIwHwYDVR0jBBgwFoAUrUKNmCvAZn+lKZwAl0OR6Oh+CTIwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAhdrfxVr2/wKT951TTndV
3Bj/mJQDMF69GRR8MTyS6mACIF8Al4Fps1UgTRufN2Fx8WO/zvt/KAMUJ1Qf6AOM
wFuP
-----END CERTIFICATE-----
"""


@pytest.fixture
def kept(qgis_application):
    from qgis.core import QgsSettings

    kept = QgsSettings()
    yield kept
    kept.remove("proxy")
    kept.remove("mmrisk")


def set_proxy(kept, **values):
    for name, value in {"proxyEnabled": True, "proxyType": "HttpProxy", **values}.items():
        kept.setValue(f"proxy/{name}", value)


def test_the_proxy_of_qgis_goes_to_the_installer(kept, tmp_path):
    from plugin.network_settings import network_variables

    assert network_variables(tmp_path) == {}
    set_proxy(kept, proxyHost="proxy.town", proxyPort="3128", proxyUser="zoë", proxyPassword="p@ss:1")
    address = "http://zo%C3%AB:p%40ss%3A1@proxy.town:3128"
    assert network_variables(tmp_path) == {"HTTP_PROXY": address, "HTTPS_PROXY": address}
    set_proxy(kept, proxyEnabled=False)
    assert network_variables(tmp_path) == {}


def test_a_proxy_of_the_system_is_left_to_the_system(kept, tmp_path):
    from plugin.network_settings import network_variables

    set_proxy(kept, proxyType="DefaultProxy", proxyHost="proxy.town")
    assert network_variables(tmp_path) == {}


def test_the_wheel_folder_goes_to_the_installer(kept):
    from plugin.engine_service import installation_spec
    from plugin.settings import PluginSettings

    assert installation_spec(PluginSettings(wheels="/media/stick")).host.environ["MMRISK_WHEELS"] == "/media/stick"


def test_the_engine_obeys_the_number_of_threads(kept, recording_feedback):
    from plugin.engine_service import engine, stop_engine
    from plugin.settings import PluginSettings, write_settings

    for threads, words in ((1, "1 thread;"), (2, "2 threads;")):
        write_settings(PluginSettings(threads=threads, device="cpu"))
        client = engine()
        client.run("doctor", {}, recording_feedback())
        assert words in client.introduction["device"]
    stop_engine()


def test_certificates_added_to_qgis_go_to_the_installer(kept, tmp_path):
    """An office whose proxy has an authority of its own; in the real authentication database."""
    import ssl

    from qgis.core import QgsApplication
    from qgis.PyQt.QtNetwork import QSslCertificate

    from plugin.network_settings import CERTIFICATES, network_variables

    certificate = QSslCertificate(AUTHORITY)
    manager = QgsApplication.authManager()
    assert not manager.isDisabled()
    assert manager.setMasterPassword("town hall", True)
    assert network_variables(tmp_path) == {}
    assert manager.storeCertAuthority(certificate)
    try:
        # As QGIS does when it starts, and after an import in its options.
        manager.rebuildCaCertsCache()
        manager.rebuildTrustedCaCertsCache()
        variables = network_variables(tmp_path / "new folder")
        bundle = tmp_path / "new folder" / CERTIFICATES
        assert {variables[name] for name in ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")} == {str(bundle)}
        known = ssl.create_default_context(cafile=str(bundle)).get_ca_certs()
        assert any((("commonName", "Town Hall"),) in authority["subject"] for authority in known)
    finally:
        manager.removeCertAuthority(certificate)
        manager.rebuildCaCertsCache()
        manager.rebuildTrustedCaCertsCache()
