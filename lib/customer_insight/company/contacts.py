"""Who stands for an organisation: seats with roles, and the people who hold them in turn."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.content import content
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.habits import NEVER
from customer_insight.company.organisations import (
    KINDS,
    Organisations,
    by_band,
    dates,
    organisation_ids,
)
from customer_insight.data.mechanisms import mechanism

ROLES = ("decider", "buyer", "gatekeeper", "user")
SEATS, TURNS = 5, 4
FEWEST = 2
RECORDED = ("right", "buyer", "nobody")


@dataclass(frozen=True)
class Contacts:
    """The seats of one block of organisations and who holds them.

    Attributes
    ----------
    roles : numpy.ndarray of bool, shape (organisations, seats, roles)
        What each seat really does, in the order of `ROLES`; no role where there is no seat. Seat 0
        decides.
    starts : numpy.ndarray of int, shape (organisations, seats, turns)
        First day of the first, second and further holder, `NEVER` where there is none.
    number : numpy.ndarray of int, shape (organisations, seats, turns)
        The holder's number within the organisation, from 1; 0 for nobody.
    recorded : numpy.ndarray of int, shape (organisations,)
        What salespeople recorded of the decider, a place in `RECORDED`.
    """

    roles: np.ndarray
    starts: np.ndarray
    number: np.ndarray
    recorded: np.ndarray

    def holder(self, organisation: np.ndarray, role: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Return the number of the first contact with a role on a day.

        Parameters
        ----------
        organisation, role, day : numpy.ndarray of int, shape (n,)
            Place in the block, place in `ROLES`, and a day on which there is an account.

        Returns
        -------
        numpy.ndarray of int, shape (n,)
        """
        seat = np.argmax(self.roles, axis=1)[organisation, role]
        turn = (self.starts[organisation, seat] <= day[:, None]).sum(axis=1) - 1
        return self.number[organisation, seat, turn]


def draw_contacts(organisations: Organisations, draws: Draws) -> Contacts:
    """Return the seats of each organisation, their roles and who holds them when.

    Parameters
    ----------
    organisations : Organisations
        Of the block.
    draws : Draws
        Of the block.

    Returns
    -------
    Contacts
        At any time two to five people an organisation, always with a decider, a buyer and a user.
    """
    facts, size = mechanism("contacts"), len(organisations)
    roles = _roles(organisations, draws)
    starts = _starts(organisations, roles.any(axis=2), draws)
    recorded = draws.of("contacts", "recorded").pick(
        [facts["decider_recorded"][name] for name in RECORDED], size
    )
    return Contacts(roles, starts, _numbers(starts), recorded)


def contact_ids(block: int, places: np.ndarray, number: np.ndarray) -> pl.Series:
    """Return the ids of contacts: "K", six digits of the organisation, two of the contact.

    Parameters
    ----------
    block : int
        Number of the block.
    places, number : numpy.ndarray of int, shape (n,)
        Places of the organisations within the block, and the contacts' numbers within them.

    Returns
    -------
    polars.Series of String, shape (n,)

    Examples
    --------
    >>> contact_ids(1, np.array([42]), np.array([3])).to_list()
    ['K00044203']
    """
    own = pl.Series(number).cast(pl.String).str.zfill(2)
    organisation = organisation_ids(block, places).str.slice(1)
    return pl.select(pl.lit("K") + organisation + own).to_series().alias("contact_id")


def contact_table(
    contacts: Contacts, organisations: Organisations, draws: Draws, block: int
) -> pl.DataFrame:
    """Return what the company knows of its contacts.

    Who decides is what salespeople recorded, which may be wrong; the other roles are right.

    Parameters
    ----------
    contacts, organisations : Contacts, Organisations
        Of the block.
    draws : Draws
        Of the block.
    block : int
        Number of the block.

    Returns
    -------
    polars.DataFrame
        One row a holder of a seat, sorted by id; columns as the catalogue states.
    """
    place, seat, turn = at = np.nonzero(contacts.number)
    ends = np.append(contacts.starts, np.full_like(contacts.starts[:, :, :1], NEVER), axis=2)
    end = ends[place, seat, turn + 1]
    roles, kind = contacts.roles[place, seat], organisations.kind[place]
    lots = _Lots(draws, contacts.number.shape, at)
    own = {name: roles[:, role] for role, name in enumerate(ROLES)}
    return (
        pl.DataFrame(
            {
                "contact_id": contact_ids(block, place, contacts.number[at]),
                "customer_id": organisation_ids(block, place),
                **_names(lots),
                **_job_titles(kind, roles),
                **own | {"decider": _recorded_decider(contacts)[place, seat]},
                "phone": _phones(lots),
                "email": _domains(kind, lots),
                "since": dates(contacts.starts[at]),
                "until": dates(np.where(end < NEVER, end - 1, -1)),
            }
        )
        .with_columns(email=_address())
        .sort("contact_id")
    )


