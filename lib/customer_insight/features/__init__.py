"""Features of customers, the same on pandas, Polars, DuckDB and PySpark."""

from customer_insight.features.cohorts import cohorts
from customer_insight.features.holdout_purchases import holdout_purchases
from customer_insight.features.purchase_gaps import purchase_gaps
from customer_insight.features.purchase_summary import purchase_summary
from customer_insight.features.rfm import rfm
from customer_insight.features.rfm_groups import rfm_groups
from customer_insight.features.rfm_segments import SEGMENTS, SegmentRule
from customer_insight.features.sales_by_period import sales_by_period

__all__ = [
    "SEGMENTS",
    "SegmentRule",
    "cohorts",
    "holdout_purchases",
    "purchase_gaps",
    "purchase_summary",
    "rfm",
    "rfm_groups",
    "sales_by_period",
]
