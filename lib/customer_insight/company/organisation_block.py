"""One block of organisations with all that they ordered, and its tables."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.baskets import Goods, Lines
from customer_insight.company.contacts import (
    ROLES,
    Contacts,
    contact_ids,
    contact_table,
    draw_contacts,
)
from customer_insight.company.content import content
from customer_insight.company.credit import CLASSES, GRADES, UNGRADED, YEARS, Credit, draw_credit
from customer_insight.company.draws import Draws
from customer_insight.company.group_baskets import draw_group_baskets
from customer_insight.company.group_orders import (
    REASONS,
    Demand,
    GroupOrders,
    daily_chance,
    draw_demand,
    draw_group_orders,
)
from customer_insight.company.habits import NEVER
from customer_insight.company.ids import block_ids
from customer_insight.company.invoices import Payments, draw_payments, invoice_table
from customer_insight.company.order_tables import line_table
from customer_insight.company.organisations import (
    Organisations,
    check_block,
    dates,
    draw_organisations,
    organisation_ids,
    organisation_table,
)
from customer_insight.company.places import Places
from customer_insight.company.truth_tables import rounded


@dataclass(frozen=True)
class OrganisationBlock:
    """A block of organisations, numbered from 0, their contacts, orders and payments.

    ``lines.order`` and the rows of ``payments`` are places in ``orders``.
    """

    number: int
    organisations: Organisations
    contacts: Contacts
    credit: Credit
    demand: Demand
    orders: GroupOrders
    lines: Lines
    payments: Payments

    def __len__(self) -> int:
        return len(self.organisations)

    @property
    def amount(self) -> np.ndarray:
        """Fen to pay for each order, shape (orders,)."""
        return _amounts(self.lines, len(self.orders.day))


def draw_organisation_block(
    number: int, size: int, places: Places, goods: Goods, draws: Draws
) -> OrganisationBlock:
    """Return a block of organisations and all that they ordered in the company's three years.

    Parameters
    ----------
    number : int
        Of the block, not negative; it names the streams.
    size : int
        Organisations in it, from 0 to `organisations.ORGANISATIONS`.
    places : Places
        Cities and shops.
    goods : Goods
        What can be bought.
    draws : Draws
        Of the company.

    Returns
    -------
    OrganisationBlock

    Raises
    ------
    ValueError
        If the size is not possible, or ids would need more digits than they have.
    """
    check_block(number, size)
    draws = draws.within(number)
    organisations = draw_organisations(size, places, draws)
    contacts = draw_contacts(organisations, draws)
    credit = draw_credit(organisations, draws)
    demand = draw_demand(organisations, contacts, credit, draws)
    tier = places.tier[organisations.city]
    orders = draw_group_orders(organisations, contacts, demand, draws, tier=tier)
    lines = draw_group_baskets(organisations, orders, goods, draws)
    payments = draw_payments(orders, _amounts(lines, len(orders.day)), credit, draws)
    return OrganisationBlock(
        number, organisations, contacts, credit, demand, orders, lines, payments
    )


def organisation_tables(
    block: OrganisationBlock, places: Places, goods: Goods, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the tables of a block of organisations.

    Parameters
    ----------
    block : OrganisationBlock
        Organisations and what they ordered.
    places : Places
        Cities.
    goods : Goods
        The articles.
    draws : Draws
        Of the company: names and addresses are drawn here.

    Returns
    -------
    dict of str to polars.DataFrame
        ``organisations``, ``contacts``, ``orders``, ``order_lines``, ``invoices`` and
        ``truth_organisations``; columns as the catalogue states.
    """
    own = draws.within(block.number)
    ids = block_ids("G", block.number, np.arange(len(block.orders.day)))
    return {
        "organisations": _organisations(block, places),
        "contacts": contact_table(block.contacts, block.organisations, own, block.number),
        "orders": _orders(block, ids),
        "order_lines": line_table(block.lines, goods, ids),
        "invoices": invoice_table(block.orders, block.amount, block.payments, block.number),
        "truth_organisations": _truth(block),
    }


def _amounts(lines: Lines, orders: int) -> np.ndarray:
    return np.bincount(lines.order, lines.amount, minlength=orders).astype(np.int64)


def _organisations(block: OrganisationBlock, places: Places) -> pl.DataFrame:
    credit, table = block.credit, organisation_table(block.organisations, block.number, places)
    grade = np.where(credit.grade == UNGRADED, len(GRADES), credit.grade)
    return table.with_columns(
        agency_grade=pl.Series([*GRADES, None]).gather(grade),
        credit_limit=pl.Series(credit.limit),
        payment_terms=pl.Series(credit.terms),
    )


def _orders(block: OrganisationBlock, ids: pl.Series) -> pl.DataFrame:
    orders = block.orders
    seconds = ((orders.day + calendar.FIRST_DAY) * 1440 + orders.minute) * 60
    return pl.DataFrame(
        {
            "order_id": ids,
            "customer_id": organisation_ids(block.number, orders.organisation),
            "side": np.full(len(orders.day), "organisation"),
            "ordered_at": pl.Series(seconds * 1_000_000).cast(pl.Datetime("us")),
            "channel": np.where(orders.sales, "sales", "phone"),
            "shop_id": pl.Series([None] * len(orders.day), dtype=pl.String),
            "promised_on": dates(orders.promised),
            "delivered_on": dates(orders.delivered),
            "contact_id": contact_ids(block.number, orders.organisation, orders.contact),
        }
    )


def _truth(block: OrganisationBlock) -> pl.DataFrame:
    organisations, credit, demand = block.organisations, block.credit, block.demand
    every, size = np.arange(len(block)), len(block)
    decider, last = np.full(size, ROLES.index("decider")), np.full(size, calendar.DAYS - 1)
    kinds = content("organisation_kinds")
    chance = daily_chance(organisations, demand, slice(*calendar.year_bounds(calendar.YEARS[-1])))
    gone = demand.left < NEVER
    reasons = pl.Series([*REASONS, None])
    return pl.DataFrame(
        {
            "customer_id": organisation_ids(block.number, every),
            "broad_class": kinds["broad_class"].gather(organisations.kind),
            "payment_class": np.array(CLASSES)[credit.payment_class],
            "late_share": rounded(credit.late),
            **{f"default_{year}": rounded(credit.default[:, at]) for at, year in enumerate(YEARS)},
            "failed_on": dates(np.where(credit.failed < NEVER, credit.failed, -1)),
            "decider_id": contact_ids(
                block.number, every, block.contacts.holder(every, decider, last)
            ),
            "buyer_decides": block.contacts.roles[:, 0, ROLES.index("buyer")],
            "orders_a_year": rounded(np.cumsum(chance, axis=1)[:, -1]),
            "leaves_a_day": rounded(demand.leaving),
            "left_on": dates(np.where(gone, demand.left, -1)),
            "left_because": reasons.gather(np.where(gone, demand.reason, len(REASONS))),
        }
    )
