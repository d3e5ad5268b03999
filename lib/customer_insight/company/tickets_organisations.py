"""What organisations ask of the service: their requests, by order, and how content they are."""

import numpy as np

from customer_insight.company import calendar
from customer_insight.company.draws import Draws
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.places import Places
from customer_insight.company.service import CHANNELS, REASONS
from customer_insight.company.service_clock import DAY, HOUR
from customer_insight.company.service_requests import Askers, Requests
from customer_insight.data.mechanisms import mechanism
from customer_insight.data.mechanisms import mechanism as company_mechanism

_ADVICE, _LATE = REASONS.index("advice"), REASONS.index("late_parcel")


def draw_organisation_requests(block: OrganisationBlock, draws: Draws) -> Requests:
    """Return the requests of a block of organisations.

    Parameters
    ----------
    block : OrganisationBlock
        Organisations and what they ordered.
    draws : Draws
        Of the organisations of the block.

    Returns
    -------
    Requests
        Advice is asked on the day of the order, the rest comes after delivery.
    """
    facts, orders = mechanism("organisation_requests"), block.orders
    chance = np.array([facts["chance"][name] for name in REASONS])
    comes = draws.of("tickets", "requests").uniform((len(orders.day), len(REASONS))) < chance
    comes[:, _LATE] &= late(block)
    order, subject = np.nonzero(comes)
    waits = draws.of("tickets", "days").geometric(np.full(len(order), facts["days"]))
    day = np.where(subject == _ADVICE, orders.day[order], orders.delivered[order] + 1 + waits)
    known = day < calendar.DAYS
    order, subject, day = order[known], subject[known], day[known]
    size = len(order)
    second = draws.of("tickets", "hour").pick(facts["hours"], size) * HOUR
    second = second + draws.of("tickets", "second").whole(0, HOUR, size)
    weights = [facts["channel"].get(name, 0) for name in CHANNELS]
    mean = company_mechanism("service")["minutes"]
    minutes = np.array([float(mean[name]) for name in REASONS])[subject]
    usual = mechanism("service_requests")["priority"]
    levels = list(mechanism("service_targets")["level"])
    columns = {
        "person": orders.organisation[order],
        "order": order,
        "opened": day * DAY + second,
        "subject": subject,
        "channel": draws.of("tickets", "channel").pick(weights, size),
        "minutes": 1 + draws.of("tickets", "first_minutes").poisson(minutes),
        "priority": np.array([usual[name] for name in REASONS])[subject],
        "level": np.full(size, levels.index(facts["level"])),
        "batch": np.zeros(size, dtype=bool),
    }
    sort = np.lexsort((subject, order, columns["opened"]))
    return Requests(**{name: values[sort] for name, values in columns.items()})


def asking_organisations(
    block: OrganisationBlock, requests: Requests, places: Places, draws: Draws
) -> Askers:
    """Return which organisations made the requests of a block.

    Their mood differs by the organisation and is lower after a late delivery.

    Parameters
    ----------
    block : OrganisationBlock
        The organisations.
    requests : Requests
        Of the block.
    places : Places
        Cities.
    draws : Draws
        Of the organisations of the block.

    Returns
    -------
    Askers
    """
    facts, size = mechanism("organisation_requests"), len(block)
    temper = draws.of("tickets", "temper").normal(size) * facts["temper"]
    a, b = facts["care"]
    cares = draws.of("tickets", "care").beta(np.full(size, a), np.full(size, b))
    return Askers(
        tier=places.tier[block.organisations.city[requests.person]],
        mood=temper[requests.person] - facts["late"] * late(block)[requests.order],
        cares=cares[requests.person],
    )


def late(block: OrganisationBlock) -> np.ndarray:
    """Return whether each order came after the promised day, shape (orders,)."""
    return block.orders.delivered > block.orders.promised
