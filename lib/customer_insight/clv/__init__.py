"""Customer lifetime value: what customers earned, will buy, refer and risk; how sure that is."""

from customer_insight.clv.acquire_or_retain import AcquireOrRetain, ResponseCurve
from customer_insight.clv.attribute_groups import values_by_group
from customer_insight.clv.base_value import BaseModel
from customer_insight.clv.bgnbd import BGNBD
from customer_insight.clv.bootstrap import BootstrapInterval, bootstrap
from customer_insight.clv.cohort_value import always_a_share, lost_for_good
from customer_insight.clv.constant_retention import RetentionGroups, constant_retention_error
from customer_insight.clv.contact_policy import best_contact_policy, policy_values
from customer_insight.clv.count_intervals import CountIntervals, count_intervals
from customer_insight.clv.credit_loss import expected_losses, loss_given_default
from customer_insight.clv.credit_risk import grade_risks
from customer_insight.clv.customer_equity import customer_equity
from customer_insight.clv.customer_kinds import (
    KINDS,
    Bound,
    KindRule,
    customer_kinds,
    kind_overlap,
    kind_profits,
)
from customer_insight.clv.customer_profit import customer_profit
from customer_insight.clv.event_economics import OrderEconomics, OrderEvent, unit_money
from customer_insight.clv.event_forecast import event_forecast
from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.gamma_gamma import GammaGamma
from customer_insight.clv.gamma_poisson import GammaPoisson
from customer_insight.clv.history_grid import history_grid
from customer_insight.clv.lost_customer import cost_of_loss
from customer_insight.clv.mbgnbd import MBGNBD
from customer_insight.clv.offers import offer_effects
from customer_insight.clv.order_forecast import order_forecast
from customer_insight.clv.pareto_nbd import ParetoNBD
from customer_insight.clv.profit_sources import activity_pools, return_postings, sales_postings
from customer_insight.clv.purchase_periods import purchase_periods
from customer_insight.clv.receivables import Receivables
from customer_insight.clv.recency_chain import recency_values, state_shares, transition_matrix
from customer_insight.clv.referral_value import check_claims, referral_value
from customer_insight.clv.repurchase_rates import (
    late_returns,
    repurchase_by_recency,
    retention_by_age,
)
from customer_insight.clv.retention_value import (
    margin_multiple,
    s_shaped_margin,
    value_of_flow,
    value_of_sales,
)
from customer_insight.clv.risk_adjusted import (
    conditional_value_at_risk,
    customer_value_risk,
    group_value_risk,
)
from customer_insight.clv.risk_premium import equivalent_premium
from customer_insight.clv.shifted_beta_geometric import ShiftedBetaGeometric
from customer_insight.clv.tracking import expected_cumulative_purchases
from customer_insight.clv.value_card import value_card, weight_sensitivity
from customer_insight.clv.value_draws import ValueDraws
from customer_insight.clv.value_ledger import value_ledger
from customer_insight.clv.value_line import ValueLine

__all__ = [
    "BGNBD",
    "KINDS",
    "MBGNBD",
    "AcquireOrRetain",
    "BaseModel",
    "BootstrapInterval",
    "Bound",
    "CountIntervals",
    "FitRefusedError",
    "GammaGamma",
    "GammaPoisson",
    "KindRule",
    "OrderEconomics",
    "OrderEvent",
    "ParetoNBD",
    "Receivables",
    "ResponseCurve",
    "RetentionGroups",
    "ShiftedBetaGeometric",
    "ValueDraws",
    "ValueLine",
    "activity_pools",
    "always_a_share",
    "best_contact_policy",
    "bootstrap",
    "check_claims",
    "conditional_value_at_risk",
    "constant_retention_error",
    "cost_of_loss",
    "count_intervals",
    "customer_equity",
    "customer_kinds",
    "customer_profit",
    "customer_value_risk",
    "equivalent_premium",
    "event_forecast",
    "expected_cumulative_purchases",
    "expected_losses",
    "grade_risks",
    "group_value_risk",
    "history_grid",
    "kind_overlap",
    "kind_profits",
    "late_returns",
    "loss_given_default",
    "lost_for_good",
    "margin_multiple",
    "offer_effects",
    "order_forecast",
    "policy_values",
    "purchase_periods",
    "recency_values",
    "referral_value",
    "repurchase_by_recency",
    "retention_by_age",
    "return_postings",
    "s_shaped_margin",
    "sales_postings",
    "state_shares",
    "transition_matrix",
    "unit_money",
    "value_card",
    "value_ledger",
    "value_of_flow",
    "value_of_sales",
    "values_by_group",
    "weight_sensitivity",
]
