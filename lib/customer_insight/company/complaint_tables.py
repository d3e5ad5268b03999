"""The table ``complaints`` with its truth, and the errors planted in it."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods
from customer_insight.company.complaints import (
    CHANNELS,
    OUTCOMES,
    Complaints,
    draw_complaints,
    first_kind,
)
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.feelings import Feelings
from customer_insight.company.ids import block_ids, customer_ids, order_ids
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.text_errors import Planted, planted
from customer_insight.company.text_times import MINUTES, timestamps
from customer_insight.company.texts import Texts, write_texts
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class _Rows:
    """Rows of the table: places among the complaints, minutes later, and where each first stands.

    ``later`` is above 0 for a complaint that is entered a second time.
    """

    place: np.ndarray
    later: np.ndarray
    row_of: np.ndarray


def complaint_tables(
    block: PeopleBlock, feelings: Feelings, goods: Goods, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the complaints and suggestions of a block of people and the truth about them.

    Parameters
    ----------
    block : PeopleBlock
        People, what they bought and where it hurt.
    feelings : Feelings
        Of the same people.
    goods : Goods
        The articles.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``complaints``, one row a complaint in the order of time, no ticket given (`link_tickets`
        does that); ``truth_texts``, ``truth_aspects`` and ``truth_errors`` of the complaints;
        columns as the catalogue states.
    """
    own = draws.within(block.number)
    drawn = draw_complaints(block, feelings, goods, draws)
    texts = write_texts(drawn.drafts, block, goods, "complaints", draws)
    rows = _rows(drawn.received, own)
    ids = block_ids("CP", block.number, np.arange(len(rows.place)))
    table = _table(block, drawn, texts, rows, ids=ids, own=own)
    copies = np.flatnonzero(rows.later > 0)
    twice = planted(
        Planted("complaints", "complaint_id", "entered_twice"),
        ids.gather(copies),
        ids.gather(rows.row_of[rows.place[copies]]),
    )
    table, slow = _slow_clock(table)
    table, lost = _lost_orders(table, block.purchases.outcomes.severity[_orders(drawn, rows)], own)
    spoken = pl.DataFrame({"text": rows.place, "text_id": ids})
    return {
        "complaints": table,
        "truth_texts": texts.truth.select(pl.all().gather(rows.place)).insert_column(
            0, ids.alias("text_id")
        ),
        "truth_aspects": spoken.join(
            texts.aspects, on="text", how="inner", maintain_order="left_right"
        ).drop("text"),
        "truth_errors": pl.concat([twice, slow, lost]),
    }


def link_tickets(complaints: pl.DataFrame, tickets: pl.DataFrame) -> pl.DataFrame:
    """Return the complaints with the ticket that was opened for the same order before.

    Parameters
    ----------
    complaints : polars.DataFrame
        As `complaint_tables` gives them.
    tickets : polars.DataFrame
        ``ticket_id``, ``order_id``, ``opened_at``.

    Returns
    -------
    polars.DataFrame
        ``ticket_id`` is the last ticket of the order opened by then, missing where there is none.
    """
    known = tickets.filter(pl.col("order_id").is_not_null()).sort("opened_at", "ticket_id")
    linked = (
        complaints.select("complaint_id", "order_id", "received_at")
        .join(known.select("ticket_id", "order_id", "opened_at"), on="order_id")
        .filter(pl.col("opened_at") <= pl.col("received_at"))
        .sort("opened_at", "ticket_id")
        .group_by("complaint_id", maintain_order=True)
        .agg(pl.col("ticket_id").last())
    )
    return complaints.drop("ticket_id").join(
        linked, on="complaint_id", how="left", maintain_order="left"
    )


