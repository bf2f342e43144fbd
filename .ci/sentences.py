"""What the engine can say: the templates of its sentences, as they are written in its source.

``python3 .ci/sentences.py``             print them as JSON, each with the file that says it
``python3 .ci/sentences.py missing de``  print those that have no translation in resources/i18n/engine_de.json yet
"""

import ast
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ERRORS = ("InputError", "ModelFileError", "OutputError", "ResourceError")
LOG = ("log",)
PROGRESS = ("update", "finish", "report")
LANGUAGES = ("de", "es", "fr")
COMPOSED = (
    "1 image",
    "{0} images",
    "1 member",
    "{0} members",
    "{0} raises it",
    "{0} against a typical {1} raises it",
    "{0} missing raises it",
    "{0} instead of the usual '{1}' raises it",
    "what '{0}' shows raises it",
    "what '{0}' around the tile shows raises it",
    "{0} lowers it",
    "{0} against a typical {1} lowers it",
    "{0} missing lowers it",
    "{0} instead of the usual '{1}' lowers it",
    "what '{0}' shows lowers it",
    "what '{0}' around the tile shows lowers it",
    "nothing stands out",
    "1 event",
    "1 feature",
    "1 minute",
    "1 second",
    "1 tile",
    "Engine {0} on {1}.",
    "The engine failed unexpectedly ({0}: {1}). Please report this with the log.",
    "The system does not let {0} be used ({1}). Check the path, and that its disk is there and not full.",
    "attributes of {0} of {1}",
    "attributes of {0} of {1}, {2} per second, {3} left",
    "check {0} of {1}",
    "check {0} of {1}: {2}",
    "epoch {0} of {1}, loss {2}",
    "epoch {0} of {1}, loss {2}, {3} on held-out tiles",
    "imagery of {0} of {1}, {2} per second, {3} left",
    "member {0} of {1}",
    "member {0} of {1}: {2}",
    "random check {0} of {1}",
    "random check {0} of {1}: {2}",
    "random fold {0} of {1}",
    "random fold {0} of {1}: {2}",
    "starting the engine",
    "{0} at {1} tiles per second.",
    "{0} events",
    "{0} features",
    "{0} hours",
    "{0} minutes",
    "{0} seconds",
    "{0} tiles",
)
"""What is put together only while it runs: counted things, and a network's name before its epochs; also the client's own."""
PARTS = ("{0} of {1}", "{0} of {1} of {2}", "{0} of {1} of {2}, {3}, {4} left", "{0} and {1}")
"""What says too little by itself to be recognised; it is translated as part of what is composed of it."""


def templates(said_by: tuple[str, ...] = (*ERRORS, *LOG, *PROGRESS)) -> dict[str, str]:
    """Every text that is given to an error, the log or the progress, with holes ``{0}`` ...; and where it is said."""
    found: dict[str, str] = {}
    for file in sorted((ROOT / "mmrisk_core").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and _name(call.func) in said_by:
                for argument in call.args:
                    for text in _texts(argument):
                        found.setdefault(text, file.relative_to(ROOT).as_posix())
    return found


def translations(language: str) -> dict[str, str]:
    """What is translated already."""
    file = ROOT / "resources" / "i18n" / f"engine_{language}.json"
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.is_file() else {}


def _texts(node: ast.expr) -> list[str]:
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value] if any(map(str.isalpha, node.value)) else []
    if isinstance(node, ast.JoinedStr):
        text, holes = "", 0
        for part in node.values:
            if isinstance(part, ast.Constant):
                text += str(part.value).replace("{", "{{").replace("}", "}}")
            else:
                text += f"{{{holes}}}"
                holes += 1
        return [text] if any(map(str.isalpha, text)) else []
    return []


def _name(function: ast.expr) -> str:
    return getattr(function, "id", getattr(function, "attr", ""))


if __name__ == "__main__":
    everything = templates()
    if len(sys.argv) > 2:
        known = translations(sys.argv[2])
        everything = {text: place for text, place in everything.items() if text not in known}
    print(json.dumps(everything, indent=0, ensure_ascii=False))
