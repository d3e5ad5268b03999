"""Statistics below every chapter: intervals, resampling, ranks, concentration, hold-out."""

from customer_insight.stats.calibration import calibration_by_group, frequency_groups
from customer_insight.stats.concentration import gini, lorenz, top_share
from customer_insight.stats.holdout import HoldoutReport, holdout_report
from customer_insight.stats.ranking import normalised_gini, spearman, top_capture
from customer_insight.stats.ranks import average_rank, min_rank
from customer_insight.stats.resampling import Interval, bootstrap_interval

__all__ = [
    "HoldoutReport",
    "Interval",
    "average_rank",
    "bootstrap_interval",
    "calibration_by_group",
    "frequency_groups",
    "gini",
    "holdout_report",
    "lorenz",
    "min_rank",
    "normalised_gini",
    "spearman",
    "top_capture",
    "top_share",
]
