"""What surveys ask about: needs, brand attributes, statements, and the comments people write."""

import functools
from types import MappingProxyType

import polars as pl

from customer_insight.company.content import CONTENT_FOLDER

COLUMNS = MappingProxyType(
    {
        "needs": {"cost_to_meet": pl.Int64},
        "brand_attributes": {},
        "statements": {"reversed": pl.Boolean},
        "comments": {},
    }
)


@functools.cache
def survey_content(name: str) -> pl.DataFrame:
    """Return one table of what surveys ask about, in the file's order.

    Parameters
    ----------
    name : str
        "needs", "brand_attributes", "statements" or "comments".

    Returns
    -------
    polars.DataFrame
        Columns as in ``datasets/company/content/survey_<name>.csv``; costs are fen a year.

    Examples
    --------
    >>> survey_content("needs").row(0)
    ('N01', 'Less sugar', '少糖', 'tea', 18000000)
    """
    types = COLUMNS[name]
    texts = pl.read_csv(CONTENT_FOLDER / f"survey_{name}.csv", infer_schema=False)
    flag = {"true": True, "false": False}
    return texts.with_columns(
        pl.col(column).replace_strict(flag, return_dtype=kind)
        if kind == pl.Boolean
        else pl.col(column).cast(kind)
        for column, kind in types.items()
    )


def need_ids() -> tuple[str, ...]:
    """Return the ids of the needs in their order, N01 to N13."""
    return tuple(survey_content("needs")["need_id"])


def statements_of(instrument: str) -> pl.DataFrame:
    """Return the statements of one instrument, in their order."""
    return survey_content("statements").filter(pl.col("instrument") == instrument)
