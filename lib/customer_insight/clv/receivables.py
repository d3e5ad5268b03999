"""What customers owe: invoices as they stood on a day, who paid late, and who defaulted."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from customer_insight.clv.discounting import DAYS_PER_YEAR
from customer_insight.clv.table_columns import check_ids, check_present, minor_units, table_with
from customer_insight.data.days import day_number
from customer_insight.stats.survival import kaplan_meier

if TYPE_CHECKING:
    import pandas as pd

Whole = NDArray[np.int64]
Array = NDArray[np.float64]

COLUMNS = ("invoice_id", "customer_id", "issued_on", "due_on", "amount", "paid_on", "paid_amount")
NEVER = np.iinfo(np.int64).max
# Basel Committee (2006), paragraph 452: more than 90 days past due on any material obligation.
DEFAULT_AFTER = 90
# A short payment over a quarrel is no default: more than this share must be missing.
MATERIAL = 0.3


@dataclass(frozen=True)
class Receivables:
    """Invoices issued up to a day, and what had been paid by then; nothing later is known.

    Attributes
    ----------
    customers : ndarray of object, shape (c,)
        Ids, sorted.
    who : ndarray of int, shape (n,)
        Place of each invoice's customer.
    issued, due, paid_on : ndarray of int, shape (n,)
        Days since 1970-01-01; ``paid_on`` is `NEVER` where no money has come in.
    amount, paid : ndarray of int, shape (n,)
        Minor units of one currency: invoiced, and paid so far.
    as_of : int
        The day, at its end.
    """

    customers: NDArray[np.object_]
    who: Whole
    issued: Whole
    due: Whole
    paid_on: Whole
    amount: Whole
    paid: Whole
    as_of: int

    @classmethod
    def read(cls, invoices: Any, *, as_of: dt.date | int) -> Self:
        """Read invoices as they stood on a day, or say what is wrong with them.

        Parameters
        ----------
        invoices : pandas or Polars frame
            One row an invoice: ``invoice_id``, ``customer_id``, dates ``issued_on``, ``due_on`` and
            ``paid_on`` (missing: no money yet), ``amount`` and ``paid_amount`` in minor units.
        as_of : datetime.date or int
            Invoices issued later are left out; money that came later counts as not paid.

        Returns
        -------
        Receivables

        Raises
        ------
        ValueError
            If a column is missing or bad, an invoice stands twice, is due or paid before it was
            issued, or none was issued by ``as_of``.

        Examples
        --------
        >>> from customer_insight import data
        >>> invoices = data.load("company_invoices", engine="polars")
        >>> book = Receivables.read(invoices, as_of=dt.date(2024, 12, 31))
        >>> late, due = book.late()
        >>> f"{late.sum()} of {due.sum()} invoices that have come due were late"
        '1458 of 5252 invoices that have come due were late'
        """
        table, last = table_with(invoices, "invoices", COLUMNS), day_number(as_of)
        check_ids(table, "invoice_id", "invoices")
        for column in ("customer_id", "issued_on", "due_on"):
            check_present(table, column, "invoices")
        issued, due, paid_on = (_days(table, name) for name in ("issued_on", "due_on", "paid_on"))
        amount = minor_units(table, "amount", "invoices", low=1)
        paid = minor_units(table, "paid_amount", "invoices", low=0)
        _refuse_impossible(issued, due, paid_on, amount, paid)
        known = issued <= last
        if not known.any():
            raise ValueError("invoices: none was issued by as_of. Check the day and the file.")
        ids = table["customer_id"].to_numpy()[known]
        customers, who = np.unique(ids, return_inverse=True)
        came = paid_on <= last
        paid_on, paid = np.where(came, paid_on, NEVER), np.where(came, paid, 0)
        columns = (column[known] for column in (issued, due, paid_on, amount, paid))
        return cls(customers, who, *columns, as_of=last)

    def late(self) -> tuple[Whole, Whole]:
        """Return for each customer how many invoices were paid late, and how many could have been.

        Of those that have come due, so that each is known to be late or not; those not yet due are
        left out even if they are paid, or lateness would look low. Late is an invoice on which no
        money had come in by its due day.

        Returns
        -------
        tuple of ndarray of int, shape (c,)
            Late invoices, invoices that have come due.
        """
        over = self.due <= self.as_of
        late = over & (self.paid_on > self.due)
        size = len(self.customers)
        return tuple(np.bincount(self.who[mask], minlength=size) for mask in (late, over))

    def payment_curve(self, *, confidence: float = 0.95) -> "pd.DataFrame":
        """Return the share of invoices on which no money has come in so many days past due.

        The product-limit estimate (Kaplan and Meier 1958): invoices still open at ``as_of`` count
        as long as they were watched, and neither as paid nor as lost. Those not yet due are left
        out, also if they are paid.

        Returns
        -------
        DataFrame
            As ``stats.kaplan_meier`` gives it; ``time`` is days past due, 0 for all paid by then.
            Invoices of one customer go together, so that the interval is too short.

        Raises
        ------
        ValueError
            If no invoice has come due, or none was paid.
        """
        over = self.due <= self.as_of
        watched = np.minimum(self.paid_on[over], self.as_of) - self.due[over]
        days, place = np.unique(np.maximum(watched, 0), return_inverse=True)
        paid = self.paid_on[over] < NEVER
        happened, not_yet = (
            np.bincount(place[mask], minlength=len(days)) for mask in (paid, ~paid)
        )
        return kaplan_meier(days, happened, not_yet, confidence=confidence)

    def first_default(self, *, days_past_due: int = DEFAULT_AFTER) -> Whole:
        """Return the day on which each customer first was so many days past due.

        An invoice defaults if on that day more than `MATERIAL` of it is missing.

        Parameters
        ----------
        days_past_due : int, default 90

        Returns
        -------
        ndarray of int, shape (c,)
            Days since 1970-01-01, `NEVER` if not by ``as_of``.
        """
        day = self.due + days_past_due
        bad = (day <= self.as_of) & (self.unpaid(day) > MATERIAL * self.amount)
        first = np.full(len(self.customers), NEVER)
        np.minimum.at(first, self.who[bad], day[bad])
        return first

    def years_at_risk(self, default: Whole, *, days_past_due: int = DEFAULT_AFTER) -> Array:
        """Return for how many years each customer could have been seen to default.

        From the first invoice to the default, or to the last day on which an invoice came due that
        has since had time to default. Invoices too young for that add nothing.

        Returns
        -------
        ndarray of float, shape (c,)
            Years of 365.25 days.
        """
        size, ripe = len(self.customers), self.due + days_past_due <= self.as_of
        start, end = np.full(size, NEVER), np.zeros(size, np.int64)
        np.minimum.at(start, self.who[ripe], self.issued[ripe])
        np.maximum.at(end, self.who[ripe], self.due[ripe] + days_past_due)
        end = np.minimum(end, default) - days_past_due
        return np.maximum(end - np.minimum(start, end), 0) / DAYS_PER_YEAR

    def unpaid(self, day: Whole | int) -> Whole:
        """Return what of each invoice is missing at the end of a day, in minor units."""
        return self.amount - np.where(self.paid_on <= day, self.paid, 0)

    def owed(self, day: Whole) -> tuple[Whole, Whole]:
        """Return what each customer owed at the end of a day, and what of it has come in since.

        Parameters
        ----------
        day : ndarray of int, shape (c,)
            One day a customer; `NEVER` where there is none.

        Returns
        -------
        tuple of ndarray of int, shape (c,)
            Minor units; 0 where there is no day.
        """
        its_day = day[self.who]
        open_then = (self.issued <= its_day) & (its_day < NEVER)
        owed = np.where(open_then, self.unpaid(its_day), 0)
        since = np.where(open_then & (self.paid_on > its_day), self.paid, 0)
        return self._total(owed), self._total(since)

    def mean_owed(self, *, days: int = 365, days_past_due: int = DEFAULT_AFTER) -> Array:
        """Return what each customer owed on an average day of those up to ``as_of``.

        What is so many days past due is left out: it is in default, and no longer a risk to come.

        Returns
        -------
        ndarray of float, shape (c,)
            Minor units.
        """
        end, start = np.minimum(self.due + days_past_due, self.as_of), self.as_of - days
        begin = np.maximum(self.issued, start)
        settled = np.clip(self.paid_on, begin, np.maximum(end, begin))
        before, after = settled - begin, np.maximum(end - settled, 0)
        return self._total(self.amount * before + (self.amount - self.paid) * after) / days

    def in_default(self, *, days_past_due: int = DEFAULT_AFTER) -> Whole:
        """Return what each customer owes on invoices so many days past due, also written off.

        Returns
        -------
        ndarray of int, shape (c,)
            Minor units.
        """
        over = self.due + days_past_due <= self.as_of
        return self._total(np.where(over, self.unpaid(self.as_of), 0))

    def _total(self, amounts: Whole) -> Whole:
        total = np.zeros(len(self.customers), np.int64)
        np.add.at(total, self.who, amounts)
        return total


def _days(table: Any, column: str) -> Whole:
    values = table[column].to_numpy()
    if values.dtype.kind != "M":
        if not table[column].is_null().all():
            raise ValueError(
                f"invoices: {column} holds {table[column].dtype}, and must hold dates. Read the "
                "file with its date format first."
            )
        return np.full(len(table), NEVER)
    missing = np.isnat(values)
    return np.where(missing, NEVER, values.astype("datetime64[D]").astype(np.int64))


def _refuse_impossible(
    issued: Whole, due: Whole, paid_on: Whole, amount: Whole, paid: Whole
) -> None:
    faults = [
        (due < issued, "are due before they were issued"),
        (paid_on < issued, "are paid before they were issued"),
        (paid > amount, "are paid above their amount"),
        ((paid > 0) != (paid_on < NEVER), "have money without a day, or a day without money"),
    ]
    lines = [f"{count:,} {what}" for bad, what in faults if (count := np.count_nonzero(bad))]
    if lines:
        raise ValueError(
            f"invoices: of {len(issued):,}, {'; '.join(lines)}. Lateness and losses would be "
            "wrong; mend or drop them, and report how many."
        )
