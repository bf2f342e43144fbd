"""Tables in files, as text: CSV of any encoding and separator, and sheets of Excel and ODS, part by part."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

import pandas as pd
import pyogrio

from mmrisk_core.errors import InputError
from mmrisk_core.files import require_file
from mmrisk_core.geo.layer_io import READ_ERRORS, require_plain
from mmrisk_core.geo.layer_source import LayerSource

ROWS = 20_000
"""In a part."""
LOOKED_AT = 60
"""Rows among which the header is looked for."""
SEPARATORS = ("\t", ";", ",", "|")
SAMPLE = 65_536
BYTES_AT_ONCE = 1 << 20
SHEETS = ("XLSX", "ODS")
ZIP, OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
RESERVED = "geometry"
NUMBER = re.compile(r"[+-]?[\d.,\s']*\d[\d.,\s']*(e[+-]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class EventTable:
    """A table that can be read again and again.

    :param title: what sentences call it.
    :param columns: their names; each differs from the others in more than upper and lower case.
    :param skipped: rows above the first row of data: titles, and the header.
    :param has_header: whether the names are the file's own.
    :param separator: between fields; empty in a spreadsheet.
    :param sheet: the one that is read, and ``sheets`` all of them; empty in a file of text.
    """

    path: Path
    title: str
    columns: tuple[str, ...]
    skipped: int
    has_header: bool
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    _cells: pd.DataFrame | None = field(default=None, repr=False)

    def parts(self, rows: int = ROWS) -> Iterator[pd.DataFrame]:
        """The rows as stripped text, some at a time; rows without any text are left out.

        :raises MMRiskError: when a row cannot be read.
        """
        lines = self._lines()
        width = len(self.columns)
        filled = ((row + [""] * width)[:width] for row in islice(lines, self.skipped, None) if any(row))
        while part := list(islice(filled, rows)):
            yield pd.DataFrame(part, columns=list(self.columns), dtype=object)

    def _lines(self) -> Iterator[list[str]]:
        if self._cells is not None:
            return _rows_of(self._cells)
        return _text_rows(self.path, self.title, self.encoding, self.separator)


def open_table(source: LayerSource) -> EventTable:
    """Look at a file: its kind, encoding and separator, its sheets, and where its header is.

    :raises MMRiskError: naming what the file is where it is no table, is empty, or is held by another program.
    """
    path = Path(source.path)
    require_file(path, f"table '{source.title}'")
    if not path.exists():
        raise InputError(f"The file {path} does not exist. Check the path.")
    require_plain(path)
    try:
        with path.open("rb") as file:
            head = file.read(SAMPLE)
    except OSError as error:
        raise InputError(
            f"The file {path.name} cannot be opened ({error.strerror}). Close it in Excel or whatever else has it open, or "
            "load a copy of it."
        ) from error
    if not head.strip():
        raise InputError(f"The file {path.name} is empty. Export the crash data again.")
    if head.startswith(OLD_OFFICE):
        raise InputError(
            f"The file {path.name} is a workbook of an old Excel, or has a password. Save it as .xlsx without, or as CSV."
        )
    if head.startswith(ZIP):
        return _open_sheet(source, path)
    return _open_text(source, path, head)


def _open_text(source: LayerSource, path: Path, head: bytes) -> EventTable:
    encoding = _encoding_of(path, head)
    sample = codecs.getincrementaldecoder(encoding)(errors="replace").decode(head)
    if "\0" in sample or head.startswith((b"SQLite format", b"%PDF")):
        raise InputError(
            f"The file {path.name} is no table of text. Layers such as a GeoPackage or shapefile are added to the project "
            "by themselves; here CSV, text, .xlsx and .ods are read."
        )
    separator = _separator_of(sample, len(head) == SAMPLE)
    first = list(islice(_text_rows(path, source.title, encoding, separator), LOOKED_AT))
    columns, skipped, has_header = _header(first, path.name)
    return EventTable(path, source.title, columns, skipped, has_header, encoding, separator)


def _open_sheet(source: LayerSource, path: Path) -> EventTable:
    try:
        names = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
        if not names or pyogrio.read_info(path, layer=names[0])["driver"] not in SHEETS:
            raise InputError(
                f"The file {path.name} is neither an Excel workbook (.xlsx) nor an .ods. Save it as one, or as CSV."
            )
        if source.layer is not None and source.layer not in names:
            raise InputError(f"The file {path.name} has no sheet '{source.layer}'. It has: {', '.join(names)}.")
        # Without a word on which, the one with most in it: others hold notes.
        read = {name: _cells(path, name) for name in ([source.layer] if source.layer else names)}
    except READ_ERRORS as error:
        raise InputError(
            f"The file {path.name} cannot be read: {error}. Close it in Excel, or save the sheet as CSV and load that."
        ) from error
    sheet = max(read, key=lambda name: read[name].size)
    cells = read[sheet]
    columns, skipped, has_header = _header(list(islice(_rows_of(cells), LOOKED_AT)), f"{path.name}, sheet '{sheet}'")
    title = f"{source.title}, {sheet}" if len(names) > 1 else source.title
    return EventTable(path, title, columns, skipped, has_header, sheet=sheet, sheets=tuple(names), _cells=cells)


def _cells(path: Path, sheet: str) -> pd.DataFrame:
    frame = pyogrio.read_dataframe(path, layer=sheet, read_geometry=False, HEADERS="DISABLE", FIELD_TYPES="STRING")
    return frame.fillna("").astype(str)


def _rows_of(cells: pd.DataFrame) -> Iterator[list[str]]:
    return ([cell.strip() for cell in row] for row in cells.itertuples(index=False, name=None))


def _text_rows(path: Path, title: str, encoding: str, separator: str) -> Iterator[list[str]]:
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        reader = csv.reader(file, delimiter=separator)
        try:
            for row in reader:
                yield [cell.strip() for cell in row]
        except csv.Error as error:
            raise InputError(
                f"Line {reader.line_num} of '{title}' cannot be read ({error}). Look for a quotation mark that is left open."
            ) from error


def _encoding_of(path: Path, head: bytes) -> str:
    """The encoding of the whole file: what is not UTF-8 may come late."""
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            return name
    if head[1::2].count(0) > len(head) // 4:
        return "utf-16-le"
    if head[::2].count(0) > len(head) // 4:
        return "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BYTES_AT_ONCE):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator_of(sample: str, is_cut: bool) -> str:
    """The one that divides most lines into the same number of fields; of several, that which makes most of them."""

    def score(separator: str) -> tuple[bool, int]:
        try:
            widths = [len(row) for row in csv.reader(sample.splitlines(keepends=True), delimiter=separator) if row]
        except csv.Error:
            return False, 0
        if is_cut:
            widths = widths[:-1] or widths
        usual = max(set(widths), key=widths.count, default=0)
        return usual > 1 and widths.count(usual) >= 0.8 * len(widths) - 4, usual

    return max(SEPARATORS, key=score)


def _header(rows: list[list[str]], file: str) -> tuple[tuple[str, ...], int, bool]:
    """Names, the number of rows above the data, and whether there is a header: titles above it fill fewer cells."""
    widths = [sum(map(bool, row)) for row in rows]
    widest = max(widths, default=0)
    if widest == 0:
        raise InputError(f"The table {file} is empty. Export the crash data again.")
    start = next(number for number, width in enumerate(widths) if width >= max(1, 0.6 * widest))
    names = rows[start]
    has_header = not any(NUMBER.fullmatch(name) for name in names)
    count = max(map(len, rows[start:]))
    if has_header:
        # Trailing separators make columns without a name that hold nothing.
        while count > len(names) and not any(len(row) >= count and row[count - 1] for row in rows[start:]):
            count -= 1
    padded = chain(names if has_header else (), [""] * count)
    return _apart(islice(padded, count)), start + has_header, has_header


def _apart(names: Iterable[str]) -> tuple[str, ...]:
    """Names of which none is empty, and none is another in upper and lower case."""
    taken, apart = {RESERVED}, []
    for number, name in enumerate(names, 1):
        plain = " ".join(name.split()) or f"column_{number}"
        free, again = plain, 2
        while free.casefold() in taken:
            free, again = f"{plain}_{again}", again + 1
        taken.add(free.casefold())
        apart.append(free)
    return tuple(apart)
