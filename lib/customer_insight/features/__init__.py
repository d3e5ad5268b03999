"""Features of customers, the same on pandas, Polars, DuckDB and PySpark."""

from customer_insight.features.holdout_purchases import holdout_purchases
from customer_insight.features.purchase_summary import purchase_summary

__all__ = ["holdout_purchases", "purchase_summary"]
