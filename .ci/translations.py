"""Keeps the translations in step with the texts of the plugin.

``python3 .ci/translations.py update``       every text of plugin/ into resources/i18n/mmrisk_<language>.ts, and compile
``python3 .ci/translations.py take FILE``    take translations from a JSON file {"language": "de", "texts": {source: text}}
``python3 .ci/translations.py missing de``   print as JSON the texts that have no translation yet
"""

import ast
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("de", "es", "fr")
CONTEXT = "MMRisk"
PLACEHOLDER = re.compile(r"\{\w*(?:[:!][^}]*)?\}|\[%.*?%\]|<[^>]+>")


def source_texts() -> list[str]:
    """Every text that is given to tr(), in the order of files and lines; it must be written out there."""
    texts: dict[str, None] = {}
    for file in sorted((ROOT / "plugin").rglob("*.py")):
        calls = [
            node
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr"
        ]
        for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
            argument = call.args[0]
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                texts[argument.value] = None
    return list(texts)


def file_of(language: str) -> Path:
    """The translations of a language."""
    return FOLDER / f"mmrisk_{language}.ts"


def read_translations(language: str) -> dict[str, str]:
    """What is translated already."""
    if not file_of(language).is_file():
        return {}
    messages = ET.parse(file_of(language)).getroot().iter("message")
    pairs = {message.findtext("source", ""): message.findtext("translation", "") for message in messages}
    return {source: text for source, text in pairs.items() if text}


def write_translations(language: str, translations: dict[str, str]) -> None:
    """Write the file of a language, with every text of today and none of yesterday, and compile it for Qt."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    context = ET.SubElement(root, "context")
    ET.SubElement(context, "name").text = CONTEXT
    for source in source_texts():
        message = ET.SubElement(context, "message")
        ET.SubElement(message, "source").text = source
        translated = ET.SubElement(message, "translation")
        translated.text = translations.get(source)
        if translated.text is None:
            translated.set("type", "unfinished")
    ET.indent(root)
    FOLDER.mkdir(parents=True, exist_ok=True)
    body = ET.tostring(root, encoding="unicode")
    file_of(language).write_text(f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n', encoding="utf-8")
    compile_translations(language)


def compile_translations(language: str) -> None:
    """Make the .qm file that Qt reads."""
    source = file_of(language)
    subprocess.run(
        ["lrelease", "-silent", "-removeidentical", str(source), "-qm", str(source.with_suffix(".qm"))], check=True
    )


def problem(source: str, translated: str) -> str:
    """What is wrong with a translation; empty where it is right."""
    if sorted(PLACEHOLDER.findall(source)) != sorted(PLACEHOLDER.findall(translated)):
        return "its placeholders differ"
    if source.count("&") != translated.count("&"):
        return "its access keys differ"
    if source.strip() != source and (source[0].isspace(), source[-1].isspace()) != (
        translated[:1].isspace(),
        translated[-1:].isspace(),
    ):
        return "it begins or ends with another space"
    return ""


def main(arguments: list[str]) -> int:
    """Run one command; return the exit code."""
    command, *rest = arguments
    if command == "update":
        for language in LANGUAGES:
            write_translations(language, read_translations(language))
    elif command == "take":
        given = json.loads(Path(rest[0]).read_text(encoding="utf-8"))
        known = read_translations(given["language"])
        for source, text in given["texts"].items():
            wrong = problem(source, text)
            if wrong:
                print(f"{source!r} -> {text!r}: {wrong}")
            else:
                known[source] = text
        write_translations(given["language"], known)
    elif command == "missing":
        known = read_translations(rest[0])
        print(json.dumps([source for source in source_texts() if source not in known], indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
