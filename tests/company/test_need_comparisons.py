"""What staff hold for important: Saaty's scale, and weights that come out of it."""

import numpy as np
import polars as pl

from customer_insight.company.draws import Draws
from customer_insight.company.need_comparisons import CRITERIA, need_comparisons
from customer_insight.data.mechanisms import mechanism

STAFF = pl.Series([f"T{place:02d}" for place in range(24)])


def matrices(table, criterion):
    """Return everybody's matrix of judgements, shape (people, needs, needs)."""
    names = mechanism("need_comparisons")["needs"]
    result = np.ones((len(STAFF), len(names), len(names)))
    for staff, _, first, second, judgement in table.filter(criterion=criterion).iter_rows():
        times = float(judgement) if judgement > 0 else -1 / judgement
        person, row, column = STAFF.index_of(staff), names.index(first), names.index(second)
        result[person, row, column], result[person, column, row] = times, 1 / times
    return result


def test_every_pair_is_judged_once_by_everybody():
    table = need_comparisons(STAFF, Draws(5))
    assert table.height == len(STAFF) * len(CRITERIA) * 15
    assert table.select("staff_id", "criterion", "first", "second").is_duplicated().sum() == 0
    assert set(table["judgement"]) <= {*range(-9, -1), *range(1, 10)}
    assert need_comparisons(STAFF, Draws(5)).equals(table)


def test_geometric_means_rank_needs_as_staff_have_them_in_mind():
    table = need_comparisons(STAFF, Draws(5))
    for criterion in CRITERIA:
        mind = np.array(mechanism("need_comparisons")[criterion])
        weight = np.log(matrices(table, criterion)).mean(axis=(0, 2))
        assert np.corrcoef(weight, mind)[0, 1] > 0.97


def test_some_are_consistent_and_some_contradict_themselves():
    random_index = 1.24  # Saaty (1980), of six needs
    own = matrices(need_comparisons(STAFF, Draws(5)), "value")
    ratio = (np.linalg.eigvals(own).real.max(axis=1) - 6) / 5 / random_index
    assert (ratio < 0.1).any()
    assert (ratio > 0.1).any()
    assert ratio.max() < 0.6
