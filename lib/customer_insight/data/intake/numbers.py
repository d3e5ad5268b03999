"""How a file writes numbers: decimal sign, thousands, negatives, currency signs."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from customer_insight.data.closed_query import literal
from customer_insight.data.intake.findings import REFUSED, WARNING, Finding, share
from customer_insight.data.intake.shapes import FIRST_ZERO, MOST_SHAPES, Shape

POINT, COMMA = ".", ","
# What stands beside an amount, and what it says: a code, or a sign that several currencies share.
SIGNS = {
    "¥": "¥",
    "￥": "¥",
    "元": "CNY",
    "圆": "CNY",
    "rmb": "CNY",
    "cny": "CNY",
    "人民币": "CNY",
    "$": "$",
    "us$": "USD",
    "usd": "USD",
    "hk$": "HKD",
    "hkd": "HKD",
    "nt$": "TWD",
    "twd": "TWD",
    "€": "EUR",
    "eur": "EUR",
    "£": "GBP",
    "gbp": "GBP",
    "jpy": "JPY",
    "円": "JPY",
    "₩": "KRW",
    "krw": "KRW",
    "₹": "INR",
    "inr": "INR",
    "chf": "CHF",
    "sgd": "SGD",
    "aud": "AUD",
    "cad": "CAD",
}
_THOUSANDS = {POINT: "[,' ’]", COMMA: "[.' ’]"}
PLAIN = "DECIMAL(17, 5)"  # below a trillion, as the next one, and enough for most files
_FINE, _FINEST = "DECIMAL(18, 6)", "DECIMAL(38, 12)"
_EXPONENT_DECIMALS = 6  # kept of 1.5e-3, whose shape does not tell how many it has
_ORDERED_SIGNS = sorted(SIGNS, key=lambda sign: (-len(sign), sign))


@dataclass(frozen=True)
class NumberFormat:
    """What the columns of numbers have in common: the decimal sign and the currency signs."""

    decimal: str
    currencies: tuple[str, ...]
    decimals: int  # most digits after the decimal sign
    told: bool  # whether the user or some value said which decimal sign it is

    @property
    def kind(self) -> str:
        """SQL type that holds all its numbers below a trillion."""
        if self.decimals > _EXPONENT_DECIMALS:
            return _FINEST
        return PLAIN if self.decimals < _EXPONENT_DECIMALS else _FINE


def find_number_format(
    columns: Mapping[str, Sequence[Shape]], shown: str, *, decimal: str | None = None
) -> tuple[NumberFormat, list[Finding]]:
    """Return how the numbers of a file are written, settled over all its columns of numbers.

    A comma or point is the decimal sign if some value allows nothing else (12,5 or 0,125); a value
    such as 1,234 alone allows both, and then the file is refused until the user says which.

    Parameters
    ----------
    columns : mapping of str to sequence of Shape
        Column's name in the file to the shapes of its values.
    shown : str
        The file's name in messages.
    decimal : str, optional
        "." or ",", as stated by the user.

    Returns
    -------
    format : NumberFormat
    findings : list of Finding
        One of level ``refused`` where the numbers cannot be read.
    """
    findings: list[Finding] = []
    votes = {POINT: 0, COMMA: 0}
    unclear: dict[str, int] = {}
    currencies: set[str] = set()
    for name, shapes in columns.items():
        for shape in shapes:
            body, sign = bare(shape.text)
            if sign:
                currencies.add(sign)
            fits = [mark for mark in (POINT, COMMA) if fits_number(body, mark, shape.zero)]
            if len(fits) == 1:
                votes[fits[0]] += shape.rows
            elif len(fits) == 2 and re.search("[.,]", body):
                unclear[name] = unclear.get(name, 0) + shape.rows
    chosen = decimal or _chosen(votes, unclear)
    if decimal is None and votes[POINT] and votes[COMMA]:
        chosen = max(votes, key=votes.get)
        if min(votes.values()) * 200 > sum(votes.values()):
            findings.append(_mixed(shown, votes))
    elif chosen is None:
        findings.append(_ambiguous(shown, unclear))
    chosen = chosen or POINT
    if len(currencies) > 1:
        findings.append(_currencies(shown, sorted(currencies)))
    told = decimal is not None or any(votes.values())
    decimals = max(
        (_decimals(shape, chosen) for each in columns.values() for shape in each), default=0
    )
    return NumberFormat(chosen, tuple(sorted(currencies)), decimals, told), findings


def _decimals(shape: Shape, decimal: str) -> int:
    """Return how many digits a shape has after the decimal sign, 0 where it is no number."""
    body = bare(shape.text)[0]
    if not fits_number(body, decimal, shape.zero):
        return 0
    written = len(re.sub("[^9]", "", body.rsplit(decimal, 1)[1])) if decimal in body else 0
    return max(written, _EXPONENT_DECIMALS) if "e" in body else written


def _chosen(votes: Mapping[str, int], unclear: Mapping[str, int]) -> str | None:
    if votes[POINT] or votes[COMMA]:
        return POINT if votes[POINT] >= votes[COMMA] else COMMA
    return None if unclear else POINT


def bare(shape: str) -> tuple[str, str]:
    """Return a shape without its currency sign and negative marks, and the currency.

    Examples
    --------
    >>> bare("-¥9,999.99"), bare("(99.99)"), bare("99,99 eur"), bare("99.99-")
    (('9,999.99', '¥'), ('99.99', ''), ('99,99', 'EUR'), ('99.99', ''))
    """
    text = shape.strip().lower()
    found = ""
    for _ in range(2):
        text = text.strip(" ")
        if text.startswith("(") and text.endswith(")"):
            text = text[1:-1]
        text = text.removeprefix("-").removeprefix("+").removesuffix("-").strip(" ")
        for sign in _ORDERED_SIGNS:
            if text.startswith(sign) or text.endswith(sign):
                text, found = text.removeprefix(sign).removesuffix(sign), SIGNS[sign]
                break
    return text.strip(" ").removeprefix("-").strip(" "), found


def fits_number(body: str, decimal: str, zero: bool) -> bool:
    """Return whether a bare shape is a number where ``decimal`` is the decimal sign.

    Groups of thousands have three digits (the Indian way: two, and three at the end) and do not
    begin with a zero.

    Examples
    --------
    >>> [fits_number("9,999", mark, zero=False) for mark in ".,"]
    [True, True]
    >>> [fits_number("9,999", mark, zero=True) for mark in ".,"]
    [False, True]
    >>> [fits_number("99,99,999.99", mark, zero=False) for mark in ".,"]
    [True, False]
    """
    if re.fullmatch("9+", body):
        return True
    point = re.escape(decimal)
    if re.fullmatch(f"9*{point}9+|9+{point}(e[-+]?9+)?|9+({point}9+)?e[-+]?9+", body):
        return True
    groups = _THOUSANDS[decimal]
    grouped = f"9{{1,3}}({groups}999)+({point}9+)?|9{{1,2}}({groups}99)+{groups}999({point}9+)?"
    return not zero and re.fullmatch(grouped, body) is not None


def number_sql(text: str, form: NumberFormat, shapes: Sequence[Shape]) -> str:
    """Return the SQL for the number that a text writes, NULL where it writes none.

    Parameters
    ----------
    text : str
        SQL of the cleaned text.
    form : NumberFormat
    shapes : sequence of Shape
        Of the column. Those that are no numbers are read as none, though the engine might.

    Returns
    -------
    str
        Of the type ``form.kind``.
    """
    kind = form.kind
    written = "".join(shape.text.lower() for shape in shapes)
    body = f"lower({text})" if written.lower() != written.upper() else text
    for sign in sorted((s for s in SIGNS if SIGNS[s] in form.currencies), key=lambda s: -len(s)):
        body = f"replace({body}, {literal(sign)}, '')"
    for sign in _THOUSANDS[form.decimal].strip("[]"):
        if sign in written:
            body = f"replace({body}, {literal(sign)}, '')"
    if form.decimal != POINT:
        body = f"replace({body}, {literal(form.decimal)}, '.')"
    number = f"TRY_CAST({body} AS {kind})"
    if "(" in written or any(re.search("9.*-", shape.text) for shape in shapes):
        negative = f"({body} LIKE '%(%)' OR {body} LIKE '%-')"
        inner = f"trim({body}, '()-')"
        number = f"CASE WHEN {negative} THEN -TRY_CAST({inner} AS {kind}) ELSE {number} END"
    conditions = _refused(text, form, shapes)
    return f"CASE WHEN {' AND '.join(conditions)} THEN {number} END" if conditions else number


def _refused(text: str, form: NumberFormat, shapes: Sequence[Shape]) -> list[str]:
    """Return the SQL conditions that leave out what has the shape of no number."""

    def listed(zero: bool, fits: bool) -> str:
        same = (s.text for s in shapes if fits_number(bare(s.text)[0], form.decimal, zero) is fits)
        return ", ".join(map(literal, sorted(set(same)))) or "''"

    shape = f"translate({text}, '012345678', '999999999')"
    conditions = []
    if len(shapes) >= MOST_SHAPES:
        conditions.append(f"{shape} IN ({listed(zero=False, fits=True)})")
    elif listed(zero=False, fits=False) != "''":
        conditions.append(f"{shape} NOT IN ({listed(zero=False, fits=False)})")
    if any(s.zero and not fits_number(bare(s.text)[0], form.decimal, zero=True) for s in shapes):
        zero = f"regexp_matches({text}, {literal(FIRST_ZERO)})"
        conditions.append(f"NOT ({zero} AND {shape} IN ({listed(zero=True, fits=False)}))")
    return conditions


def _mixed(shown: str, votes: Mapping[str, int]) -> Finding:
    return Finding(
        "number-mixed",
        REFUSED,
        shown,
        f"{votes[POINT]:,} numbers have a decimal point and {votes[COMMA]:,} a decimal comma.",
        "read by one rule, the others become a hundred times too large, or are lost.",
        "export all rows under one locale; or read the parts as files of their own.",
    )


def _ambiguous(shown: str, unclear: Mapping[str, int]) -> Finding:
    listed = ", ".join(f'"{name[:40]}"' for name in unclear)
    return Finding(
        "number-ambiguous",
        REFUSED,
        shown,
        f"in {listed} {sum(unclear.values()):,} numbers are written like 1,234 or 1.234, and no "
        "value tells whether the sign divides thousands or decimals.",
        "every amount would be a thousand times too large or too small.",
        f'read_transactions("{shown}", decimal=".") if 1,234 is more than a thousand, '
        'decimal="," if 1,234 is a little more than one.',
    )


def _currencies(shown: str, signs: Sequence[str]) -> Finding:
    return Finding(
        "currency-mixed",
        REFUSED,
        shown,
        f"amounts carry the signs of {len(signs)} currencies: {', '.join(signs)}.",
        "a sum over two currencies is no amount of anything.",
        "split the file by currency, or convert it first.",
    )


def unread_numbers(name: str, shown: str, bad: int, rows: int, places: Sequence[int]) -> Finding:
    """Return the warning about numbers that were set aside."""
    return Finding(
        "number-unreadable",
        WARNING,
        f'{shown}, column "{name[:40]}"',
        f"{share(bad, rows)} rows write no number below a trillion there; they were set aside.",
        "such a row counted as zero, or left out without a word, changes every sum.",
        "look at these rows in the file; rejected_to=... writes them out.",
        rows=bad,
        places=tuple(places),
    )
