"""The tables that are the same for every number of customers."""

from customer_insight.company.fixed_tables import business_tables


def test_levels_say_which_step_is_real(world):
    levels = business_tables(*world)["truth_levels"]
    assert dict(levels.select("level", "real").iter_rows()) == {
        "basic": False,
        "silver": True,
        "gold": False,
        "diamond": False,
    }


def test_every_role_of_an_attribute_is_there(world):
    roles = set(business_tables(*world)["truth_attributes"]["role"])
    assert roles == {"causes", "predicts", "looks causal", "noise"}


def test_elasticities_cover_the_segments(world):
    table = business_tables(*world)["truth_elasticity"]
    assert tuple(table["segment"]) == world[0].choices.segments
    assert (table["exponent"] > 0).all()
