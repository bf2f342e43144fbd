"""Sentences for what only the system knew."""

from __future__ import annotations

import pytest

from mmrisk_core.errors import file_sentence


def test_a_file_that_the_system_refuses_is_named_with_the_reason(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        (tmp_path / "gone" / "tiles.gpkg").write_text("")
    sentence = file_sentence(caught.value)
    assert f"{tmp_path / 'gone' / 'tiles.gpkg'} be used (No such file or directory)" in sentence
    assert sentence.endswith("not full.")


def test_a_refusal_without_name_or_reason_is_a_sentence_too():
    assert file_sentence(OSError()).startswith("The system does not let a file be used (OSError).")


def test_a_name_of_a_thousand_letters_is_cut():
    assert len(file_sentence(OSError(36, "File name too long", "a" * 1000))) < 400
