"""Section 13: definitions, limits, provenance. The page lists every number with its definition."""

from collections.abc import Sequence

from customer_insight.features import SEGMENTS
from customer_insight.workbook.facts import HORIZON_WEEKS, SHORTEST_YEAR_WEEKS, YEAR_WEEKS, Facts
from customer_insight.workbook.section import TEXT, Column, Section, Table
from customer_insight.workbook.sections.segments import rule_in_words


def make(facts: Facts, identity: dict[str, str], sections: Sequence[Section]) -> Section:
    """Return the section."""
    term = (
        Column("term", "Term", TEXT, "As used on this page."),
        Column("meaning", "Meaning", TEXT, "What it stands for."),
    )
    words = (
        ("as_of", f"{facts.date(facts.as_of)}: the last day that counts; nothing after it does."),
        ("Purchase", "A day on which a customer bought; several orders a day are one."),
        ("Sales", "Amounts of purchases before returns. It is never called profit."),
        ("Interval", "95 %, of drawing such customers again, unless it is said otherwise."),
        ("Observed, forecast, assumed", "Counted in the file; expected by a rule or model; stated "
         "by the user or a placeholder."),
        ("Hidden", "Counts of one to nine customers are not shown, nor cells by which they could "
         "be worked out."),
        ("Pseudonym", "Stands for a customer's id; the key stays with who made the report, and "
         "--ids plain writes the ids themselves."),
        ("Margin", "Sales less returns less the cost of goods; assumed, where the user stated it "
         "as a share. Service, acquisition and overhead are not taken off."),
        ("To come", "Expected of customers known by as_of within a horizon, discounted to as_of."),
        ("Weeks held back", f"Weeks that model and rule did not see: {HORIZON_WEEKS}, and "
         f"{YEAR_WEEKS} where the file has {SHORTEST_YEAR_WEEKS}."),
        *((name, f"Scores {rule_in_words(code)}.")
          for code, name in {rule.segment: rule.name for rule in SEGMENTS}.items()),
    )  # fmt: skip
    refused = tuple(
        (f"{section.number}. {section.question}", section.refusal)
        for section in sections
        if section.refusal
    )
    lines = tuple(identity.items())
    tables = [
        Table("terms", "Terms", term, words),
        Table("provenance", "How this report was made", term, lines),
    ]
    if refused:
        said = (
            Column("section", "Section", TEXT, "Where."),
            Column("refusal", "What was not possible and why", TEXT, "And what would unlock it."),
        )
        tables.append(Table("refusals", "What this file could not support", said, refused))
    return Section(
        number=13,
        code="definitions",
        question="Definitions, limits, provenance",
        answer="Every number on this page can be quoted with its definition, unit and as_of.",
        tables=tuple(tables),
    )
