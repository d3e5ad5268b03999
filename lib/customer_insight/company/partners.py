"""Partners, their members by keyed code, and what they cost and bring."""

import hashlib

import numpy as np
import polars as pl

from customer_insight.company import calendar
from customer_insight.company.acquisition import MONTHS
from customer_insight.company.arithmetic import exp
from customer_insight.company.campaign_plan import day_of
from customer_insight.company.draws import Draws, Stream
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.people_block import PeopleBlock
from customer_insight.company.places import Places
from customer_insight.data.mechanisms import mechanism

_BYTES = 8


def member_keys(phones: pl.Series) -> pl.Series:
    """Return the keyed codes under which partners hand in phone numbers.

    Parameters
    ----------
    phones : polars.Series of String
        Digits.

    Returns
    -------
    polars.Series of String
        Sixteen hexadecimal digits: keyed BLAKE2b with the key that both sides know.

    References
    ----------
    Saarinen, M.-J. and Aumasson, J.-P. (2015). The BLAKE2 cryptographic hash and message
    authentication code. RFC 7693.

    Examples
    --------
    >>> keys = member_keys(pl.Series(["00012345678", "00012345679"]))
    >>> keys.n_unique(), keys.str.len_chars().to_list()
    (2, [16, 16])
    """
    key = mechanism("partners")["key"].encode()
    codes = [hashlib.blake2b(phone.encode(), digest_size=_BYTES, key=key) for phone in phones]
    return pl.Series("member_key", [code.hexdigest() for code in codes], dtype=pl.String)


def partner_members(
    block: PeopleBlock, phones: pl.Series, places: Places, draws: Draws
) -> pl.DataFrame:
    """Return the part of the partners' members that lives beside a block of people.

    Parameters
    ----------
    block : PeopleBlock
        The people, some of whom are members.
    phones : polars.Series of String, shape (people,)
        Their phone numbers.
    places : Places
        Cities.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a member, sorted by partner and code: ``partner_id``, ``member_key``.
    """
    facts, own = mechanism("partners"), draws.within(block.number)
    parts = []
    for firm in facts["firms"]:
        suits = np.isin(np.array(SEGMENTS)[block.habits.segment], firm["suits"])
        chance = np.where(suits, firm["overlap"], firm["overlap"] * facts["unsuited"])
        if firm["city_id"] is not None:
            city = int(places.cities["city_id"].index_of(firm["city_id"]))
            chance = np.where(block.city == city, chance, 0.0)
        lots = own.of("partner_members", firm["partner_id"])
        ours = phones.filter(pl.Series(lots.chance(chance)))
        others = round(len(ours) * firm["others"])
        strange = pl.Series([f"{block.number}/{firm['partner_id']}/{n}" for n in range(others)])
        keys = pl.concat([member_keys(ours), member_keys(strange.cast(pl.String))]).sort()
        parts.append(
            pl.DataFrame({"member_key": keys}).with_columns(partner_id=pl.lit(firm["partner_id"]))
        )
    return pl.concat(parts)


def partner_table() -> pl.DataFrame:
    """Return the table ``partners``.

    Returns
    -------
    polars.DataFrame
        One row a partner: ``partner_id``, ``name``, ``name_zh``, ``kind``, ``city_id`` (missing:
        everywhere), ``members`` (as the partner states).
    """
    columns = ["partner_id", "name", "name_zh", "kind", "city_id", "members"]
    return pl.DataFrame(
        mechanism("partners")["firms"], schema_overrides={"city_id": pl.String}
    ).select(columns)


def partner_months(people: int, draws: Draws) -> pl.DataFrame:
    """Return the table ``partner_months``.

    Parameters
    ----------
    people : int
        Customers of the company; what partners reach and cost grows with them.
    draws : Draws
        Of the company.

    Returns
    -------
    polars.DataFrame
        One row a partner and month since it began: ``partner_id``, ``month`` (its first day),
        ``reach`` (people), ``cost`` (fen), ``visits``, ``sign_ups``.
    """
    facts = mechanism("partners")
    months = calendar.months()
    firsts = [calendar.dates()[int(np.argmax(months == month))] for month in range(MONTHS)]
    parts = []
    for firm in facts["firms"]:
        start = int(months[day_of(firm["starts_on"])])
        size = MONTHS - start
        own = draws.of("partner_months", firm["partner_id"])
        noise = exp(own.normal(size) * facts["spread"])
        reach = np.rint(noise * firm["reach"] * people / 1000).astype(np.int64)
        visits = _some_of(reach, firm["visits"], own)
        parts.append(
            pl.DataFrame(
                {
                    "partner_id": [firm["partner_id"]] * size,
                    "month": firsts[start:],
                    "reach": reach,
                    "cost": np.full(size, firm["cost"] * people // 1000),
                    "visits": visits,
                    "sign_ups": _some_of(visits, firm["sign_ups"], own),
                }
            )
        )
    return pl.concat(parts)


def _some_of(total: np.ndarray, share: float, stream: Stream) -> np.ndarray:
    """Return about a share of each total: binomial in mean and variance, of any size."""
    mean = total * share
    drawn = mean + np.sqrt(mean * (1 - share)) * stream.normal(len(total))
    return np.clip(np.rint(drawn), 0, total).astype(np.int64)
