"""What a model says of one customer, for every day on which the last purchase may have been."""

from typing import TYPE_CHECKING

import numpy as np

from customer_insight.clv.purchase_model import PurchaseModel

if TYPE_CHECKING:
    import pandas as pd

POINTS = 40


def history_grid(
    model: PurchaseModel, *, repeat_purchases: int, observed: float, horizon: str = "52 weeks"
) -> "pd.DataFrame":
    """Return P(alive) and expected purchases of a customer by the time of the last purchase.

    Count and observed time are held, and the last purchase moves from early to now: the same
    number of purchases means different things, depending on how long the silence has lasted.

    Parameters
    ----------
    model : fitted model of purchases
        ``BGNBD``, ``MBGNBD`` or ``ParetoNBD``.
    repeat_purchases : int
        Purchase days after the first. With 0 there is one row: the first purchase is the last.
    observed : float
        Time since the first purchase, in the unit that the model was fitted in.
    horizon : str, default "52 weeks"
        How far ahead purchases are expected.

    Returns
    -------
    pandas.DataFrame
        ``last_purchase`` (time from the first purchase to the last, in the model's unit),
        ``silence`` (time since then), ``probability_alive`` and ``expected_purchases``; at most 40
        rows, in the order of ``last_purchase``.

    Raises
    ------
    ValueError
        If a history is impossible, or the horizon cannot be read.

    Examples
    --------
    >>> from customer_insight.clv import BGNBD
    >>> model = BGNBD.from_parameters(unit="week", r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> grid = history_grid(model, repeat_purchases=4, observed=38.0)
    >>> grid["probability_alive"].iloc[[0, -1]].round(2).tolist()
    [0.0, 0.87]
    """
    import pandas as pd

    days = 7 if model.unit_ == "week" else 1
    last_day = round(observed * days)
    earliest = min(repeat_purchases, last_day)
    asked = np.linspace(earliest, last_day, POINTS) if repeat_purchases > 0 else np.zeros(1)
    last_purchase = np.unique(np.round(asked)) / days
    grid = pd.DataFrame(
        {
            "repeat_purchases": repeat_purchases,
            f"{model.unit_}s_first_to_last": last_purchase,
            f"{model.unit_}s_observed": last_day / days,
        }
    )
    return pd.DataFrame(
        {
            "last_purchase": last_purchase,
            "silence": last_day / days - last_purchase,
            "probability_alive": model.probability_alive(grid),
            "expected_purchases": model.expected_purchases(grid, horizon=horizon),
        }
    )
