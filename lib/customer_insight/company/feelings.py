"""How content people are: what every ticket, review and survey answer leans on."""

from dataclasses import dataclass

import numpy as np

from customer_insight.company.draws import Draws
from customer_insight.company.pains import KINDS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.data.mechanisms import mechanism


@dataclass(frozen=True)
class Feelings:
    """The feelings of one block of people, in standard deviations of temper: 0 is usual.

    Attributes
    ----------
    temper : numpy.ndarray, shape (people,)
        How content somebody is by nature.
    care : numpy.ndarray, shape (people,)
        How much the company matters to them, 0 to 1: who cares complains, answers and recommends.
    experience : numpy.ndarray, shape (orders,)
        How each order went for whom it was for.
    mood : numpy.ndarray, shape (orders,)
        How content they are after it, all that went before included.
    """

    temper: np.ndarray
    care: np.ndarray
    experience: np.ndarray
    mood: np.ndarray

    def mood_at(self, block: PeopleBlock, day: int) -> np.ndarray:
        """Return everybody's mood at the end of a day: after their last order, temper before any.

        Parameters
        ----------
        block : PeopleBlock
            The people.
        day : int
            Counted from the company's first.

        Returns
        -------
        numpy.ndarray, shape (people,)
        """
        mood = self.temper.copy()
        done = int(np.searchsorted(block.purchases.day, day, side="right"))
        mood[block.purchases.person[:done]] = self.mood[:done]  # orders stand in order of time
        return mood


def draw_feelings(block: PeopleBlock, draws: Draws) -> Feelings:
    """Return how content people are, by nature and after each order.

    An order's experience is the temper plus chance, less what each of its pains takes, more the
    graver it is. After an order the mood moves a part of the way to the experience.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    draws : Draws
        Of the company.

    Returns
    -------
    Feelings
    """
    facts, own = mechanism("feelings"), draws.within(block.number)
    temper = own.of("feelings", "temper").normal(len(block)) * facts["temper"]
    outcomes, person = block.purchases.outcomes, block.purchases.person
    loss = np.zeros(len(person))
    for place, kind in enumerate(KINDS):
        loss = loss + outcomes.hurts[:, place] * facts["loss"][kind]
    loss = loss * np.array([0.0, *facts["by_severity"]])[outcomes.severity]
    chance = own.of("feelings", "experience").normal(len(person)) * facts["chance"]
    experience = temper[person] + chance - loss
    return Feelings(temper, _care(block, own), experience, _moods(temper, person, experience))


def _care(block: PeopleBlock, draws: Draws) -> np.ndarray:
    """Return a beta draw, leaning upwards for those who order often."""
    facts = mechanism("feelings")
    often = np.minimum(block.habits.rate / facts["often"], 1.0)
    a, b = facts["care"]
    return draws.of("feelings", "care").beta(a + often, np.full(len(block), b))


def _moods(temper: np.ndarray, person: np.ndarray, experience: np.ndarray) -> np.ndarray:
    """Return the mood after each order; orders stand in the order of time."""
    step = mechanism("feelings")["step"]
    by_person = np.argsort(person, kind="stable")
    sorted_person = person[by_person]
    number = np.arange(len(person)) - np.searchsorted(sorted_person, sorted_person, side="left")
    mood, now = np.empty(len(person)), temper.copy()
    for turn in range(int(number.max(initial=-1)) + 1):
        at = by_person[number == turn]
        now[person[at]] = now[person[at]] + step * (experience[at] - now[person[at]])
        mood[at] = now[person[at]]
    return mood
