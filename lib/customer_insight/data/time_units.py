"""Units of time: how many days a unit has, and horizons that carry their unit."""

import re

DAYS_PER_UNIT = {"day": 1, "week": 7}
_HORIZON = re.compile(r"\s*(\d+)\s+(day|week)s?\s*")


def check_unit(unit: str) -> int:
    """Return the number of days in a unit of time.

    Months and years are not units: a month has 28 to 31 days, so that twelve of them are not a
    fixed number of anything, and a rate "a month" cannot be turned into weeks without an error.

    Parameters
    ----------
    unit : str
        "day" or "week".

    Returns
    -------
    int
        Days in one unit.

    Raises
    ------
    ValueError
        If ``unit`` is anything else.

    Examples
    --------
    >>> check_unit("week")
    7
    """
    if unit not in DAYS_PER_UNIT:
        raise ValueError(
            f"unit is {unit!r}, and must be one of {', '.join(map(repr, DAYS_PER_UNIT))}. "
            "Months and years have no fixed length, so rates per month would drift; "
            "choose 'week' (usual for purchases) or 'day'."
        )
    return DAYS_PER_UNIT[unit]


def horizon_days(horizon: str) -> int:
    """Return the length in days of a horizon that names its unit, such as "52 weeks".

    Parameters
    ----------
    horizon : str
        A whole positive number and a unit, "52 weeks" or "365 days".

    Returns
    -------
    int
        Days, at least 1.

    Raises
    ------
    ValueError
        If ``horizon`` is a bare number, names another unit, or is not positive.

    Examples
    --------
    >>> horizon_days("52 weeks"), horizon_days("1 day")
    (364, 1)
    """
    match = _HORIZON.fullmatch(horizon) if isinstance(horizon, str) else None
    if match is None or int(match[1]) == 0:
        raise ValueError(
            f"horizon is {horizon!r}, and must be a whole positive number with its unit, such as "
            "'52 weeks' or '365 days'. A bare number would be read in whatever unit the model was "
            "fitted in, and months and years have no fixed number of days."
        )
    return int(match[1]) * DAYS_PER_UNIT[match[2]]
