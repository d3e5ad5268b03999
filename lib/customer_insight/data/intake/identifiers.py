"""Ids as text: what of their writing is no part of them, and what looks lost."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from customer_insight.data.closed_query import literal
from customer_insight.data.intake.findings import NOTE, WARNING, Finding
from customer_insight.data.intake.shapes import BLANKS, INVISIBLE, plain_or

if TYPE_CHECKING:
    import duckdb

# What programs write for "nothing". NA is not among them: it can be an id, and readers lose it.
MARKS = ("null", "(null)", "\\n", "none", "nan", "nat", "<na>", "#n/a", "undefined")
_DOMINANT_SHARE, _DOMINANT_FROM = 0.1, 50


def id_text(column: str) -> str:
    """Return the SQL for an id without blanks around it, invisible signs and double writings.

    Parameters
    ----------
    column : str
        SQL of the text as it stands.

    Returns
    -------
    str
        Composed by Unicode's NFC, so that é is one sign; NULL where nothing is left.
    """
    blanks = literal(BLANKS + INVISIBLE)
    text = f"nfc_normalize(translate({column}, {blanks}, {literal(' ' * len(BLANKS))}))"
    return plain_or(column, f"nullif(trim({text}), '')")


def unquoted(text: str) -> str:
    """Return the SQL for an id without what table programs put around it to keep it text.

    They write ="00042" or '00042; some programs write 'x' where others write "x".
    """
    pattern = literal("^=\"(.*)\"$|^'(.*?)'?$")
    return f"nullif(trim(regexp_replace({text}, {pattern}, '\\1\\2')), '')"


def read_ids(
    connection: "duckdb.DuckDBPyConnection", where: str, missing_ids: Sequence[str]
) -> tuple[str, list[Finding]]:
    """Return how the column ``customer`` of the view ``raw`` is read, and what is odd about it.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
    where : str
        The column, as messages name it.
    missing_ids : sequence of str
        Ids that stand for "nobody", beside those that programs write.

    Returns
    -------
    sql : str
        SQL of the id, NULL where none is written.
    findings : list of Finding
    """
    marks = ", ".join(literal(mark.lower()) for mark in (*MARKS, *missing_ids))
    clean = id_text("customer")
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE ids AS
        SELECT was, id, lower(id) IN ({marks}) AS mark, n,
            id IS NOT NULL AND (was LIKE '="%"' OR was LIKE '''%') AS quotes FROM (
            SELECT customer AS was, {unquoted(clean)} AS id, n FROM
            (SELECT customer, count(*) AS n FROM raw
            WHERE customer IS NOT NULL GROUP BY customer))"""  # noqa: S608 - of our own making
    )
    facts = connection.execute(
        """SELECT coalesce(sum(n) FILTER (mark), 0),
            coalesce(sum(n) FILTER (NOT mark AND NOT quotes AND was <> id), 0),
            count(DISTINCT was) FILTER (NOT mark) - count(DISTINCT id) FILTER (NOT mark),
            count(DISTINCT id) FILTER (NOT mark),
            count(DISTINCT lower(id)) FILTER (NOT mark),
            count(DISTINCT replace(id, ' ', '')) FILTER (NOT mark),
            count(DISTINCT translate(id, '０１２３４５６７８９', '0123456789')) FILTER (NOT mark),
            count(DISTINCT ltrim(id, '0')) FILTER (NOT mark),
            coalesce(sum(n) FILTER (NOT mark AND regexp_full_match(id, '[0-9]+[.]0')), 0),
            coalesce(sum(n) FILTER (NOT mark AND regexp_full_match(id, '[0-9]+([.]0)?')), 0),
            coalesce(sum(n) FILTER
                (regexp_full_match(id, '[0-9]([.,][0-9]+)?[eE][+]?[0-9]{1,2}')), 0),
            coalesce(sum(n) FILTER (NOT mark AND upper(id) IN ('NA', 'N/A')), 0),
            coalesce(sum(n) FILTER
                (contains(id, chr(65533)) OR regexp_full_match(id, '[?]{2,}')), 0),
            coalesce(sum(n) FILTER (quotes), 0),
            coalesce(sum(n) FILTER (NOT mark), 0),
            coalesce(bool_and(id IS NOT DISTINCT FROM was AND NOT mark), true)
        FROM ids"""
    ).fetchone()
    (marked, changed, merged, ids, folded, joined, narrow, stripped) = facts[:8]
    (floats, digits, powers, na, lost, quotes, rows, plain) = facts[8:]
    findings = []
    if marked:
        findings.append(_marks(where, marked))
    if changed:
        findings.append(_cleaned(where, changed, merged))
    clean = unquoted(clean) if quotes else clean
    sql = "customer" if plain else f"CASE WHEN lower({clean}) NOT IN ({marks}) THEN {clean} END"
    if quotes:
        findings.append(_quoted(where, quotes))
    if lost:
        findings.append(_signs_lost(where, lost))
    if floats:
        if digits == rows:
            sql = f"regexp_replace({sql}, '[.]0$', '')"
        findings.append(_floats(where, floats, cut=digits == rows))
    if powers:
        findings.append(_powers(where, powers))
    if na:
        findings.append(_na(where, na))
    ways = {
        "in capital and small letters": folded,
        "in blanks inside": joined,
        "in the width of digits": narrow,
        "in leading zeros": stripped,
    }
    findings += [_alike(where, ids - n, how) for how, n in ways.items() if n < ids]
    largest = connection.execute("SELECT max(n) FROM ids WHERE NOT mark").fetchone()[0] or 0
    if ids >= _DOMINANT_FROM and largest > _DOMINANT_SHARE * rows:
        findings.append(_dominant(where, largest, rows))
    return sql, findings


