"""What can be bought and where: the same for every block of customers."""

from customer_insight.company.baskets import Goods
from customer_insight.company.choices import set_choices
from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.places import Places
from customer_insight.company.prices import set_prices


def goods_and_places(draws: Draws) -> tuple[Goods, Places]:
    """Return what can be bought and where.

    Parameters
    ----------
    draws : Draws
        Of the company.

    Returns
    -------
    goods : Goods
    places : Places
    """
    products = content("products")
    prices = set_prices(products, draws)
    goods = Goods(products, prices, set_choices(products, prices))
    return goods, Places(content("cities"), content("shops"))
