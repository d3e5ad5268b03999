"""Features of customers, the same on pandas, Polars, DuckDB and PySpark."""

from customer_insight.features.cohorts import cohorts
from customer_insight.features.holdout_purchases import holdout_purchases
from customer_insight.features.purchase_summary import purchase_summary
from customer_insight.features.rfm import rfm
from customer_insight.features.rfm_groups import rfm_groups
from customer_insight.features.rfm_segments import SEGMENTS, SegmentRule

__all__ = [
    "SEGMENTS",
    "SegmentRule",
    "cohorts",
    "holdout_purchases",
    "purchase_summary",
    "rfm",
    "rfm_groups",
]
