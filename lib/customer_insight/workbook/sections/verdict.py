"""Section 0: what should we do on Monday? The decisions of all sections, surest first."""

from collections.abc import Sequence

from customer_insight.workbook.facts import Facts
from customer_insight.workbook.section import CUSTOMERS, MONEY, Section

MOST = 5
_SURE = ("high", "medium", "low")


def make(facts: Facts, sections: Sequence[Section]) -> Section:
    """Return the section."""
    found = [decision for section in sections for decision in section.decisions]
    chosen = sorted(found, key=lambda one: _SURE.index(one.confidence))[:MOST]
    refused = [section for section in sections if section.refusal]
    sales = facts.intake.facts["bought"]
    answer = (
        f"{facts.say.with_unit(facts.n, CUSTOMERS)} bought for "
        f"{facts.say.with_unit(sales, MONEY)} from {facts.date(facts.first_day)} to "
        f"{facts.date(facts.as_of)}. "
    )
    answer += (
        "What follows from it, surest first:"
        if chosen
        else "Nothing in this file calls for a decision that it could bear."
    )
    return Section(
        number=0,
        code="verdict",
        question="What should we do on Monday?",
        answer=answer,
        decisions=tuple(chosen),
        limits=(
            "No gain in money is promised here: what an action brings is known only after a test. "
            "Money stands for sales or margin that customers brought, or are expected to bring."
        ),
        refusal=""
        if not refused
        else "Something was left out for want of data in: "
        + "; ".join(f"{section.question} (section {section.number})" for section in refused)
        + ". The reason stands in each section.",
    )
