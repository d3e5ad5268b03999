"""Prospects: who might become a customer, how far they come, and who is won."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.arithmetic import exp
from customer_insight.company.draws import Draws, Stream, row_edges
from customer_insight.company.prospects_cells import GROUPS, SOURCES, Cells
from customer_insight.company.sales_team import SELLING, SalesTeam, day_of
from customer_insight.data.mechanisms import mechanism

SIDES = ("organisation", "person")
SCENES = tuple(mechanism("prospects")["scenes"])
NEEDS = tuple(f"N{number:02d}" for number in range(1, 14))
OBJECTIONS = tuple(mechanism("objections")["kinds"])
ANSWERS = tuple(mechanism("objections")["answers"])
NO_OBJECTION = OBJECTIONS.index("none")


@dataclass(frozen=True)
class Prospects:
    """Prospects of a block by the day on which they were found, arrays of shape (prospects,).

    Attributes
    ----------
    cell : int
        Place among the successes; a prospect that is won is the customer of its cell.
    found, ends : int
        Days on which it is found and on which it is won or lost.
    intent : float
        Standard deviations.
    grade : int
        As a salesperson judges it, 0 to 2.
    seat : int
        The salesperson's.
    scene, need, objection, answer : int
        Places in `SCENES`, `NEEDS`, `OBJECTIONS`, `ANSWERS`.
    rival, decider, mixed, by_lot, shown, own_scene, overcome, trained : bool
        Speaks of a rival; the decider is known (organisations); contacts by two means; in the trial
        of demonstrations; shown something; in its own scene; the objection was overcome; the
        salesperson had been to the course on cases.
    contacts : int
        How many, from 1.
    skill : float
        Of the salesperson.
    to_qualify, to_close : float
        Chances.
    qualified, won : bool
        What became of it.
    """

    cell: np.ndarray
    found: np.ndarray
    ends: np.ndarray
    intent: np.ndarray
    grade: np.ndarray
    seat: np.ndarray
    scene: np.ndarray
    need: np.ndarray
    objection: np.ndarray
    answer: np.ndarray
    rival: np.ndarray
    decider: np.ndarray
    mixed: np.ndarray
    by_lot: np.ndarray
    shown: np.ndarray
    own_scene: np.ndarray
    overcome: np.ndarray
    trained: np.ndarray
    contacts: np.ndarray
    skill: np.ndarray
    to_qualify: np.ndarray
    to_close: np.ndarray
    qualified: np.ndarray
    won: np.ndarray

    def __len__(self) -> int:
        return len(self.found)


def draw_prospects(cells: Cells, team: SalesTeam, draws: Draws) -> Prospects:
    """Return the prospects behind the successes: others like each of them until one is won.

    Group, source and season of those that are not won are those of the success, all else is drawn
    anew, so that the chances of each prospect are exactly those of the mechanism.

    Parameters
    ----------
    cells : Cells
        The successes.
    team : SalesTeam
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    Prospects
        Those found within the three years.
    """
    streams: dict[str, Stream] = {}

    def lots(what: str) -> Stream:
        return streams.setdefault(what, draws.of("prospects", what))

    waiting, waves = np.arange(len(cells)), []
    while len(waiting) or not waves:
        wave = _wave(cells, waiting, team, lots)
        waves.append(wave)
        waiting = waiting[~wave["won"]]
    columns = {
        field.name: np.concatenate([wave[field.name] for wave in waves])
        for field in fields(Prospects)
    }
    order = np.argsort(columns["found"], kind="stable")
    order = order[columns["found"][order] < calendar.DAYS]
    return Prospects(**{name: values[order] for name, values in columns.items()})


def chance_of(log_odds: np.ndarray) -> np.ndarray:
    """Return the chance of log odds."""
    odds = exp(log_odds)
    return odds / (1 + odds)


def _wave(
    cells: Cells, cell: np.ndarray, team: SalesTeam, lots: Callable[[str], Stream]
) -> dict[str, np.ndarray]:
    """Return one candidate for each of some cells."""
    facts, size, firm = mechanism("prospects"), len(cell), cells.organisation[cell]
    ends = cells.won[cell]
    found = ends - lots("cycle").whole(*facts["cycle"], size)
    intent = lots("intent").normal(size)
    judged = intent + facts["graded"] * lots("grade").normal(size)
    grade = np.searchsorted(facts["grades"], judged, side="right")
    scene = lots("scene").pick_by_row(_scene_edges(), cells.group[cell])
    seats = team.seats(*SELLING)
    seat = seats[lots("seat").whole(0, len(seats), size)]
    base, more = facts["contacts"]
    contacts = 1 + lots("contacts").poisson(base + more * grade)
    rivals = np.where(firm, *(facts["rival_known"][side] for side in SIDES))
    wave = {
        "cell": cell,
        "found": found,
        "ends": ends,
        "intent": intent,
        "grade": grade,
        "seat": seat,
        "scene": scene,
        "need": lots("need").pick_by_row(_need_edges(), scene),
        "rival": lots("rival").chance(rivals),
        "decider": lots("decider").chance(np.where(firm, facts["decider_known"], 0.0)),
        "mixed": lots("mixed").chance(facts["two_means"], size=size) & (contacts > 1),
        "contacts": contacts,
        "trained": team.trained(seat, found),
        "skill": team.skill[team.holder(seat, found)],
        **_demonstrated(found, grade, lots),
        **_objected(size, lots),
    }
    wave["to_qualify"] = _to_qualify(cells, wave)
    wave["to_close"] = _to_close(firm, wave)
    wave["qualified"] = lots("qualified").chance(wave["to_qualify"])
    wave["won"] = wave["qualified"] & lots("won").chance(wave["to_close"])
    return wave


def _to_qualify(cells: Cells, wave: dict[str, np.ndarray]) -> np.ndarray:
    facts, cell = mechanism("prospects"), wave["cell"]
    base = np.where(cells.organisation[cell], *(facts["qualified"][side] for side in SIDES))
    groups = np.array([facts["groups"].get(name, 0.0) for name in GROUPS])[cells.group[cell]]
    sources = np.array([facts["sources"][name] for name in SOURCES])[cells.source[cell]]
    intent = facts["intent"]["qualified"] * wave["intent"]
    return chance_of(base + groups + sources + intent + facts["mixed"] * wave["mixed"])


def _to_close(firm: np.ndarray, wave: dict[str, np.ndarray]) -> np.ndarray:
    facts = mechanism("prospects")
    trained = mechanism("staff_training")["effect"]["won_cases"]
    open_objection = (wave["objection"] != NO_OBJECTION) & ~wave["overcome"]
    return chance_of(
        np.where(firm, *(facts["closed"][side] for side in SIDES))
        + facts["intent"]["closed"] * wave["intent"]
        + wave["skill"]
        + trained * wave["trained"]
        + facts["rival"] * wave["rival"]
        + facts["decider"] * wave["decider"]
        + mechanism("demonstrations")["effect"] * (wave["shown"] & wave["own_scene"])
        + mechanism("objections")["effect"] * open_objection
    )


def _demonstrated(
    found: np.ndarray, grade: np.ndarray, lots: Callable[[str], Stream]
) -> dict[str, np.ndarray]:
    facts, size = mechanism("demonstrations"), len(found)
    by_lot = found >= day_of(facts["trial"])
    chance = np.where(by_lot, facts["lot"], np.array(facts["chosen"])[grade])
    return {
        "by_lot": by_lot,
        "shown": lots("shown").chance(chance),
        "own_scene": lots("own_scene").chance(facts["own_scene"], size=size),
    }


def _objected(size: int, lots: Callable[[str], Stream]) -> dict[str, np.ndarray]:
    facts = mechanism("objections")
    kind = lots("objection").pick(list(facts["kinds"].values()), size)
    best = np.array([ANSWERS.index(facts["best"].get(name, ANSWERS[0])) for name in OBJECTIONS])
    best = best[kind]
    other = (best + 1 + lots("answer").whole(0, len(ANSWERS) - 1, size)) % len(ANSWERS)
    chosen = lots("chosen").chance(facts["chosen"], size=size)
    chance = np.where(chosen, *reversed(facts["overcome"]))
    return {
        "objection": kind,
        "answer": np.where(chosen, best, other),
        "overcome": lots("overcome").chance(chance) & (kind != NO_OBJECTION),
    }


def _scene_edges() -> np.ndarray:
    scenes = mechanism("prospects")["scenes"].values()
    return row_edges([[f["weight"] * f["for"].get(name, 1) for f in scenes] for name in GROUPS])


def _need_edges() -> np.ndarray:
    scenes = mechanism("prospects")["scenes"].values()
    weight = [{need: 1 / (1 + at) for at, need in enumerate(f["needs"])} for f in scenes]
    return row_edges([[row.get(need, 0.0) for need in NEEDS] for row in weight])