@dataclass(frozen=True)
class _Lots:
    """Draws for every seat and turn of a block, given for those that somebody holds."""

    draws: Draws
    shape: tuple[int, ...]
    at: tuple[np.ndarray, ...]

    def whole(self, what: str, high: int) -> np.ndarray:
        return self.draws.of("contacts", what).whole(0, high, self.shape)[self.at]

    def pick(self, what: str, weights: np.ndarray) -> np.ndarray:
        size = self.shape[0] * self.shape[1] * self.shape[2]
        drawn = self.draws.of("contacts", what).pick(weights, size)
        return drawn.reshape(self.shape)[self.at]

    def chance(self, what: str, probability: float) -> pl.Series:
        drawn = self.draws.of("contacts", what).chance(probability, self.shape)
        return pl.Series(drawn[self.at])


def _roles(organisations: Organisations, draws: Draws) -> np.ndarray:
    facts, size = mechanism("contacts"), len(organisations)
    band = organisations.band
    people = FEWEST + draws.of("contacts", "people").pick_by_row(
        row_edges(by_band(facts["people"])), band
    )
    same = draws.of("contacts", "decider_buys").chance(by_band(facts["decider_buys"])[band])
    keeps = draws.of("contacts", "gatekeeper").chance(by_band(facts["gatekeeper"])[band])
    buyer = np.where(same, 0, 1)
    seat = np.arange(SEATS)[None, :]
    after = np.where(seat < people[:, None], seat - buyer[:, None], 0)
    gate = (after == 2) & keeps[:, None]
    uses = (after >= 1) & ~gate
    uses[np.arange(size), buyer] |= ~uses.any(axis=1)
    return np.stack(
        [np.repeat(seat == 0, size, axis=0), seat == buyer[:, None], gate, uses], axis=2
    )


def _starts(organisations: Organisations, seated: np.ndarray, draws: Draws) -> np.ndarray:
    years = mechanism("contacts")["years_in_post"]
    mean = np.array([years["decider"]] + [years["others"]] * (SEATS - 1))[None, :, None] * 365
    shape = (len(organisations), SEATS, TURNS - 1)
    stays = 1 + np.floor(draws.of("contacts", "stays").exponential(shape) * mean)
    later = organisations.since[:, None, None] + np.cumsum(stays, axis=2).astype(np.int64)
    first = np.broadcast_to(organisations.since[:, None, None], (*shape[:2], 1))
    starts = np.concatenate([first, later], axis=2)
    return np.where(seated[:, :, None] & (starts < calendar.DAYS), starts, NEVER)


def _numbers(starts: np.ndarray) -> np.ndarray:
    """Return numbers of an organisation's holders: by their first day, then by seat."""
    flat = starts.reshape(len(starts), SEATS * TURNS)
    order = np.argsort(flat, axis=1, kind="stable")
    number = np.empty_like(order)
    np.put_along_axis(number, order, np.arange(1, flat.shape[1] + 1)[None, :], axis=1)
    return np.where(flat < NEVER, number, 0).reshape(starts.shape)


def _recorded_decider(contacts: Contacts) -> np.ndarray:
    """Return whether a seat is recorded as the decider's, shape (organisations, seats)."""
    decides, buys = contacts.roles[:, :, 0], contacts.roles[:, :, ROLES.index("buyer")]
    recorded = contacts.recorded[:, None]
    known = (recorded == RECORDED.index("right")) | (decides & buys).any(axis=1)[:, None]
    return np.where(known, decides, buys & (recorded == RECORDED.index("buyer")))


def _job_titles(kind: np.ndarray, roles: np.ndarray) -> dict[str, pl.Series]:
    """Return the title that goes with the first of `ROLES` that a contact has."""
    titles = mechanism("contacts")["job_titles"]
    flat = [titles[name][role] for name in KINDS for role in ROLES]
    row = kind * len(ROLES) + np.argmax(roles, axis=1)
    return {
        column: pl.Series([title[language] for title in flat]).gather(row)
        for language, column in enumerate(("job_title", "job_title_zh"))
    }


def _names(lots: _Lots) -> dict[str, pl.Series]:
    surnames, given = content("surnames"), content("given_names")
    family = surnames[lots.pick("surname", surnames["weight"].to_numpy())]
    own = given[lots.whole("given_name", given.height)]
    name = pl.concat_str(own["given_name"], family["surname"], separator=" ")
    name_zh = pl.concat_str(family["surname_zh"], own["given_name_zh"])
    return pl.select(name=name, name_zh=name_zh).to_dict()


def _phones(lots: _Lots) -> pl.Series:
    facts = mechanism("contacts")
    number = pl.Series(lots.whole("phone", 10**8)).cast(pl.String).str.zfill(8)
    unknown = lots.chance("without_phone", facts["without_phone"])
    return pl.select(pl.when(~unknown).then(pl.lit(facts["phone_prefix"]) + number)).to_series()


def _domains(kind: np.ndarray, lots: _Lots) -> pl.Series:
    """Return the domain above the organisation's own, null where no address is known."""
    facts = mechanism("contacts")
    domain = pl.Series([facts["email_domain"][name] for name in KINDS]).gather(kind)
    unknown = lots.chance("without_email", facts["without_email"])
    return pl.select(pl.when(~unknown).then(domain)).to_series()


def _address() -> pl.Expr:
    """Return an address made of the contact's name, the organisation's id and the domain."""
    name = pl.col("name").str.to_lowercase().str.replace(" ", ".").str.replace_all("'", "")
    return pl.format("{}@{}.{}", name, pl.col("customer_id").str.to_lowercase(), "email")
