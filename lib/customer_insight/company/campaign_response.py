"""What each member of a campaign would do in each of its arms: the potential outcomes."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.baskets import Goods
from customer_insight.company.campaign_plan import Campaign
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.feelings import Feelings
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Audience:
    """Who takes part in a campaign, arrays of shape (members,).

    ``person`` places within the block; ``segment`` and ``state`` places in their lists; ``care`` 0
    to 1; ``app`` has the app; ``own`` purchases on the campaign's pages unasked and ``later`` in
    the weeks after, both as means; ``typical`` fen an order.
    """

    person: np.ndarray
    segment: np.ndarray
    state: np.ndarray
    care: np.ndarray
    app: np.ndarray
    own: np.ndarray
    later: np.ndarray
    typical: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Responses:
    """The outcome of every member in every arm, arrays of shape (members, arms).

    ``chance`` of a response, ``expected`` and ``expected_later`` amounts in fen before any lot is
    drawn; then what the lots say: ``seen``, ``unasked`` (buys anyway), ``takes`` (buys for the
    message), and in fen ``amount``, ``offer_amount``, ``margin`` and ``later_amount``.
    """

    chance: np.ndarray
    expected: np.ndarray
    expected_later: np.ndarray
    seen: np.ndarray
    unasked: np.ndarray
    takes: np.ndarray
    amount: np.ndarray
    offer_amount: np.ndarray
    margin: np.ndarray
    later_amount: np.ndarray

    @property
    def responds(self) -> np.ndarray:
        """Who buys on the campaign's pages, for whatever reason."""
        return self.unasked | self.takes


def gather_audience(
    block: PeopleBlock,
    feelings: Feelings,
    app_user: np.ndarray,
    campaign: Campaign,
    person: np.ndarray,
) -> Audience:
    """Return what a campaign's outcomes lean on, as it was on the day before the start.

    Parameters
    ----------
    block : PeopleBlock
        The people and what they bought.
    feelings : Feelings
        Of the block.
    app_user : numpy.ndarray of bool, shape (people,)
        Who has the app.
    campaign : Campaign
        The campaign.
    person : numpy.ndarray of int, shape (members,)
        Places of the members within the block.

    Returns
    -------
    Audience
    """
    facts, bought, habits = mechanism("campaigns"), block.purchases, block.habits
    there = block.left[person] >= campaign.start
    hurt = np.zeros(len(block), dtype=bool)
    hurt[bought.person[bought.outcomes.leaves]] = True
    rate = habits.rate[person] / 365 * facts["share"] * np.where(there, 1.0, facts["gone"])
    return Audience(
        person=person,
        segment=habits.segment[person],
        state=np.where(there, 0, 1 + hurt[person]),
        care=feelings.care[person],
        app=app_user[person],
        own=rate * campaign.days,
        later=rate * facts["later_days"],
        typical=typical_amount(block, campaign.start)[person],
    )


def typical_amount(block: PeopleBlock, day: int) -> np.ndarray:
    """Return what everybody usually spent on an order before a day, in fen, shape (people,).

    The mean of one's own orders, drawn towards that of all.
    """
    bought, weight = block.purchases, mechanism("campaigns")["own_orders"]
    before = bought.day < day
    orders = np.bincount(bought.person[before], minlength=len(block))
    line = before[block.lines.order]
    payer = bought.person[block.lines.order[line]]
    paid = np.bincount(payer, block.lines.amount[line], minlength=len(block))
    general = int(block.lines.amount[line].sum()) / max(int(before.sum()), 1)
    return (paid + weight * general) / (orders + weight)


