"""Statistics below every chapter: intervals, resampling, ranks, concentration, hold-out."""

from customer_insight.stats.calibration import calibration_by_group, frequency_groups
from customer_insight.stats.concentration import gini, lorenz, top_share
from customer_insight.stats.holdout import HoldoutReport, holdout_report
from customer_insight.stats.mean_intervals import mean_difference, mean_interval, normal_interval
from customer_insight.stats.ranking import normalised_gini, spearman, top_capture
from customer_insight.stats.ranks import average_rank, min_rank
from customer_insight.stats.ratio_interval import ratio_interval
from customer_insight.stats.resampling import Interval, bootstrap_interval
from customer_insight.stats.share_intervals import share_difference, share_interval
from customer_insight.stats.survival import kaplan_meier, time_by_which
from customer_insight.stats.whale_curve import WhaleCurve, whale_curve

__all__ = [
    "HoldoutReport",
    "Interval",
    "WhaleCurve",
    "average_rank",
    "bootstrap_interval",
    "calibration_by_group",
    "frequency_groups",
    "gini",
    "holdout_report",
    "kaplan_meier",
    "lorenz",
    "mean_difference",
    "mean_interval",
    "min_rank",
    "normal_interval",
    "normalised_gini",
    "ratio_interval",
    "share_difference",
    "share_interval",
    "spearman",
    "time_by_which",
    "top_capture",
    "top_share",
    "whale_curve",
]
