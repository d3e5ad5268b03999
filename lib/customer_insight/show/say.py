"""Sentences that depend on data."""

import re

from customer_insight.show.escape import NO_MATHEMATICS, safe, visible
from customer_insight.show.output import Output

_NOT_A_NUMBER = re.compile(r"(?<![\w.])[+-]?(?:nan|inf|None|NaT|<NA>)(?!\w)")


def say(sentence: str) -> Output:
    """Show a sentence whose numbers were computed, so that it stays true when a setting changes.

    Parameters
    ----------
    sentence : str
        Plain text, usually an f-string with formatted numbers. It is escaped, so that a name taken
        from data cannot become markup; amounts in dollars cannot become mathematics.

    Returns
    -------
    Output
        One paragraph.

    Raises
    ------
    ValueError
        If the sentence is empty, or a number in it came out as nan, inf, None or NaT: such a
        sentence tells the reader nothing, and something above it went wrong.

    Examples
    --------
    >>> say(f"{946 / 2357:.0%} of the customers came back.")
    40% of the customers came back.
    """
    if not isinstance(sentence, str) or not sentence.strip():
        raise ValueError("say() needs a sentence: a text that is not empty.")
    found = _NOT_A_NUMBER.search(sentence)
    if found:
        raise ValueError(
            f"the sentence would say {found[0]!r} at character {found.start() + 1}. A number in it "
            "could not be computed; look at the cell that made it, or say what is not known."
        )
    body = f'<p class="say {NO_MATHEMATICS}" style="overflow-wrap: anywhere">{safe(sentence)}</p>'
    return Output(html=body, text=visible(sentence))
