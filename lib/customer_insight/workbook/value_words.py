"""The value to come in words: what, of whom, how far ahead, at which discount."""

from customer_insight.workbook.earned import ASSUMED_MARGIN, MARGIN, NET_SALES, Measure
from customer_insight.workbook.facts import Facts
from customer_insight.workbook.forecast import MODEL, RULE
from customer_insight.workbook.section import MONEY
from customer_insight.workbook.value_ahead import Value

_BY = {MODEL: "the BG/NBD model", RULE: "the rule that all go on at the same rate"}


def horizon_words(facts: Facts, value: Value) -> str:
    """Return horizon and discount, such as they follow "in"."""
    stated = "" if "discount" in facts.assumed.stated else " (assumed)"
    return (
        f"the {value.weeks} weeks after {facts.date(facts.as_of)}, discounted at "
        f"{100 * facts.assumed.discount:g} % a year{stated},"
    )


def value_name(what: Measure, value: Value) -> str:
    """Return what the value to come is called in a heading."""
    return f"{what.name}, next {value.weeks} weeks"


def value_rule(facts: Facts, what: Measure, value: Value) -> str:
    """Return how the value to come is counted, with currency, horizon, discount and as_of."""
    stays = {
        MARGIN: "after returns and the cost of goods",
        ASSUMED_MARGIN: "after returns, at the margin that was stated",
        NET_SALES: "after returns",
    }[what.code]
    return (
        f"{what.name}, expected in {horizon_words(facts, value)} of the customers known by then, "
        f"in {facts.say.unit_name(MONEY)}: purchases by {_BY[value.by]}, times money a purchase, "
        f"times what stayed of the segment's sales so far {stays}. Who is new later is not in it."
    )
