"""Invoices of organisations: issued, due, paid, paid late or in part, and written off."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.credit import CLASSES, Credit, downturn
from customer_insight.company.draws import Draws
from customer_insight.company.group_orders import GroupOrders
from customer_insight.company.habits import NEVER
from customer_insight.company.ids import block_ids
from customer_insight.company.organisations import dates, organisation_ids
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Payments:
    """What became of invoices in the end, arrays of shape (invoices,).

    ``due`` and ``paid`` are days counted from the company's first, ``paid`` `NEVER` where nothing
    comes in; ``part`` is fen paid.
    """

    due: np.ndarray
    paid: np.ndarray
    part: np.ndarray


def draw_payments(
    orders: GroupOrders, amount: np.ndarray, credit: Credit, draws: Draws
) -> Payments:
    """Return when and how far the invoice of each order is paid, after the last day, too.

    Parameters
    ----------
    orders : GroupOrders
        Of the block; each has one invoice, issued on its day.
    amount : numpy.ndarray of int, shape (orders,)
        Fen.
    credit : Credit
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    Payments
    """
    who, payer = orders.organisation, credit.payment_class[orders.organisation]
    due = orders.day + credit.terms[who]
    paid = _planned(orders, due, credit, draws)
    short = draws.of("invoices", "short").chance(_by_class("short_paid")[payer])
    part = amount * _thousandths("short_part", len(who), draws) // 1000
    part = np.where(short, part, amount)
    lost = paid >= credit.failed[who]
    saved, saved_on = _recovered(amount, credit.failed[who], draws)
    return Payments(due, np.where(lost, saved_on, paid), np.where(lost, saved, part))


def invoice_table(
    orders: GroupOrders, amount: np.ndarray, payments: Payments, block: int
) -> pl.DataFrame:
    """Return the invoices as they stand on the last day of the data.

    Parameters
    ----------
    orders : GroupOrders
        Of the block.
    amount : numpy.ndarray of int, shape (orders,)
        Fen.
    payments : Payments
        As `draw_payments` gives them.
    block : int
        Number of the block.

    Returns
    -------
    polars.DataFrame
        One row an invoice; columns as the catalogue states.
    """
    last = calendar.DAYS - 1
    came = payments.paid <= last
    part = np.where(came, payments.part, 0)
    write_off = payments.due + mechanism("invoices")["written_off_after"]
    lost = (write_off <= last) & (part < amount)
    places = np.arange(len(amount))
    return pl.DataFrame(
        {
            "invoice_id": block_ids("I", block, places),
            "order_id": block_ids("G", block, places),
            "customer_id": organisation_ids(block, orders.organisation),
            "issued_on": dates(orders.day),
            "due_on": dates(payments.due),
            "amount": amount,
            "paid_on": dates(np.where(came, payments.paid, -1)),
            "paid_amount": part,
            "written_off_on": dates(np.where(lost, write_off, -1)),
            "state": _states(part, amount, lost),
        }
    )


def _states(part: np.ndarray, amount: np.ndarray, lost: np.ndarray) -> np.ndarray:
    return np.select(
        [part == amount, lost, part > 0], ["paid", "written_off", "partial"], default="open"
    )


def _planned(orders: GroupOrders, due: np.ndarray, credit: Credit, draws: Draws) -> np.ndarray:
    """Return the day of payment if nobody failed: some days early, or late by the class."""
    facts, hard, who = mechanism("invoices"), downturn(due), orders.organisation
    late = credit.late[who]
    late = np.where(hard, late + (1 - late) * mechanism("credit")["downturn_late"], late)
    early = draws.of("invoices", "early").geometric(
        np.full(len(who), 1 / (1 + facts["days_early"]))
    )
    mean = _by_class("days_late")[credit.payment_class[who]]
    mean = np.where(hard, mean * facts["downturn_days"], mean)
    after = 1 + draws.of("invoices", "days_late").geometric(1 / mean)
    is_late = draws.of("invoices", "late").chance(late)
    return np.where(is_late, due + after, np.maximum(due - early, orders.day))


def _recovered(
    amount: np.ndarray, failed: np.ndarray, draws: Draws
) -> tuple[np.ndarray, np.ndarray]:
    """Return what still comes in of a lost invoice, and when."""
    facts, size = mechanism("invoices"), len(amount)
    some = draws.of("invoices", "recovers").chance(facts["recovers"], size)
    first, last = facts["recovery_days"]
    wait = draws.of("invoices", "recovery_days").whole(first, last + 1, size)
    part = amount * _thousandths("recovered_part", size, draws) // 1000
    return np.where(some, part, 0), np.where(some, failed + wait, NEVER)


def _thousandths(what: str, size: int, draws: Draws) -> np.ndarray:
    low, high = mechanism("invoices")[what]
    return draws.of("invoices", what).whole(low, high + 1, size)


def _by_class(what: str) -> np.ndarray:
    values = mechanism("invoices")[what]
    return np.array([values[name] for name in CLASSES], dtype=float)
