"""Attitudes behind the profile, exact: what surveys that ask about the same things lean on."""

import numpy as np

from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism


def attitudes(block: PeopleBlock, draws: Draws) -> dict[str, np.ndarray]:
    """Return everybody's attitudes as they stand behind the answers of the table ``profiles``.

    Parameters
    ----------
    block : PeopleBlock
        The people.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to numpy.ndarray, each of shape (people,)
        By the profile's column; the profile has it rounded, from 1 to 5.
    """
    facts, own = mechanism("people"), draws.within(block.number)
    spread = facts["attitude_spread"]
    return {
        name: np.array([means[segment] for segment in SEGMENTS], dtype=float)[block.habits.segment]
        + own.of("customers", f"attitude_{name}").normal(len(block)) * spread
        for name, means in facts["attitudes"].items()
    }