def draw_responses(campaign: Campaign, audience: Audience, goods: Goods, draws: Draws) -> Responses:
    """Return what everybody would do in every arm; all arms share a member's lots.

    A message is seen or not. Seen, it changes the rate of buying unasked and adds a chance to buy
    for it. Who buys for it may have pulled a later purchase forward.

    Parameters
    ----------
    campaign : Campaign
        The campaign.
    audience : Audience
        Its members.
    goods : Goods
        Prices and costs of what is offered.
    draws : Draws
        Of the block.

    Returns
    -------
    Responses
    """
    lots = _Lots(draws.within(campaign.start), len(audience))
    sees = seen_chance(campaign, audience)
    factor = campaign.by_segment("own_factor", 1.0).T[audience.segment]
    attention = _line(mechanism("campaigns")["attention"], audience.care)
    lift = campaign.by_segment("lift", 0.0).T[audience.segment]
    lift = lift * campaign.by_state().T[audience.state] * attention[:, None]
    lift = np.minimum(lift, mechanism("campaigns")["most"])
    quiet = 1 - exp(-audience.own)[:, None]
    moved = 1 - exp(-audience.own[:, None] * factor)
    later = 1 - exp(-audience.later)[:, None]
    seen = lots["seen"].uniform(len(audience))[:, None] < sees
    unasked = lots["unasked"].uniform(len(audience))[:, None] < np.where(seen, moved, quiet)
    takes = seen & (lots["takes"].uniform(len(audience))[:, None] < lift)
    pulled = lots["pulled"].uniform(len(audience))[:, None] < campaign.by_arm("pulled")
    comes = lots["later"].uniform(len(audience))[:, None] < later
    price, cost = _offer(campaign, goods, audience)
    cut = 1 - campaign.by_arm("discount") / 1000
    replaces = campaign.by_arm("cannibal")
    orders = 1 + audience.own
    expected = (
        audience.typical[:, None]
        * (
            (1 - sees) * quiet * orders[:, None]
            + sees * moved * orders[:, None] * cut * (1 - replaces * lift)
        )
        + sees * lift * price * cut
    )
    sizes = [lots.amount(what) for what in ("basket", "offer", "after")]
    count = 1 + lots["orders"].poisson(audience.own)
    whole = np.rint(audience.typical * sizes[0] * count).astype(np.int64)[:, None]
    kept = np.where(takes, np.rint(1000 * (1 - replaces)).astype(np.int64), 1000)
    gross = np.where(unasked, whole * kept // 1000, 0)
    noise = np.where(_has_product(campaign), 1.0, sizes[1][:, None])
    offered = np.where(takes, np.rint(price * noise).astype(np.int64), 0)
    off = np.where(seen, campaign.by_arm("discount").astype(np.int64), 0)
    offer_amount = offered * (1000 - off) // 1000
    amount = gross * (1000 - off) // 1000 + offer_amount
    goods_cost = gross * (1000 - mechanism("campaigns")["margin"]) // 1000
    goods_cost = goods_cost + np.where(takes, np.rint(cost * noise).astype(np.int64), 0)
    after = np.rint(audience.typical * sizes[2]).astype(np.int64)[:, None]
    return Responses(
        chance=1 - (1 - sees) * (1 - quiet) - sees * (1 - moved) * (1 - lift),
        expected=expected,
        expected_later=later
        * audience.typical[:, None]
        * (1 - sees * lift * campaign.by_arm("pulled")),
        seen=seen,
        unasked=unasked,
        takes=takes,
        amount=amount,
        offer_amount=np.where(_is_offer(campaign), offer_amount, 0),
        margin=amount - goods_cost,
        later_amount=np.where(comes & ~(takes & pulled), after, 0),
    )


def message_channel(campaign: Campaign, audience: Audience) -> np.ndarray:
    """Return the way in which each member gets each arm's message, shape (members, arms).

    "app_or_sms" is the app for who has it; an app's message to others is not sent ("none").
    """
    planned = np.array(campaign.facts("channel"))[None, :]
    app = audience.app[:, None]
    either = np.where(app, "app", "sms")
    sent = np.where(planned == "app_or_sms", either, planned)
    return np.where((sent == "app") & ~app, "none", sent)


def seen_chance(campaign: Campaign, audience: Audience) -> np.ndarray:
    """Return the chance that each member sees each arm's message, shape (members, arms)."""
    facts, channel = mechanism("campaigns")["seen"], message_channel(campaign, audience)
    chance = np.zeros(channel.shape)
    for name, value in facts.items():
        chance = np.where(channel == name, value, chance)
    return chance


class _Lots:
    """The streams of one campaign in one block, by what they are for."""

    def __init__(self, draws: Draws, size: int):
        self._draws, self._size = draws, size

    def __getitem__(self, what: str) -> Stream:
        return self._draws.of("campaign_contacts", what)

    def amount(self, what: str) -> np.ndarray:
        """Return factors of an amount with mean 1, shape (members,)."""
        spread = mechanism("campaigns")["spread"]
        return exp(self[what].normal(self._size) * spread - spread * spread / 2)


def _line(facts: list[float], values: np.ndarray) -> np.ndarray:
    return facts[0] + facts[1] * values


def _offer(campaign: Campaign, goods: Goods, audience: Audience) -> tuple[np.ndarray, np.ndarray]:
    """Return price and cost of what is bought for the message, in fen, shape (members, arms)."""
    month = int(calendar.months()[campaign.start])
    margin = mechanism("campaigns")["margin"]
    prices, costs = [], []
    for product in campaign.facts("product_id"):
        if product is None:
            prices.append(audience.typical)
            costs.append(audience.typical * (1000 - margin) / 1000)
        else:
            at = int(goods.products["product_id"].index_of(product))
            prices.append(np.full(len(audience), float(goods.prices.price[month, at])))
            costs.append(np.full(len(audience), float(goods.products["unit_cost"][at])))
    return np.stack(prices, axis=1), np.stack(costs, axis=1)


def _has_product(campaign: Campaign) -> np.ndarray:
    return np.array([product is not None for product in campaign.facts("product_id")])


def _is_offer(campaign: Campaign) -> np.ndarray:
    return np.array([kind is not None for kind in campaign.facts("offer_kind")])
