"""The table ``brand_posts``: the company's own posts, what they cost and whom they reached."""

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.arithmetic import power
from customer_insight.company.draws import Draws, row_edges
from customer_insight.company.ids import block_ids
from customer_insight.company.web_events import timestamps
from customer_insight.company.web_interests import TOPICS
from customer_insight.company.web_visits import DAY_SECONDS
from customer_insight.data.mechanisms import mechanism

_WEEK = 7
_YUAN = 100


def brand_post_table(draws: Draws) -> pl.DataFrame:
    """Return the company's own posts, one a week.

    Parameters
    ----------
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a post in the order of time; columns as the catalogue states.
    """
    facts, weeks = mechanism("brand_posts"), calendar.DAYS // _WEEK
    day = np.arange(weeks) * _WEEK + draws.of("brand_posts", "day").whole(0, _WEEK, weeks)
    month = calendar.months()[day] % 12
    season = np.array([[m + 1 in facts["season"][topic] for topic in TOPICS] for m in range(12)])
    weight = np.where(season, facts["in_season"], 1)
    topic = draws.of("brand_posts", "topic").pick_by_row(row_edges(weight), month)
    cost = np.array(facts["cost"])[
        draws.of("brand_posts", "cost").pick(facts["cost_weights"], weeks)
    ]
    hour = draws.of("brand_posts", "hour").whole(9, 21, weeks)
    spread = 2 * draws.of("brand_posts", "reach").uniform(weeks) - 1
    free = np.floor(facts["reach_unpaid"] * (1 + facts["spread"] * spread)).astype(np.int64)
    bought = facts["reach_a_yuan"] * power(np.maximum(cost, 1) / _YUAN, facts["returns"])
    paid = np.where(cost > 0, np.floor(bought * (1 + facts["spread"] * spread)), 0).astype(np.int64)
    mean = facts["clicks"] * free + facts["paid_clicks"] * paid
    mean = mean * np.where(season[month, topic], facts["season_clicks"], 1.0)
    clicks = draws.of("brand_posts", "clicks").poisson(mean)
    sign_ups = draws.of("brand_posts", "sign_ups").poisson(clicks * facts["sign_ups"])
    return pl.DataFrame(
        {
            "brand_post_id": block_ids("BP", 0, np.arange(weeks)),
            "posted_at": timestamps(day * DAY_SECONDS + hour * 3600),
            "topic": pl.Series(TOPICS).gather(topic),
            "cost": cost,
            "reach": free + paid,
            "clicks": clicks,
            "sign_ups": np.minimum(sign_ups, clicks),
        }
    )
