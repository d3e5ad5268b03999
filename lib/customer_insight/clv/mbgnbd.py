"""The modified BG/NBD model of Batislam, Denizel and Filiztekin (2007)."""

from customer_insight.clv.beta_geometric import BetaGeometricNBD


class MBGNBD(BetaGeometricNBD):
    """Customers buy at their own rate, and may leave after each purchase, the first one too.

    As `BGNBD`, with one more chance to leave, right after the first purchase: so that a customer
    who bought once and fell silent is not called alive for certain.

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
    Batislam, E. P., Denizel, M. and Filiztekin, A. (2007). Empirical Validation and Comparison of
    Models for Customer Base Analysis. International Journal of Research in Marketing 24(3),
    201-209.

    Hoppe, D. and Wagner, U. (2007). Customer Base Analysis: The Case for a Central Variant of the
    Betageometric/NBD Model. Marketing - Journal of Research and Management 3(2), 75-90.

    Examples
    --------
    >>> import polars
    >>> model = MBGNBD.from_parameters(unit="week", r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> once = polars.DataFrame({
    ...     "repeat_purchases": [0], "weeks_first_to_last": [0.0], "weeks_observed": [38.86],
    ... })
    >>> float(model.probability_alive(once)[0].round(3))
    0.39
    """

    chances_at_first_purchase = 1
