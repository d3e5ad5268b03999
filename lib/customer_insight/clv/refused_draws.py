"""Which models the draws of a bootstrap could not carry, why, and what to try."""

import re
from collections import Counter
from collections.abc import Sequence

from customer_insight.clv.fit import FitRefusedError

_SPLIT = " was not fitted: "
_WORDS_OF_REASON = 16
_IN_PLACE = {
    "BGNBD": "MBGNBD or ParetoNBD in its place",
    "MBGNBD": "BGNBD or ParetoNBD in its place",
    "ParetoNBD": "BGNBD or MBGNBD in its place",
    "GammaGamma": "the mean spend of all purchases in its place",
}


def too_many_refused(errors: Sequence[FitRefusedError], resamples: int) -> str:
    """Return why no interval is given, by model, and what to try.

    Parameters
    ----------
    errors : sequence of FitRefusedError
        One for each draw that could not carry a model.
    resamples : int
        Draws made.

    Returns
    -------
    str
        Each model with its number of draws, and the first words of its commonest reason, numbers
        as in the first draw that gave it.

    Examples
    --------
    >>> refused = FitRefusedError("BGNBD was not fitted: the parameter b ran off. Take more.")
    >>> print(too_many_refused([refused] * 9, 40))  # doctest: +ELLIPSIS
    9 of 40 samples drawn from the fitted model could not carry it, so an interval of the rest ...
    """
    reasons: dict[str, list[str]] = {}
    for error in errors:
        model, _, why = str(error).rpartition(_SPLIT)
        reasons.setdefault(model, []).append(why)
    said = [f"{_called(model)}{_commonest(whys)}." for model, whys in sorted(reasons.items())]
    instead = [f"{_IN_PLACE[model]}, " for model in sorted(reasons) if model in _IN_PLACE]
    return (
        f"{len(errors)} of {resamples} samples drawn from the fitted model could not carry it, so "
        f"an interval of the rest would be too narrow. {' '.join(said)} Try {''.join(instead)}"
        "a longer history (fewer weeks held back) or more customers. Without an interval, judge "
        "the model by weeks that it was not shown."
    )


def _called(model: str) -> str:
    return f"{model}: " if model else ""


def _commonest(whys: list[str]) -> str:
    """Return how many draws there are, and their commonest reason; numbers make no difference."""
    alike = Counter(_without_numbers(why) for why in whys)
    ((key, count),) = alike.most_common(1)
    first = next(why for why in whys if _without_numbers(why) == key)
    sentence = re.split(r"\. |\.$", first)[0].split()
    short = " ".join(sentence[:_WORDS_OF_REASON]) + (" …" if sentence[_WORDS_OF_REASON:] else "")
    draws = "1 draw" if len(whys) == 1 else f"{len(whys)} draws"
    return f"{draws}, of which {count} because {short}"


def _without_numbers(text: str) -> str:
    return re.sub(r"\d[\d,.]*(e[+-]?\d+)?", "", text)
