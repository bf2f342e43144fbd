"""Writes the user's part of docs/ as plain HTML with its pictures: what the zip carries, and Help opens."""

import html
import re
import shutil
import sys
from pathlib import Path

import markdown

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
# What somebody reads who uses the plugin; links to anything else become plain text.
PAGES = (
    *("user-guide", "tutorial", "glossary", "boston", "explanations", "roads", "benchmarks", "prediction-at-scale"),
    *("training-on-many-machines", "security", "support-matrix"),
)
LINK = re.compile(r'<a href="(?P<file>[^"#:]*)(?P<anchor>#[^"]*)?">(?P<text>.*?)</a>', re.DOTALL)
PICTURE = re.compile(r'src="pictures/([^"]+)"')
STYLE = """
:root { color-scheme: light dark; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 46rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere; }
nav { border-bottom: 1px solid #8886; padding-bottom: .5rem; margin-bottom: 1rem; font-size: 90%; }
nav a { margin-right: .8rem; white-space: nowrap; }
nav [aria-current] { font-weight: bold; text-decoration: none; color: inherit; }
h1, h2, h3 { line-height: 1.2; }
img { max-width: 100%; height: auto; border: 1px solid #8886; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border: 1px solid #8886; padding: .25rem .5rem; text-align: left; vertical-align: top; }
pre { overflow-x: auto; background: #8882; padding: .6rem; }
code { background: #8882; }
a { color: #0b63c4; }
@media (prefers-color-scheme: dark) { body { background: #1b1d20; color: #e6e6e6; } a { color: #7db7ff; } }
"""


def write_pages(folder: Path) -> list:
    """Write the pages and their pictures into a folder; return the files."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {name: (DOCS / f"{name}.md").read_text(encoding="utf-8") for name in PAGES}
    titles = {name: text.splitlines()[0].lstrip("# ") for name, text in texts.items()}
    written = []
    for name, text in texts.items():
        body = LINK.sub(_linked, markdown.markdown(text, extensions=["tables", "fenced_code", "toc", "sane_lists"]))
        written.append(folder / f"{name}.html")
        written[-1].write_text(_page(name, titles, body), encoding="utf-8")
        for picture in PICTURE.findall(body):
            written.append(folder / "pictures" / picture)
            written[-1].parent.mkdir(exist_ok=True)
            shutil.copyfile(DOCS / "pictures" / picture, written[-1])
    return sorted(set(written))


def _page(name: str, titles: dict, body: str) -> str:
    links = "\n".join(
        f'<a href="{other}.html"{" aria-current=page" if other == name else ""}>{html.escape(title)}</a>'
        for other, title in titles.items()
    )
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{html.escape(titles[name])}</title>'
        f"<style>{STYLE}</style></head>\n<body><nav>{links}</nav>\n<main>{body}</main></body></html>\n"
    )


def _linked(link: re.Match) -> str:
    """A link to a page that comes along, as it is called there; of any other file its text alone."""
    file, anchor = link["file"], link["anchor"] or ""
    page = file.removesuffix(".md")
    if not file:
        return link[0]
    return f'<a href="{page}.html{anchor}">{link["text"]}</a>' if page in PAGES else link["text"]


if __name__ == "__main__":
    print("\n".join(map(str, write_pages(Path(sys.argv[1])))))