def _marks(where: str, rows: int) -> Finding:
    return Finding(
        "id-missing-mark",
        WARNING,
        where,
        f"{rows:,} rows hold NULL, nan or another word that programs write for nothing (or one "
        "of missing_ids); they count as without a customer.",
        "taken for an id, that word would be the best customer of all.",
        "if it is an id in your business, rename it in the file.",
        rows=rows,
    )


def _cleaned(where: str, rows: int, merged: int) -> Finding:
    return Finding(
        "id-cleaned",
        WARNING if merged else NOTE,
        where,
        f"blanks around the id or invisible signs in it were taken off in {rows:,} rows; "
        f"{merged:,} ids that differed only so became one with another.",
        "one customer under two writings is two customers of half the worth." if merged else "",
        "mend them where they are entered." if merged else "",
        rows=rows,
    )


def _quoted(where: str, rows: int) -> Finding:
    return Finding(
        "id-quoted",
        WARNING,
        where,
        f"{rows:,} ids stand between single quotation marks, behind an apostrophe or as "
        '="..."; that was taken off.',
        "table programs write so to keep leading zeros; it is no part of the id.",
        "nothing, if no id begins so in your business.",
        rows=rows,
    )


def _signs_lost(where: str, rows: int) -> Finding:
    return Finding(
        "id-signs-lost",
        WARNING,
        where,
        f"{rows:,} ids hold signs that stand for lost ones (� or ??); they were kept.",
        "a program could not write the letters: different customers may have become one.",
        "export it again as UTF-8.",
        rows=rows,
    )


def _floats(where: str, rows: int, *, cut: bool) -> Finding:
    done = "it was taken off" if cut else "it was left, since other ids are no numbers"
    return Finding(
        "id-decimal",
        WARNING,
        where,
        f"{rows:,} ids end in .0, as numbers do that went through a table program; {done}.",
        "12345 and 12345.0 are two customers to every program that reads ids as text.",
        "export the column as text.",
        rows=rows,
    )


def _powers(where: str, rows: int) -> Finding:
    return Finding(
        "id-exponent",
        WARNING,
        where,
        f"{rows:,} ids look like 1E5 or 1.23457E+11, and were kept as they stand.",
        "a table program writes long numbers so, and the digits that it left out are lost: "
        "different customers may have become one.",
        "export again with the column as text, unless your ids really look so.",
        rows=rows,
    )


def _na(where: str, rows: int) -> Finding:
    return Finding(
        "id-na",
        WARNING,
        where,
        f"{rows:,} rows have the id NA or N/A, which was kept as an id.",
        "it may stand for nobody, and would then be one large customer.",
        'if it means nobody: missing_ids=["NA", "N/A"].',
        rows=rows,
    )


def _alike(where: str, count: int, how: str) -> Finding:
    return Finding(
        "id-alike",
        WARNING,
        where,
        f"{count:,} ids differ from another one only {how}; they were kept apart.",
        "if one program writes them so and another not, each is half a customer.",
        "settle on one writing in the file if they are the same.",
    )


def _dominant(where: str, largest: int, rows: int) -> Finding:
    return Finding(
        "id-dominant",
        WARNING,
        where,
        f"one id has {largest:,} of {rows:,} rows ({largest / rows:.0%}).",
        "a till's id for walk-in customers looks like this, and is no customer.",
        'if it stands for nobody: missing_ids=["..."].',
        rows=largest,
    )
