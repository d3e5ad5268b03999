"""Customer lifetime value: models of buying, leaving and spending, fitted by maximum likelihood."""

from customer_insight.clv.bgnbd import BGNBD
from customer_insight.clv.bootstrap import BootstrapInterval, bootstrap
from customer_insight.clv.fit import FitRefusedError
from customer_insight.clv.gamma_gamma import GammaGamma
from customer_insight.clv.history_grid import history_grid
from customer_insight.clv.mbgnbd import MBGNBD
from customer_insight.clv.pareto_nbd import ParetoNBD
from customer_insight.clv.shifted_beta_geometric import ShiftedBetaGeometric
from customer_insight.clv.tracking import expected_cumulative_purchases

__all__ = [
    "BGNBD",
    "MBGNBD",
    "BootstrapInterval",
    "FitRefusedError",
    "GammaGamma",
    "ParetoNBD",
    "ShiftedBetaGeometric",
    "bootstrap",
    "expected_cumulative_purchases",
    "history_grid",
]
