"""How much a purchase history must hold before a model of buying and leaving can be fitted."""

import numpy as np

from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.histories import DistinctHistories
from customer_insight.data.time_units import DAYS_PER_UNIT

# Of samples of a hundred customers drawn at CDNOW's parameters and window, three in four fix no
# maximum, and the rest miss the next year's purchases by up to a half.
FEWEST_CUSTOMERS = 100
# A hundred CDNOW customers hold forty who came back; leaving shows only in those.
FEWEST_REPEAT_BUYERS = 40
# A monthly buyer has time for one gap in eight weeks: less, and having left looks like waiting.
SHORTEST_DAYS = 56


def check_enough(histories: DistinctHistories, *, unit: str, model: str) -> None:
    """Refuse, before fitting, data that cannot carry a model of buying and leaving.

    Parameters
    ----------
    histories : DistinctHistories
        Of all customers.
    unit : {"day", "week"}
        Of their times.
    model : str
        Name of the model, for the message.

    Raises
    ------
    FitRefusedError
        If there are fewer than ``FEWEST_CUSTOMERS`` customers, none or fewer than
        ``FEWEST_REPEAT_BUYERS`` of them came back, or none is observed for ``SHORTEST_DAYS``.
    """
    total = histories.total
    back = float(histories.customers[histories.x > 0].sum())
    longest = float(histories.T.max()) * DAYS_PER_UNIT[unit]
    if total < FEWEST_CUSTOMERS:
        raise FitRefusedError(
            f"{model} was not fitted: {total:,.0f} customers are too few, at least "
            f"{FEWEST_CUSTOMERS} are needed for its four parameters. Count and average by hand, "
            "or wait for more customers."
        )
    if back == 0:
        raise FitRefusedError(
            f"{model} was not fitted: all {total:,.0f} customers bought once. Without a repeat "
            "purchase nothing is known of how often they buy or when they leave. Check that "
            "customer ids join a customer's orders, or lengthen the history."
        )
    if back < FEWEST_REPEAT_BUYERS:
        raise FitRefusedError(
            f"{model} was not fitted: {back:,.0f} of {total:,.0f} customers came back, and at "
            f"least {FEWEST_REPEAT_BUYERS} must have, since leaving shows only in those who did. "
            "Lengthen the history, or take more customers."
        )
    if longest < SHORTEST_DAYS:
        raise FitRefusedError(
            f"{model} was not fitted: the longest history has {longest:,.0f} days, and at least "
            f"{SHORTEST_DAYS} are needed. In a shorter time a customer who has left looks like one "
            "who has not come back yet. Lengthen the history."
        )
    if not np.any((histories.x > 0) & (histories.t_x < histories.T)):
        raise FitRefusedError(
            f"{model} was not fitted: every customer who came back bought on the very last day, so "
            "no time without a purchase was seen. Check as_of: it should be the last day of the "
            "data, not each customer's last purchase."
        )
