"""What becomes of requests: when they are answered, how, and how content the askers are."""

from dataclasses import dataclass

from customer_insight.company.draws import Draws
from customer_insight.company.phone_calls_queue import Calls
from customer_insight.company.service_requests import Askers, Requests
from customer_insight.company.service_team import Team
from customer_insight.company.tickets_care import Care, draw_care, draw_transfers
from customer_insight.company.tickets_satisfaction import Satisfaction, draw_satisfaction
from customer_insight.company.tickets_times import Times, draw_times


@dataclass(frozen=True)
class Handled:
    """What became of requests."""

    times: Times
    care: Care
    satisfaction: Satisfaction


def handle(requests: Requests, askers: Askers, desk: Team, calls: Calls, draws: Draws) -> Handled:
    """Return what became of requests.

    Parameters
    ----------
    requests : Requests
        Of the people or of the organisations of a block.
    askers : Askers
        Who made them.
    desk : Team
        Of the block.
    calls : Calls
        Of the desk; requests by phone that are none of them are answered by somebody else.
    draws : Draws
        Of the people or of the organisations of the block.

    Returns
    -------
    Handled
    """
    transfers = draw_transfers(requests, draws)
    times = draw_times(requests, calls, transfers, draws)
    care = draw_care(
        requests,
        desk,
        calls,
        tier=askers.tier,
        transfers=transfers,
        first_contact=times.first_contact,
        draws=draws,
    )
    return Handled(times, care, draw_satisfaction(requests, times, care, askers, draws))
