"""The page that sections stand on: one file, readable on paper and on a telephone, that asks for nothing elsewhere."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

INK, GREY, BLUE, ORANGE, RED = "#1b2733", "#8896a5", "#1f5fa8", "#c7611a", "#bd0026"

STYLE = """
*{box-sizing:border-box}
body{margin:0;background:#eef1f4;color:#1b2733;font:16px/1.55 "Segoe UI",system-ui,-apple-system,Roboto,Ubuntu,sans-serif}
header{background:#16324f;color:#fff;padding:2rem 1rem 1.8rem}
header>div,main{max-width:62rem;margin:0 auto}
header .over{margin:0;font-size:.8rem;letter-spacing:.09em;text-transform:uppercase;color:#b9cde0}
h1{font-size:1.9rem;line-height:1.2;margin:.3rem 0 .5rem;font-weight:650} header p{margin:.2rem 0;color:#dbe6f0}
main{padding:1.2rem 1rem 3rem}
section{background:#fff;border:1px solid #dde3e9;border-radius:8px;padding:1.3rem 1.6rem 1.1rem;margin:0 0 1.1rem}
h2{font-size:1.22rem;line-height:1.3;margin:0 0 .3rem;font-weight:650}
h3{font-size:1rem;margin:1.1rem 0 .2rem;font-weight:650}
p{margin:.45rem 0} .lead{color:#51606f;margin-top:0}
.reading{border-left:4px solid #1f5fa8;background:#f1f6fb;padding:.55rem .9rem;margin:.9rem 0 .2rem}
.warning{border-left:4px solid #c7611a;background:#fdf3ea;padding:.55rem .9rem;margin:.9rem 0 .2rem}
.reading p,.warning p{margin:.2rem 0} .note{color:#51606f;font-size:.9rem}
.headline{font-size:1.15rem;margin:.8rem 0 .9rem}
.numbers{display:grid;grid-template-columns:repeat(auto-fit,minmax(13rem,1fr));gap:.8rem;margin:.8rem 0}
.numbers div{border:1px solid #dde3e9;border-radius:8px;padding:.7rem .9rem}
.numbers b{display:block;font-size:1.75rem;line-height:1.15;font-weight:650;color:#1f5fa8}
.numbers span{display:block;font-size:.9rem;color:#51606f}
.scroll{overflow-x:auto} table{border-collapse:collapse;margin:.6rem 0;width:100%;font-size:.93rem}
th,td{padding:.36rem .8rem .36rem 0;text-align:left;vertical-align:top;border-bottom:1px solid #e6ebf0}
th{font-weight:600;color:#51606f} td.n,th.n{text-align:right} td.n{font-variant-numeric:tabular-nums;white-space:nowrap}
td small{display:block;color:#51606f;font-weight:400;font-size:.82rem} td:first-child{min-width:4.6rem}
td.words{min-width:9.5rem}
th:last-child,td:last-child{padding-right:.2rem}
tr.whole td{font-weight:650;background:#f1f6fb} td.chart{min-width:9rem;width:30%;padding-top:.5rem}
td.chart svg{display:block;width:100%;height:1.5rem}
.facts th{width:11rem;white-space:nowrap} .facts td{overflow-wrap:anywhere}
.row{display:flex;flex-wrap:wrap;gap:.8rem 1.2rem;align-items:flex-start} .row>*{flex:1 1 17rem;min-width:0}
.row>img{max-width:27rem}
img{max-width:100%;height:auto;display:block} img.wide{width:100%;margin:.6rem 0}
.sheet{display:grid;grid-template-columns:repeat(6,1fr);gap:.7rem;margin:.3rem 0 .8rem}
figure{margin:0} figure img{width:100%;border-radius:5px;border:1px solid #cbd4dd}
figcaption{font-size:.8rem;line-height:1.35;color:#51606f;margin-top:.25rem}
.one{color:#bd0026;font-weight:650} .zero{color:#1f5fa8;font-weight:650}
footer{color:#51606f;font-size:.85rem;text-align:center}
@media screen and (max-width:40rem){header{padding:1.4rem 1rem} h1{font-size:1.45rem} section{padding:1rem}
 main{padding:.7rem .6rem} .chart{display:none}
 .scroll>img{max-width:none;width:38rem} .sheet{grid-template-columns:repeat(3,1fr)}
 .facts th{width:auto;white-space:normal}}
@media print{@page{margin:15mm} body{background:#fff;font-size:10pt} header{background:none;color:#000;padding:0 0 .5rem;
 border-bottom:2pt solid #16324f} header .over,header p{color:#333} main{padding:.6rem 0} section{border:0;border-radius:0;
 padding:.3rem 0 .6rem} h2,h3{break-after:avoid} table,figure,img,.numbers,.reading,.warning{break-inside:avoid}
 *{print-color-adjust:exact;-webkit-print-color-adjust:exact} .scroll{overflow:visible} h1{font-size:18pt}
 .headline{font-size:12pt} table{font-size:8.5pt} th,td{padding:.2rem .5rem .2rem 0} td.words{min-width:7rem}
 .row>*{flex:1 1 10rem} .numbers b{font-size:16pt} .numbers span,figcaption,.note{font-size:8pt} td small{font-size:7.5pt}
 .sheet{grid-template-columns:repeat(6,1fr)} .numbers{grid-template-columns:repeat(3,1fr)}}
"""


def page(over: str, title: str, lines: Sequence[str], sections: Sequence[str]) -> str:
    """A whole page as HTML text. ``sections`` are HTML already, the others plain text."""
    below = "".join(f"<p>{text(line)}</p>" for line in lines)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{text(title)}</title><style>{STYLE}</style></head><body>"
        f'<header><div><p class="over">{text(over)}</p><h1>{text(title)}</h1>{below}</div></header>'
        f"<main>{''.join(sections)}</main></body></html>"
    )


def section(title: str, lead: str, body: str, readings: Sequence[str] = ()) -> str:
    """A section: what it asks, what there is to see, and what that means in plain words.

    ``body`` is HTML, the others plain text.
    """
    below = f'<div class="reading">{"".join(f"<p>{text(line)}</p>" for line in readings)}</div>' if readings else ""
    return f'<section><h2>{text(title)}</h2><p class="lead">{text(lead)}</p>{body}{below}</section>'


def scrolling(body: str) -> str:
    """What is too wide for a telephone, so that it can be moved there."""
    return f'<div class="scroll">{body}</div>'


def warning(sentence: str) -> str:
    """A sentence that must not be overlooked."""
    return f'<div class="warning"><p>{text(sentence)}</p></div>'


def note(sentence: str) -> str:
    """A sentence in small print."""
    return f'<p class="note">{text(sentence)}</p>'


def table(head: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> str:
    """A table of plain text; all columns after the first ``words`` hold numbers."""

    def line(cells: Sequence[str], tag: str) -> str:
        return "".join(f"<{tag}{' class=n' if i >= words else ''}>{text(cell)}</{tag}>" for i, cell in enumerate(cells))

    body = "".join(f"<tr>{line(row, 'td')}</tr>" for row in rows)
    return scrolling(f"<table><tr>{line(head, 'th')}</tr>{body}</table>")


def facts(rows: Mapping[str, Sequence[str]]) -> str:
    """A table of names and what there is to say of each, line by line; plain text."""
    body = "".join(
        f"<tr><th>{text(name)}</th><td>{'<br>'.join(map(text, lines))}</td></tr>" for name, lines in rows.items()
    )
    return scrolling(f'<table class="facts">{body}</table>')


def number(value: float) -> str:
    """A number as a person would write it."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def tile_width(metres: float | None) -> str:
    """How wide tiles are, as words that follow them; nothing where they are rows of a table."""
    return "" if metres is None else f" of {metres:,.5g} m"


def text(value: str) -> str:
    """Any text, so that it can do nothing in a page."""
    return html.escape(value)
