"""All that customers write and say: the tables of texts, block by block and fixed."""

import polars as pl

from customer_insight.company.baskets import Goods
from customer_insight.company.complaint_tables import complaint_tables, link_tickets
from customer_insight.company.draws import Draws
from customer_insight.company.feelings import Feelings
from customer_insight.company.interview_words import codebook, codes
from customer_insight.company.interviews import interview_tables
from customer_insight.company.pains import KINDS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.reviews import review_tables
from customer_insight.company.text_codes import code_texts, sampled, spoken_pains
from customer_insight.data.mechanisms import mechanism


def text_tables(
    block: PeopleBlock, feelings: Feelings, goods: Goods, tickets: pl.DataFrame, draws: Draws
) -> dict[str, pl.DataFrame]:
    """Return complaints, reviews and interviews of a block of people, and the truth about them.

    Parameters
    ----------
    block : PeopleBlock
        People and what they bought.
    feelings : Feelings
        Of the same people.
    goods : Goods
        The articles.
    tickets : polars.DataFrame
        The block's ``tickets``: ``ticket_id``, ``order_id``, ``opened_at``.
    draws : Draws
        Of the company.

    Returns
    -------
    dict of str to polars.DataFrame
        ``complaints``, ``reviews``, ``truth_texts``, ``truth_aspects``, ``truth_errors``; for the
        first block also ``interviews``, ``interview_passages``, ``text_codes`` and
        ``truth_themes``, because only its people were interviewed and only its texts coded.
        Columns as the catalogue states.
    """
    complained = complaint_tables(block, feelings, goods, draws)
    reviewed = review_tables(block, feelings, goods, draws)
    complaints = link_tickets(complained["complaints"], tickets)
    tables = {
        "complaints": complaints.select(complained["complaints"].columns),
        "reviews": reviewed["reviews"],
        **{
            name: pl.concat([complained[name], reviewed[name]])
            for name in ("truth_texts", "truth_aspects", "truth_errors")
        },
    }
    if block.number:
        return tables
    spoken = interview_tables(block, feelings, draws)
    own = draws.within(block.number)
    pains = spoken_pains(tables["truth_texts"])
    coded = [
        code_texts(sampled(ids, own.within(place)), pains, len(KINDS), own.within(place))
        for place, ids in enumerate(
            (tables["complaints"]["complaint_id"], tables["reviews"]["review_id"])
        )
    ]
    passages = spoken["interview_passages"]["passage_id"]
    coded.append(code_texts(passages, spoken["truth_themes"], len(codes()), own.within(2)))
    return {**tables, **spoken, "text_codes": pl.concat(coded)}


def text_fixed_tables() -> dict[str, pl.DataFrame]:
    """Return ``codebook``, and the rows of ``truth_outbreaks`` about complaints."""
    batch = mechanism("service_outbreaks")["bad_batch"]
    outbreak = {
        "outbreak_id": "complaints_bad_batch",
        "table_name": "complaints",
        "kind": "bad_batch",
        "begins_on": batch["begins"],
        "ends_on": batch["ends"],
        "place": batch["product_id"],
        "size": mechanism("complaint_outbreak")["chance"],
        "why": "Share of the orders with the article in these days that led to a complaint.",
    }
    return {"codebook": codebook(), "truth_outbreaks": pl.DataFrame([outbreak])}
