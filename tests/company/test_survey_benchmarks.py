"""Published satisfaction: by quality, with a small sample's error."""

import numpy as np

from customer_insight.company.content import content
from customer_insight.company.draws import Draws
from customer_insight.company.survey_benchmarks import satisfaction_benchmarks
from customer_insight.data.mechanisms import mechanism


def test_scores_lie_around_the_firms_quality_within_their_error():
    table, facts = satisfaction_benchmarks(Draws(5)), mechanism("benchmarks")
    firms = content("competitors").select("family", "firm_id", "quality_index")
    own = table.join(firms, on=["family", "firm_id"])
    assert own.height == 3 * 2 * 10
    start, slope = np.array([facts[name] for name in own["measure"]]).T
    years = own["year"].to_numpy() - 2022
    exact = start + slope * own["quality_index"].to_numpy() + facts["yearly"] * years
    error = facts["chance"] / np.sqrt(own["answers"].to_numpy())
    assert (np.abs(own["score"].to_numpy() - exact) < 4 * error + 0.5).all()


def test_the_industry_is_the_mean_of_its_firms_by_people_asked():
    table = satisfaction_benchmarks(Draws(5))
    part = table.filter(year=2023, family="tea", measure="loyalty")
    firms, industry = part[:-1], part[-1]
    mean = (firms["score"] * firms["answers"]).sum() / firms["answers"].sum()
    assert industry["firm_id"].item() == "industry"
    assert industry["answers"].item() == firms["answers"].sum()
    assert abs(industry["score"].item() - mean) <= 0.5
