"""The company's fixed content: its goods, places, names, rivals and market, read from CSV.

All of it is invented, apart from the cities with their provinces and populations, the surnames, and
the sections of China's industry classification GB/T 4754-2017.
"""

import difflib
import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import polars as pl

from customer_insight.data.catalog import PROJECT
from customer_insight.data.errors import CatalogError

CONTENT_FOLDER = PROJECT / "datasets" / "company" / "content"
OTHERS = "others"
_MOST_LINES = 5
_TAKE_BACK = "take it back from the repository: git checkout -- datasets/company/content"


@dataclass(frozen=True)
class Form:
    """What a file must look like.

    Attributes
    ----------
    columns : str
        Names in the file's order, each with its type unless it is text ("tier:whole"); a question
        mark says that values may be missing.
    key : str
        Columns whose values no two rows share together.
    refers : mapping of str to str
        From a column to the file that has all its values in a column of the same name.
    besides : str
        One more value that a referring column may have.
    """

    columns: str
    key: str
    refers: Mapping[str, str] = field(default_factory=dict)
    besides: str = ""

    @property
    def types(self) -> dict[str, str]:
        """The type of each column: text, whole, flag or day."""
        parts = [word.rstrip("?").partition(":") for word in self.columns.split()]
        return {name: kind or "text" for name, _, kind in parts}

    @property
    def optional(self) -> tuple[str, ...]:
        """The columns that may have missing values."""
        words = [word for word in self.columns.split() if word.endswith("?")]
        return tuple(word.rstrip("?").partition(":")[0] for word in words)


FORMS = MappingProxyType(
    {
        "categories": Form("category_id category name name_zh family", key="category"),
        "products": Form(
            """
            product_id name name_zh brand brand_zh own_brand:flag category family
            pack:whole size_ml:whole? list_price:whole unit_cost:whole cost_quantity:whole
            launched:day withdrawn:day? popularity:whole
            sugar_mg_per_100ml:whole? herb_base? festival? trip? persons:whole?
            comfort_c:whole? fill? shape? user_length_cm:whole? volume_l:whole?
            capacity_ml:whole? water_column_mm:whole? lumens:whole? material? weight_g:whole?
            """,
            key="product_id",
            refers={"category": "categories"},
        ),
        "cities": Form(
            """
            city_id name name_zh province province_zh tier:whole population_10k:whole weight:whole
            """,
            key="city_id",
        ),
        "shops": Form(
            "shop_id city_id name name_zh opened:day area_m2:whole refill_tap:flag",
            key="shop_id",
            refers={"city_id": "cities"},
        ),
        "surnames": Form("surname_zh surname weight:whole", key="surname_zh"),
        "given_names": Form("given_name_zh given_name sex", key="given_name_zh"),
        "occupations": Form("occupation name name_zh life_scene weight:whole", key="occupation"),
        "organisation_kinds": Form(
            "kind name name_zh section section_name section_name_zh broad_class weight:whole",
            key="kind",
        ),
        "organisation_names": Form(
            "word_id kind? part name name_zh weight:whole",
            key="word_id",
            refers={"kind": "organisation_kinds"},
        ),
        "competitors": Form(
            """
            firm_id name name_zh family position position_zh founded:whole
            price_index:whole quality_index:whole
            """,
            key="family firm_id",
        ),
        "market": Form(
            """
            year:whole category firm_id volume:whole volume_unit average_price:whole revenue:whole
            """,
            key="year category firm_id",
            refers={"category": "categories", "firm_id": "competitors"},
            besides=OTHERS,
        ),
        "market_events": Form(
            "year:whole category firm_id? kind measure direction what what_zh",
            key="year category firm_id measure",
            refers={"category": "categories", "firm_id": "competitors"},
        ),
    }
)


