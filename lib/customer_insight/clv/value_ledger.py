"""The value of each customer as a ledger: what was, what is, what may come, each line once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import inf
from typing import TYPE_CHECKING, Any

from customer_insight.clv.discounting import check_discount
from customer_insight.clv.value_line import ValueLine, described, line_values
from customer_insight.data.days import EPOCH, day_number
from customer_insight.data.time_units import horizon_days

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ValueLedger:
    """The value of each customer on one day, line by line.

    Attributes
    ----------
    table : pandas.DataFrame
        One row a customer, as given: ``customer_id``, a column for each line, and ``value``, their
        sum, minor units.
    lines : pandas.DataFrame
        One row a line: ``line``, ``stream``, ``kind``, ``part`` ("historical", "current",
        "potential"), ``term`` ("past", "near", "long"), ``first_day``, ``last_day`` (dates as text;
        "" without an end), ``discount_per_year`` (0 for what is booked), ``total``.
    currency : str
        Code, such as "CNY"; amounts are in its minor unit.
    as_of : datetime.date
        The day on which value is taken.
    near : str
        How far the near term reaches.
    discount_per_year : float
        Effective yearly rate by which lines after ``as_of`` were discounted.
    """

    table: "pd.DataFrame"
    lines: "pd.DataFrame"
    currency: str
    as_of: dt.date
    near: str
    discount_per_year: float

    def totals(self, by: str) -> dict[str, float]:
        """Return the total value by "part", "term", "kind" or "stream", minor units.

        Raises
        ------
        ValueError
            If ``by`` is none of them.
        """
        if by not in ("part", "term", "kind", "stream"):
            raise ValueError(f"by is {by!r}, and must be 'part', 'term', 'kind' or 'stream'.")
        return self.lines.groupby(by, sort=False)["total"].sum().to_dict()

    def reconciliation(
        self, accounts: Mapping[str, int], unallocated: Mapping[str, int]
    ) -> "pd.DataFrame":
        """Set the booked lines beside the company's accounts.

        Parameters
        ----------
        accounts : mapping of str to int
            By booked line, the company's profit in its span, minor units.
        unallocated : mapping of str to int
            By booked line, the part of it that belongs to no customer of the ledger.

        Returns
        -------
        pandas.DataFrame
            One row a booked line: ``line``, ``customers``, ``unallocated``, ``accounts``,
            ``difference`` (0 where the ledger adds up).

        Raises
        ------
        ValueError
            If a booked line is missing from either, or another is named.
        """
        import pandas as pd

        booked = self.lines[self.lines["term"] == "past"]
        for given, name in ((accounts, "accounts"), (unallocated, "unallocated")):
            if set(given) != set(booked["line"]):
                raise ValueError(
                    f"{name} names {', '.join(given) or 'nothing'}, and the booked lines are "
                    f"{', '.join(booked['line']) or 'none'}. Give each of them; what may come is "
                    "in no account."
                )
        rows = [
            (line, int(self.table[line].sum()), int(unallocated[line]), int(accounts[line]))
            for line in booked["line"]
        ]
        table = pd.DataFrame(rows, columns=["line", "customers", "unallocated", "accounts"])
        return table.assign(
            difference=table["customers"] + table["unallocated"] - table["accounts"]
        )


def value_ledger(
    customer_ids: Sequence[str],
    lines: Sequence[ValueLine],
    *,
    as_of: dt.date | int,
    current_from: dt.date | int,
    near: str,
    discount_per_year: float,
    currency: str,
) -> ValueLedger:
    """Return the value of each customer: historical, current and potential, near and long term.

    A line's days say what it is: up to the day before ``current_from`` it is historical, from there
    to ``as_of`` current, after that potential; potential is near up to the end of ``near`` and long
    beyond. A line across a border is refused, and so are two lines of one stream that share days:
    each piece of value stands in the ledger once.

    Parameters
    ----------
    customer_ids : sequence of str, shape (n,)
        Each once.
    lines : sequence of ValueLine
        In the order of the columns.
    as_of : datetime.date or int
        The day on which value is taken.
    current_from : datetime.date or int
        First day of the current period, which ends on ``as_of``.
    near : str
        Length of the near term, such as "52 weeks".
    discount_per_year : float
        Effective yearly rate by which potential lines were discounted to ``as_of``.
    currency : str
        Code, such as "CNY".

    Returns
    -------
    ValueLedger

    Raises
    ------
    ValueError
        If ids stand twice, a line has no name of its own, another length, gaps, an unknown kind,
        crosses a border or shares days with its stream, or a booked line is implicit or holds
        fractions.

    Notes
    -----
    The sum over parts mixes money that is in the bank with money that may come. Decide on the
    potential alone; what is past is the same whatever is decided.

    Examples
    --------
    >>> lines = [
    ...     ValueLine("profit_2024", "own_purchases", "explicit", 19723, 20088, [9000, -200]),
    ...     ValueLine("next_year", "own_purchases", "explicit", 20089, 20452, [4100.5, 310.0]),
    ...     ValueLine("referrals", "referral", "implicit", 20089, 20452, [700.0, 0.0]),
    ... ]
    >>> ledger = value_ledger(
    ...     ["00042", "00077"], lines, as_of=20088, current_from=19723, near="52 weeks",
    ...     discount_per_year=0.10, currency="CNY",
    ... )
    >>> ledger.table["value"].tolist(), ledger.totals("part")
    ([13800.5, 110.0], {'current': 8800.0, 'potential': 5110.5})
    """
    import pandas as pd

    day, start = day_number(as_of), day_number(current_from, name="current_from")
    if start > day:
        raise ValueError("current_from lies after as_of: the current period ends on as_of.")
    rate, borders = check_discount(discount_per_year), (start, day, day + horizon_days(near))
    ids = _ids(customer_ids)
    columns = {line.name: line_values(line, len(ids), day) for line in lines}
    if len(columns) != len(lines) or {"customer_id", "value"} & columns.keys():
        raise ValueError("two lines have one name, or one is called customer_id or value.")
    rows = [described(line, columns[line.name], borders, rate) for line in lines]
    _check_streams(rows)
    table = pd.DataFrame({"customer_id": ids, **columns})
    return ValueLedger(
        table=table.assign(value=table[list(columns)].sum(axis=1)),
        lines=pd.DataFrame(rows).assign(
            first_day=[_date(row["first_day"]) for row in rows],
            last_day=[_date(row["last_day"]) for row in rows],
        ),
        currency=currency,
        as_of=EPOCH + dt.timedelta(day),
        near=near,
        discount_per_year=rate,
    )


def _check_streams(rows: list[dict[str, Any]]) -> None:
    ordered = sorted(rows, key=lambda row: (row["stream"], row["first_day"]))
    for before, after in pairwise(ordered):
        if before["stream"] == after["stream"] and after["first_day"] <= before["last_day"]:
            raise ValueError(
                f"lines {before['line']!r} and {after['line']!r} are both of the stream "
                f"{after['stream']!r} and share days: that value would be counted twice."
            )


def _ids(customer_ids: Sequence[str]) -> "pd.Series":
    import pandas as pd

    ids = pd.Series(customer_ids, dtype="str").reset_index(drop=True)
    wrong = int(ids.isna().sum() + ids.duplicated().sum())
    if wrong:
        raise ValueError(
            f"customer_ids is missing or stands again in {wrong:,} of {len(ids):,} rows, and their "
            "value would be counted twice. Keep one row a customer."
        )
    return ids


def _date(day: float) -> str:
    return "" if day == inf else (EPOCH + dt.timedelta(int(day))).isoformat()
