"""Which columns hold the place and the date, by names in English, German, Spanish and French, and by what they hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import pandas as pd

from mmrisk_core.events.numbers import as_numbers

# Without accents and what is no letter or digit; degrees come first, as tables that have both mean the same place twice.
LONGITUDES = (
    *("xgcswgs84", "longitude", "long", "lon", "lng", "longitud", "laengengrad", "langengrad", "laenge", "geolaenge"),
    *(
        "longitudewgs84",
        "lonwgs84",
        "xlong",
        "xcoord84",
        "longdecimal",
        "gpslong",
        "gpslongitude",
        "longitudedegrees",
        "longitudem",
    ),
)
LATITUDES = (
    *("ygcswgs84", "latitude", "lat", "lat", "lat", "latitud", "breitengrad", "breitengrad", "breite", "geobreite"),
    *(
        "latitudewgs84",
        "latwgs84",
        "ylat",
        "ycoord84",
        "latdecimal",
        "gpslat",
        "gpslatitude",
        "latitudedegrees",
        "latitudem",
    ),
)
EASTINGS = (
    *("linrefx", "x", "xcoord", "xcoordinate", "coordx", "xkoordinate", "koordinatex", "coordenadax", "coordonneex"),
    *(
        "easting",
        "eastings",
        "locationeastingosgr",
        "rechtswert",
        "ostwert",
        "east",
        "este",
        "utmx",
        "utmeast",
        "pointx",
        "xutm",
    ),
    *("gridreferenceeasting", "ost", "xl93", "coordxetrs89"),
)
NORTHINGS = (
    *("linrefy", "y", "ycoord", "ycoordinate", "coordy", "ykoordinate", "koordinatey", "coordenaday", "coordonneey"),
    *(
        "northing",
        "northings",
        "locationnorthingosgr",
        "hochwert",
        "nordwert",
        "north",
        "norte",
        "utmy",
        "utmnorth",
        "pointy",
        "yutm",
    ),
    *("gridreferencenorthing", "nord", "yl93", "coordyetrs89"),
)
PAIRS = tuple(zip((*LONGITUDES, *EASTINGS), (*LATITUDES, *NORTHINGS), strict=True))
BOTH = (
    "location",
    "coordinates",
    "coordinate",
    "coords",
    "latlong",
    "latlon",
    "geopoint",
    "geopoint2d",
    "koordinaten",
    "coordenadas",
)
DATES = (
    *(
        "date",
        "crashdate",
        "accidentdate",
        "collisiondate",
        "incidentdate",
        "eventdate",
        "dispatchts",
        "datetime",
        "crashdatetime",
    ),
    *(
        "dateofaccident",
        "occurred",
        "occurredon",
        "datum",
        "unfalldatum",
        "unfalltag",
        "unfallzeit",
        "tatzeit",
        "fecha",
    ),
    *("fechaaccidente", "fechahora", "dateaccident", "dateheure", "timestamp", "crashdt", "accdate", "day"),
)
YEARS = (
    "year",
    "ujahr",
    "jahr",
    "unfalljahr",
    "ano",
    "anio",
    "annee",
    "an",
    "accidentyear",
    "crashyear",
    "collisionyear",
    "yr",
    "caseyear",
)
MONTHS = ("month", "umonat", "monat", "unfallmonat", "mes", "mois", "accidentmonth", "crashmonth", "mm")
DAYS = ("day", "tag", "utag", "dia", "jour", "dayofmonth", "crashday", "dd")
PAIR = re.compile(r"[^\d+-]*[+-]?\d{1,3}\.\d+\s*[,; ]\s*[+-]?\d{1,3}\.\d+[^\d]*")


def plain(name: str) -> str:
    """A name without accents, and without what is no letter or digit."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("ß", "ss"))
    return re.sub(r"[\W_]", "", "".join(letter for letter in letters if not unicodedata.combining(letter)))


def guess_place(columns: Sequence[str], sample: pd.DataFrame) -> tuple[str, str]:
    """The columns of x (or longitude) and y; the same twice where one column holds both; empty where there are none.

    :param columns: in order.
    :param sample: the first rows, as text.
    """
    known = {plain(name): name for name in reversed(columns)}
    filled = {name: bool(as_numbers(sample[name]).notna().any()) for name in columns}
    for x, y in PAIRS:
        if x in known and y in known and filled[known[x]] and filled[known[y]]:
            return known[x], known[y]
    for first, second in ((LONGITUDES, LATITUDES), (EASTINGS, NORTHINGS)):
        x_name = next((known[name] for name in first if name in known and filled[known[name]]), "")
        y_name = next((known[name] for name in second if name in known and filled[known[name]]), "")
        if x_name and y_name:
            return x_name, y_name
    pairs = [name for name in columns if _holds_pairs(sample[name])]
    both = next((name for name in pairs if plain(name) in BOTH), pairs[0] if pairs else "")
    return (both, both) if both else ("", "")


def guess_dates(columns: Sequence[str], sample: pd.DataFrame) -> tuple[str, ...]:
    """The column of the date; or those of year, month and day as far as they are there; none where nothing looks like one.

    :param columns: in order.
    :param sample: the first rows, as text.
    """
    known = {plain(name): name for name in reversed(columns)}
    filled = {name for name in columns if (sample[name] != "").any()}

    def first(names: Sequence[str]) -> str:
        return next((known[name] for name in names if name in known and known[name] in filled), "")

    dates = [known[name] for name in DATES if name in known and known[name] in filled]
    for name in dates:
        values = sample[name][sample[name] != ""]
        if not values.str.fullmatch(r"\d{1,3}(\.0+)?").any():
            return (name,)
    year, month, day = first(YEARS), first(MONTHS), first(DAYS)
    if not year:
        return ()
    # A day of the week would be none of the month: it never goes beyond 7.
    if day and not (as_numbers(sample[day]) > 7).any():
        day = ""
    return tuple(name for name in ((year, month, day) if month else (year,)) if name)


def _holds_pairs(values: pd.Series) -> bool:
    texts = values[values != ""]
    return bool(len(texts)) and bool(texts.str.fullmatch(PAIR).mean() > 0.8)
