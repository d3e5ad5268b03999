"""The BG/NBD model of Fader, Hardie and Lee (2005)."""

from customer_insight.clv.beta_geometric import BetaGeometricNBD


class BGNBD(BetaGeometricNBD):
    """Customers buy at their own rate, and may leave after each repeat purchase.

    Purchase rates follow a gamma distribution (r, alpha), the probability of leaving after a
    repeat purchase a beta distribution (a, b). Who bought only once had no chance to leave:
    the model calls all of them alive, with probability 1. `MBGNBD` does not.

    Attributes
    ----------
    r_, alpha_ : float
        Shape and scale of the purchase rates; their mean is ``r_ / alpha_`` a unit of time.
    a_, b_ : float
        Of the probability of leaving; its mean is ``a_ / (a_ + b_)``.
    unit_, n_customers_, log_likelihood_, standard_errors_, log_covariance_
        As `PurchaseModel` describes them.

    References
    ----------
    Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting Your Customers" the Easy Way:
    An Alternative to the Pareto/NBD Model. Marketing Science 24(2), 275-284.

    Examples
    --------
    The published parameters of the CDNOW cohort, in weeks:

    >>> import polars
    >>> model = BGNBD.from_parameters(unit="week", r=0.2426, alpha=4.4136, a=0.7929, b=2.4259)
    >>> customer = polars.DataFrame({
    ...     "repeat_purchases": [2], "weeks_first_to_last": [30.43], "weeks_observed": [38.86],
    ... })
    >>> float(model.expected_purchases(customer, horizon="39 weeks")[0].round(3))
    1.226
    """

    chances_at_first_purchase = 0
