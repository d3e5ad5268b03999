"""All tables of the service: what comes block by block, and what is the same for all."""

import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.call_audits import audit_table
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.organisation_block import OrganisationBlock
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.phone_calls import call_table, keep_log
from customer_insight.company.phone_calls_queue import draw_calls, no_calls
from customer_insight.company.phone_calls_rota import make_rota, rota_table
from customer_insight.company.places import Places
from customer_insight.company.process_steps import improvement_table, step_table
from customer_insight.company.service_requests import asking_people, draw_requests
from customer_insight.company.service_short_deliveries import short_delivery_table
from customer_insight.company.service_targets import target_table
from customer_insight.company.service_team import Team, draw_back_office, draw_desk, staff_table
from customer_insight.company.service_truth import effect_table, outbreak_table
from customer_insight.company.tickets import (
    ORGANISATION_SIDE,
    PEOPLE_SIDE,
    ticket_table,
    ticket_truth,
)
from customer_insight.company.tickets_errors import enter, enter_once, ticket_errors
from customer_insight.company.tickets_handling import handle
from customer_insight.company.tickets_organisations import (
    asking_organisations,
    draw_organisation_requests,
)

_ORGANISATIONS = 1  # names their streams beside those of the block's people


def service_tables(
    block: PeopleBlock,
    group: OrganisationBlock,
    feelings: Feelings,
    *,
    contacts: pl.DataFrame,
    goods: Goods,
    places: Places,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the service of a block of people and its organisations.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    group : OrganisationBlock
        Organisations and what they ordered.
    feelings : Feelings
        Of the people.
    contacts : polars.DataFrame
        The table ``service_contacts`` of the block.
    goods, places : Goods, Places
        Articles; cities.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``tickets``, ``phone_calls``, ``phone_rota``, ``call_audits``, ``short_deliveries``,
        ``staff`` (the desk's people), ``truth_tickets`` and ``truth_errors``.
    """
    own = draws.within(block.number)
    desk = draw_desk(block.number, draws)
    rota = make_rota(desk)
    requests = draw_requests(block, contacts, goods, draws)
    calls = draw_calls(requests, rota, own)
    handled = handle(requests, asking_people(block, feelings, requests), desk, calls, own)
    entries = enter(requests, handled.times.answered, own)
    tickets = ticket_table(requests, handled, entries, desk, PEOPLE_SIDE)
    of_request = tickets["ticket_id"].gather(entries.first)
    others = _organisations(group, desk, places, draws.within(group.number, _ORGANISATIONS))
    log = keep_log(calls, handled.care.transfers, own)
    return {
        "tickets": pl.concat([tickets, others["tickets"]]),
        "phone_calls": call_table(log, requests, of_request, desk),
        "phone_rota": rota_table(desk, rota),
        "call_audits": audit_table(log, desk, own),
        "short_deliveries": short_delivery_table(block, own),
        "staff": staff_table(desk, draws),
        "truth_tickets": pl.concat(
            [ticket_truth(handled.satisfaction, of_request), others["truth_tickets"]]
        ),
        "truth_errors": ticket_errors(entries, handled.times.answered, tickets["ticket_id"]),
    }


def service_fixed_tables(draws: Draws) -> dict[str, pl.DataFrame]:
    """Return what of the service does not depend on how many customers there are.

    Parameters
    ----------
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``process_steps``, ``improvements``, ``service_targets``, ``staff`` (the back offices'
        people), ``truth_effects`` and ``truth_outbreaks``.
    """
    office = draw_back_office(draws)
    return {
        "process_steps": step_table(office, draws),
        "improvements": improvement_table(office),
        "service_targets": target_table(),
        "staff": staff_table(office, draws),
        "truth_effects": effect_table(),
        "truth_outbreaks": outbreak_table(),
    }


def _organisations(
    group: OrganisationBlock, desk: Team, places: Places, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return the tickets of organisations and what is hidden behind them."""
    requests = draw_organisation_requests(group, draws)
    askers = asking_organisations(group, requests, places, draws)
    handled = handle(requests, askers, desk, no_calls(), draws)
    entries = enter_once(requests, handled.times.answered)
    tickets = ticket_table(requests, handled, entries, desk, ORGANISATION_SIDE)
    truth = ticket_truth(handled.satisfaction, tickets["ticket_id"])
    return {"tickets": tickets, "truth_tickets": truth}
