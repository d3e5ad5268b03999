"""Find values of customers in what is shown of a file."""

import re
import traceback

from customer_insight.data.intake import Intake, IntakeError

from .corpus import MARK, ORDERS

IDS = f"{MARK}|73500"
AMOUNTS = "|".join(re.escape(str(order.amount)) for order in ORDERS)
_DIGEST = re.compile("[0-9a-f]{64}")


def in_text(said: str, values: str = IDS) -> list[str]:
    """Return the values that stand in a text; a digest of the file is none."""
    return re.findall(values, _DIGEST.sub(" ", re.sub(r"\s{4,}", "", said)))


def in_error(error: IntakeError) -> list[str]:
    """Return the values in all that a log or a debugger would show of an error."""
    assert error.__cause__ is None
    assert error.__context__ is None
    parts = [str(error), repr(error), repr(error.args), *map(repr, error.findings)]
    return in_text("\n".join([*parts, *traceback.format_exception(error)]), f"{IDS}|{AMOUNTS}")


def in_report(intake: Intake) -> list[str]:
    """Return the values in all forms of a report; it has sums, which may be of one order."""
    report = intake.report
    return in_text("\n".join([str(report), repr(intake), report._repr_html_(), report.to_json()]))
