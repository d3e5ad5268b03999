import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata

from customer_insight.stats.ranks import average_rank, centred_ranks, min_rank, tie_blocks

columns = st.lists(st.integers(-3, 3), min_size=1, max_size=30)


@given(columns)
def test_ranks_equal_scipy(values):
    assert average_rank(values).tolist() == rankdata(values, "average").tolist()
    assert min_rank(values).tolist() == rankdata(values, "min").tolist()


@given(columns)
def test_average_ranks_keep_their_sum(values):
    n = len(values)
    assert average_rank(values).sum() == n * (n + 1) / 2


def test_hand_ranked():
    values = [7, 1, 7, 7, 3]
    assert average_rank(values).tolist() == [4.0, 1.0, 4.0, 4.0, 2.0]
    assert min_rank(values).tolist() == [3, 1, 3, 3, 2]
    assert min_rank(values).dtype == np.int64


def test_six_in_ten_customers_with_one_order_share_one_rank():
    orders = [1] * 60 + [2] * 25 + [3] * 15
    assert set(min_rank(orders)[:60].tolist()) == {1}


def test_ranks_move_with_their_rows():
    rng = np.random.default_rng(1)
    values = rng.integers(0, 5, 50)
    shuffle = rng.permutation(50)
    assert average_rank(values)[shuffle].tolist() == average_rank(values[shuffle]).tolist()


def test_centred_ranks_are_whole_and_zero_where_all_are_equal():
    assert centred_ranks(np.array([7])).tolist() == [0]
    assert centred_ranks(np.array([1, 1, 1, 1])).tolist() == [-3, -1, 1, 3]
    assert centred_ranks(np.array([2, 1])).dtype == np.int64


def test_a_block_that_was_not_drawn_leaves_the_others_ranks():
    with_gap = centred_ranks(np.array([[2, 0, 3]]))[0]
    assert with_gap[[0, 2]].tolist() == centred_ranks(np.array([2, 3])).tolist()


def test_blocks_give_rows_what_is_theirs():
    blocks = tie_blocks(np.array([3.0, 1.0, 3.0]))
    assert blocks.to_rows(np.array([10, 20])).tolist() == [20, 10, 20]
    assert blocks.sums(np.array([1.0, 5.0, 6.0])).tolist() == [1.0, 11.0]


@pytest.mark.parametrize("rank", [average_rank, min_rank])
def test_a_missing_value_has_no_rank(rank):
    with pytest.raises(ValueError, match="values: 1 of 2 values are missing, at positions 1 "):
        rank([1.0, np.nan])