def _rows(received: np.ndarray, own: Draws) -> _Rows:
    """Return the rows in the order of time, some complaints standing twice."""
    facts, size = mechanism("text_errors"), len(received)
    low, high = facts["twice_minutes"]
    later = own.of("complaints", "twice_minutes").whole(low, high + 1, size)
    twice = own.of("complaints", "twice").chance(facts["twice"], size=size)
    twice &= received + later < calendar.DAYS * MINUTES
    place = np.concatenate([np.arange(size), np.flatnonzero(twice)])
    later = np.concatenate([np.zeros(size, dtype=np.int64), later[twice]])
    order = np.argsort(received[place] + later, kind="stable")
    row_of = np.empty(len(order), dtype=np.int64)
    row_of[order] = np.arange(len(order))
    return _Rows(place[order], later[order], row_of[:size])


def _orders(drawn: Complaints, rows: _Rows) -> np.ndarray:
    return drawn.drafts.order[rows.place]


def _table(
    block: PeopleBlock, drawn: Complaints, texts: Texts, rows: _Rows, *, ids: pl.Series, own: Draws
) -> pl.DataFrame:
    """Return the table as it would be without errors other than double entries."""
    at, order = rows.place, _orders(drawn, rows)
    repeats = drawn.repeats[at]
    nothing = pl.Series(repeats < 0)
    frame = pl.DataFrame(
        {
            "complaint_id": ids,
            "customer_id": customer_ids(block.number, block.purchases.person[order]),
            "order_id": order_ids(block.number, order),
            "ticket_id": pl.Series([None] * len(at), dtype=pl.String),
            "kind": np.where(drawn.drafts.suggests[at], "suggestion", "complaint"),
            "received_at": timestamps(drawn.received[at] + rows.later),
            "channel": pl.Series(CHANNELS).gather(drawn.channel[at]),
            "language": texts.language.gather(at),
            "text": texts.text.gather(at),
            "root_cause": _causes(drawn, own).gather(at),
            "first_answered_at": timestamps(drawn.answered[at]),
            "fixed_at": timestamps(drawn.fixed[at]),
            "called_back_at": timestamps(drawn.called[at]),
            "resolution": pl.Series(OUTCOMES).gather(drawn.outcome[at]),
            "compensation": drawn.paid[at],
            "repeat_of": ids.gather(rows.row_of[np.maximum(repeats, 0)]) if len(at) else ids,
        }
    )
    return frame.with_columns(pl.when(~nothing).then("repeat_of").alias("repeat_of"))


def _causes(drawn: Complaints, own: Draws) -> pl.Series:
    """Return the cause that staff note, by the first kind of pain spoken of."""
    weights = mechanism("complaints")["causes"]
    names = [name for causes in weights.values() for name in causes]
    edges = row_edges([[causes.get(name, 0) for name in names] for causes in weights.values()])
    kind = first_kind(drawn.drafts.pains)
    cause = own.of("complaints", "cause").pick_by_row(edges, kind)
    return pl.Series(names).gather(np.where(drawn.batch, names.index("batch"), cause))


def _slow_clock(table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the table with the chat's times shifted in the days of the slow clock."""
    facts = mechanism("text_errors")
    first, last = facts["clock"]
    slow = (pl.col("channel") == "chat") & pl.col("received_at").dt.date().is_between(first, last)
    wrong = table.filter(slow)
    shifted = pl.col("received_at") + pl.duration(minutes=facts["clock_minutes"])
    return table.with_columns(
        pl.when(slow).then(shifted).otherwise("received_at").alias("received_at")
    ), planted(
        Planted("complaints", "received_at", "clock_shift"),
        wrong["complaint_id"],
        wrong["received_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
    )


def _lost_orders(
    table: pl.DataFrame, severity: np.ndarray, own: Draws
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the table without the orders that agents on the phone did not ask for."""
    chance = np.array([0.0, *mechanism("text_errors")["no_order"]])[severity]
    phone = (table["channel"] == "phone").to_numpy()
    lost = pl.Series(own.of("complaints", "no_order").chance(chance * phone))
    wrong = table.filter(lost)
    return table.with_columns(pl.when(~lost).then("order_id").alias("order_id")), planted(
        Planted("complaints", "order_id", "not_asked_for"), wrong["complaint_id"], wrong["order_id"]
    )