def content(name: str, *, folder: Path = CONTENT_FOLDER) -> pl.DataFrame:
    """Return one table of the company's fixed content, checked.

    Header, types, missing values, keys and references must be as `FORMS` says. A value must be
    written as it would be printed, so that "007" is no whole number and "2022-1-5" no day.

    Parameters
    ----------
    name : str
        A name of `FORMS`, such as "products".
    folder : pathlib.Path, optional
        Where the files lie; by default ``datasets/company/content``.

    Returns
    -------
    polars.DataFrame
        The file's rows in its order: text as String, whole numbers as Int64, flags as Boolean, days
        as Date. Read once per process; a change of it changes no other caller's table.

    Raises
    ------
    CatalogError
        If there is no such table or file, or the file breaks its form. The message names file,
        column, lines and what is wanted there.

    Notes
    -----
    Prices and costs are whole fen, weights and ``popularity`` whole weights for a draw.

    products : an article is sold by the pack, or by the millilitre (``refill``). ``unit_cost`` is
        what ``cost_quantity`` of that unit cost, since a millilitre costs less than a fen.
        ``withdrawn`` is the first day without the article. Sugar is that of the tea as it is drunk.
    cities : tier 1 has the largest cities; ``population_10k`` is tens of thousands of residents in
        the census of 2020.
    organisation_names : words of a name; those without a kind go with every kind of organisation.
    competitors : ``own`` is the company itself, a price index of 100 its own price; a quality index
        goes from 0 to 100.
    market : the whole country. ``average_price`` is fen a ``volume_unit``, ``revenue`` volume times
        price; "others" are many small firms.
    market_events : why a measure moved against the year before; without a firm, that of the whole
        category.

    Examples
    --------
    >>> shops = content("shops")
    >>> shops.height, int(shops["refill_tap"].sum())
    (24, 12)
    """
    if name not in FORMS:
        close = difflib.get_close_matches(str(name), FORMS, n=1)
        hint = f"Did you mean {close[0]!r}? " if close else ""
        raise CatalogError(
            f"The company has no content {str(name)[:60]!r}. {hint}There are {', '.join(FORMS)}."
        )
    return _read_once(Path(folder), name).clone()


@functools.cache
def _read_once(folder: Path, name: str) -> pl.DataFrame:
    form = FORMS[name]
    path = folder / f"{name}.csv"
    texts = _texts(path, list(form.types))
    frame = texts.select(_parsed(texts[column], kind) for column, kind in form.types.items())
    problems = [
        *_unreadable(texts, frame, form),
        *_missing(texts, form),
        *_repeated(texts, form),
        *_unknown(texts, form, folder),
    ]
    if problems:
        raise CatalogError(f"{path}: {'; '.join(problems)}. Mend these lines, or {_TAKE_BACK}")
    return frame


def _texts(path: Path, names: list[str]) -> pl.DataFrame:
    """Return the file with all values as text; an empty field is missing."""
    if not path.is_file():
        raise CatalogError(
            f"There is no {path.name} in {path.parent}, which the company needs; {_TAKE_BACK}"
        )
    try:
        texts = pl.read_csv(path, infer_schema=False, glob=False)
    except pl.exceptions.PolarsError as error:
        raise CatalogError(f"{path} is not readable as CSV in UTF-8: {error}") from error
    if texts.columns != names:
        raise CatalogError(
            f"{path}: the header must be {', '.join(names)}, and is {', '.join(texts.columns)}."
        )
    return texts.select(pl.all().replace("", None))


def _parsed(texts: pl.Series, kind: str) -> pl.Series:
    """Return values of a type, null where a text is none."""
    if kind == "whole":
        return texts.cast(pl.Int64, strict=False)
    if kind == "day":
        return texts.str.to_date("%Y-%m-%d", strict=False)
    if kind == "flag":
        flags = {"true": True, "false": False}
        return texts.replace_strict(flags, default=None, return_dtype=pl.Boolean)
    return texts.str.strip_chars()


def _unreadable(texts: pl.DataFrame, frame: pl.DataFrame, form: Form) -> list[str]:
    wanted = {
        "whole": "a whole number",
        "day": "a day written as 2022-01-31",
        "flag": "true or false",
        "text": "a text without blanks around it",
    }
    return [
        problem
        for column, kind in form.types.items()
        for problem in _problem(
            texts[column].ne_missing(frame[column].cast(pl.String)),
            f"column {column!r} must be {wanted[kind]}",
        )
    ]


def _missing(texts: pl.DataFrame, form: Form) -> list[str]:
    return [
        problem
        for column in form.types
        if column not in form.optional
        for problem in _problem(texts[column].is_null(), f"column {column!r} must not be empty")
    ]


def _repeated(texts: pl.DataFrame, form: Form) -> list[str]:
    key = form.key.split()
    what = f"{' and '.join(map(repr, key))} must together differ from line to line"
    return _problem(texts.select(key).is_duplicated(), what)


def _unknown(texts: pl.DataFrame, form: Form, folder: Path) -> list[str]:
    problems = []
    for column, target in form.refers.items():
        known = [*_read_once(folder, target)[column], form.besides]
        unknown = texts[column].is_not_null() & ~texts[column].is_in(known)
        problems += _problem(unknown, f"column {column!r} must stand in {target}.csv")
    return problems


def _problem(bad: pl.Series, what: str) -> list[str]:
    """Return what is wrong with the lines where ``bad`` is true, none if it nowhere is."""
    lines = [place + 2 for place in bad.arg_true()]
    if not lines:
        return []
    listed = ", ".join(map(str, lines[:_MOST_LINES])) + (", ..." if lines[_MOST_LINES:] else "")
    return [f"{what} (line{'s' * (len(lines) > 1)} {listed})"]
