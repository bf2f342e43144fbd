"""What the engine says, in the user's language.

The engine speaks English, which its logs and the command line keep. Its sentences are data: each is made from a template
of its source, and ``resources/i18n/engine_<language>.json`` has a translation of the templates. Here a sentence is taken
apart by its template into the values, and put together again by the translation.
"""

from __future__ import annotations

import functools
import json
import re
from dataclasses import dataclass

from .engine.paths import plugin_root
from .i18n import language
from .locale_numbers import localised

FEW_LETTERS = 12
HOLE = re.compile(r"\{(\d+)\}")
MIN_LETTERS = 4
"""What a template has to say by itself, beside its holes, so that it is not found in everything."""


@dataclass(frozen=True)
class Template:
    """A template of the engine and its translation.

    :param quoted: the holes within quotation marks: names of layers, fields and files, which stay as they are.
    """

    pattern: re.Pattern[str]
    translation: str
    quoted: frozenset[int]


def in_users_language(sentence: str) -> str:
    """A sentence of the engine in the user's language; as it is, but for its numbers, where it is not translated."""
    return _translated(sentence, language()) if sentence else sentence


def _translated(text: str, chosen: str) -> str:
    for template in _templates(chosen):
        found = template.pattern.fullmatch(text)
        if found is not None:
            values = [
                value if number in template.quoted else _translated(value, chosen)
                for number, value in enumerate(found.groups())
            ]
            return _filled(template.translation, values)
    first, stop, rest = text.partition(". ")
    if stop and rest:
        return f"{_translated(first + '.', chosen)} {_translated(rest, chosen)}"
    return localised(text)


def _filled(translation: str, values: list[str]) -> str:
    filled = HOLE.sub(lambda hole: values[int(hole.group(1))], translation.replace("{{", "\0").replace("}}", "\1"))
    # Numbers of the template itself are written as the language has them.
    return filled.replace("\0", "{").replace("\1", "}")


@functools.cache
def _templates(chosen: str) -> tuple[Template, ...]:
    """Those of a language; what says most by itself comes first."""
    file = plugin_root() / "resources" / "i18n" / f"engine_{chosen}.json"
    if not file.is_file():
        return ()
    texts: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    by_weight = sorted(texts, key=lambda text: len(HOLE.sub("", text)), reverse=True)
    return tuple(_template(text, texts[text]) for text in by_weight if _says_enough(text))


def _says_enough(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= MIN_LETTERS


def _template(text: str, translation: str) -> Template:
    parts = HOLE.split(text)[::2]
    escaped = [re.escape(part.replace("{{", "{").replace("}}", "}")) for part in parts]
    quoted = frozenset(
        number
        for number, (before, after) in enumerate(zip(parts, parts[1:]))
        if before.endswith("'") and after.startswith("'")
    )
    # A few words behind a hole are about a number of things, and would end many a sentence that is not translated.
    first = r"(\d.*?)" if not parts[0] and sum(map(str.isalpha, text)) < FEW_LETTERS else "(.*?)"
    pattern = "(.*?)".join([first.join(escaped[:2]), *escaped[2:]])
    return Template(re.compile(pattern, re.DOTALL), translation, quoted)
