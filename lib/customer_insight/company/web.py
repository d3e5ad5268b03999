"""All tables about the web shop, social media and raw extracts."""

import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.communities import Communities
from customer_insight.company.customer_changes import draw_changes
from customer_insight.company.draws import Draws
from customer_insight.company.extracts import extract_tables
from customer_insight.company.follows import draw_follows, follow_tables, page_follow_table
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.company.posts import draw_posts, post_tables
from customer_insight.company.web_brand_posts import brand_post_table
from customer_insight.company.web_events import web_event_tables
from customer_insight.company.web_interests import draw_interests, interest_truth
from customer_insight.company.web_pages import draw_pages
from customer_insight.company.web_sessions import draw_sessions
from customer_insight.company.web_tasks import web_task_table


def web_tables(
    block: PeopleBlock,
    communities: Communities,
    who: dict[str, pl.DataFrame],
    *,
    goods: Goods,
    places: Places,
    draws: Draws,
) -> dict[str, pl.DataFrame]:
    """Return the tables about one block of people.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    communities : Communities
        Of the block.
    who : dict of str to polars.DataFrame
        The block's rows of ``customers`` and ``profiles``, as `people.people_tables` gives them.
    goods : Goods
        What can be looked at.
    places : Places
        Cities.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``web_events``, ``web_tasks``, ``social_follows``, ``page_follows``, ``social_posts``,
        ``extract_business``, ``extract_survey``, ``extract_web``, ``truth_interests``,
        ``truth_follows``, ``truth_posts``, ``truth_extracts``, and rows of ``truth_errors``.
    """
    customers = who["customers"]
    interests = draw_interests(block, who["profiles"], draws)
    sessions = draw_sessions(block, customers, draws)
    pages = draw_pages(block, sessions, interests, goods, draws)
    follows = draw_follows(block, communities, interests, draws)
    posts = draw_posts(block, communities, interests, follows, draws)
    changes = draw_changes(block, customers, places, draws)
    planted = (
        web_event_tables(block, sessions, pages, goods, draws),
        extract_tables(block, customers, changes, interests, places=places, draws=draws),
    )
    tables = {name: table for part in planted for name, table in part.items()}
    return {
        **tables,
        **follow_tables(block, follows),
        **post_tables(block, follows, posts, draws),
        "web_tasks": web_task_table(block, customers, sessions, pages, draws),
        "page_follows": page_follow_table(block, follows, interests, draws),
        "truth_interests": interest_truth(block, interests),
        "truth_errors": pl.concat([part["truth_errors"] for part in planted]),
    }


def web_fixed_tables(draws: Draws) -> dict[str, pl.DataFrame]:
    """Return the tables that do not depend on customers: ``brand_posts``.

    Parameters
    ----------
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
    """
    return {"brand_posts": brand_post_table(draws)}
