"""What a report is asked for, checked before anything is read."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from customer_insight.workbook.engine import ENGINES

IDS = ("pseudonyms", "plain")


@dataclass(frozen=True)
class Options:
    """What a report is asked for.

    Attributes
    ----------
    mapping : pathlib.Path or None
        How the file is read, as ``course intake --save-mapping`` wrote it.
    as_of : datetime.date or None
        Last day that counts; by default the last day of the file.
    currency : str or None
        ISO code.
    engine : {"duckdb", "spark"}
    ids : {"pseudonyms", "plain"}
        How customers are named in what is written.
    key : pathlib.Path or None
        Key file of the pseudonyms; by default one in the user's own settings, made when needed.
    compare : pathlib.Path or None
        Folder of an earlier report.
    margin : float or None
        Share of sales that stays, 0 to 1.
    contact_cost : float or None
        Cost of one contact, in major units.
    discount : float or None
        Effective yearly rate at which money to come counts less, 0 to 1.
    run_date : datetime.date or None
        Written on the report; default today. Nothing else differs between two runs.
    """

    mapping: Path | None = None
    as_of: dt.date | None = None
    currency: str | None = None
    engine: str = ENGINES[0]
    ids: str = IDS[0]
    key: Path | None = None
    compare: Path | None = None
    margin: float | None = None
    contact_cost: float | None = None
    discount: float | None = None
    run_date: dt.date | None = None

    def __post_init__(self) -> None:
        for name, known in (("engine", ENGINES), ("ids", IDS)):
            if getattr(self, name) not in known:
                raise ValueError(
                    f"{name} is {getattr(self, name)!r}; it must be one of {', '.join(known)}."
                )
        if self.margin is not None and not 0 < self.margin <= 1:
            raise ValueError(
                f"margin is {self.margin}, and must be a share above 0 and at most 1: 0.3 is 30 %."
            )
        if self.contact_cost is not None and not 0 < self.contact_cost < 1e9:
            raise ValueError(
                f"contact_cost is {self.contact_cost}, and must be above 0, in the file's currency."
            )
        if self.discount is not None and not 0 <= self.discount < 1:
            raise ValueError(
                f"discount is {self.discount}, and must be a share a year from 0 to under 1: 0.1 "
                "is 10 %."
            )
