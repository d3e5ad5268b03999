"""What two coders find in texts: the table ``text_codes``."""

import numpy as np
import polars as pl

from customer_insight.company.calendar import EPOCH
from customer_insight.company.draws import Draws
from customer_insight.company.interview_words import NOTHING, codes
from customer_insight.company.pains import KINDS
from customer_insight.data.mechanisms import mechanism

CODERS = ("K1", "K2")


def code_texts(texts: pl.Series, truth: pl.DataFrame, able: int, draws: Draws) -> pl.DataFrame:
    """Return what each coder noted in texts.

    Parameters
    ----------
    texts : polars.Series of String
        Ids of the texts in the order of reading.
    truth : polars.DataFrame
        ``text_id``, ``code``: what is there.
    able : int
        How many of `codes`, from the first, the coders look for: 4 for the pains alone.
    draws : Draws
        Of the block and the table that the texts are from.

    Returns
    -------
    polars.DataFrame
        ``text_id``, ``coder_id``, ``code``, ``coded_on``; a row a code, and one with the code
        "none" where a coder found nothing, so that it is known who read what.
    """
    there = _there(texts, truth)[:, :able]
    return pl.concat(_coded(texts, there, coder, draws.within(coder)) for coder in range(2))


def sampled(ids: pl.Series, draws: Draws) -> pl.Series:
    """Return the ids of texts that coders read, in the order of reading."""
    order = draws.of("text_codes", "sample").order(len(ids))
    return ids.gather(order[: mechanism("coding")["sample"]])


def spoken_pains(truth: pl.DataFrame) -> pl.DataFrame:
    """Return the pains of ``truth_texts`` as rows of ``text_id`` and ``code``."""
    return (
        truth.unpivot(KINDS, index="text_id", variable_name="code", value_name="spoken_of")
        .filter("spoken_of")
        .select("text_id", "code")
    )


def _there(texts: pl.Series, truth: pl.DataFrame) -> np.ndarray:
    place = pl.DataFrame({"text_id": texts, "text": np.arange(len(texts))})
    known = truth.join(place, on="text_id")
    found = np.zeros((len(texts), len(codes())), dtype=bool)
    at = known["code"].replace_strict(codes(), range(len(codes())), return_dtype=pl.Int64)
    found[known["text"].to_numpy(), at.to_numpy()] = True
    return found


def _coded(texts: pl.Series, there: np.ndarray, coder: int, own: Draws) -> pl.DataFrame:
    facts = mechanism("coding")
    chance = np.where(there, facts["finds"][coder], facts["invents"][coder])
    noted = own.of("text_codes", "notes").chance(chance)
    service, process = KINDS.index("service"), KINDS.index("process")
    confused = own.of("text_codes", "confuses").chance(facts["confuses"][coder], size=len(texts))
    confused &= noted[:, service]
    noted[confused, service] = False
    noted[confused, process] = True
    noted = np.column_stack([noted, ~noted.any(axis=1)])
    text, code = np.nonzero(noted)
    names = pl.Series([*codes()[: there.shape[1]], NOTHING])
    first = (facts["first_day"] - EPOCH).days
    return pl.DataFrame(
        {
            "text_id": texts.gather(text),
            "coder_id": pl.repeat(CODERS[coder], len(text), eager=True),
            "code": names.gather(code),
            "coded_on": (first + text * facts["days"] // len(texts)).astype("datetime64[D]"),
        }
    )
