import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.clv.period_histories import groups_of, read_histories

TABLE = pl.DataFrame(
    {
        "customer_id": ["b", "a", "a", "a", "a", "c"],
        "periods_ago": [3, 0, 5, 2, 4, 0],
        "town": ["x", "y", "y", "y", "y", "x"],
    }
)


def by_customer(histories):
    """Return columns of each customer, the customers in an order of their own."""
    rows = [histories.ago, histories.gap, histories.returned, histories.age, histories.last]
    columns = np.array([*rows, histories.first]).T.tolist()
    found = [[] for _ in range(histories.customers)]
    for customer, row in zip(histories.customer, columns, strict=True):
        found[customer].append(row)
    return sorted(found)


def test_gaps_ages_and_the_last_purchase():
    assert by_customer(read_histories(TABLE)) == [
        # ago, gap, returned, age, last, first
        [[0, 0, 0, 0, 1, 1]],
        [[3, 3, 0, 0, 1, 1]],
        [[5, 1, 1, 0, 0, 1], [4, 2, 1, 1, 0, 0], [2, 2, 1, 0, 0, 0], [0, 0, 0, 0, 1, 0]],
    ]


def test_neither_row_order_nor_kind_of_frame_matters():
    wanted = by_customer(read_histories(TABLE))
    assert by_customer(read_histories(TABLE.reverse())) == wanted
    assert by_customer(read_histories(TABLE.to_pandas())) == wanted


def test_chosen_customers_keep_their_whole_history():
    histories = read_histories(TABLE)
    codes, labels = groups_of(TABLE, "town", histories)
    assert labels == ["x", "y"]
    assert sorted(codes.tolist()) == [0, 0, 1]
    chosen = histories.of(codes == 0)
    assert chosen.customers == 2
    assert by_customer(chosen) == by_customer(read_histories(TABLE.filter(town="x")))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (TABLE.drop("customer_id"), "has no column 'customer_id'; it has 'periods_ago', 'town'"),
        (TABLE.drop("periods_ago"), "has no column 'periods_ago'"),
        (TABLE.head(0), "no rows"),
        (TABLE.lazy(), "lazy"),
        (TABLE.with_columns(periods_ago=pl.lit(-1)), "whole numbers from 0"),
        (TABLE.with_columns(periods_ago=pl.lit(0.5)), "whole numbers from 0"),
        (pl.concat([TABLE, TABLE]), "6 rows repeat a customer and period"),
        (TABLE.with_columns(customer_id=pl.lit(None, pl.String)), "missing in 6 of 6 rows"),
    ],
)
def test_what_is_no_table_of_purchase_periods_is_refused(table, message):
    with pytest.raises(ValueError, match=message):
        read_histories(table)


def test_groups_must_be_there_and_stay():
    histories = read_histories(TABLE)
    with pytest.raises(ValueError, match="no column 'city'; it has 'customer_id'"):
        groups_of(TABLE, "city", histories)
    moved = TABLE.with_columns(town=pl.Series(["x", "y", "x", "y", "y", "x"]))
    with pytest.raises(ValueError, match="1 customers change their group in the column 'town'"):
        groups_of(moved, "town", histories)
    unknown = TABLE.to_pandas().assign(town=pd.Series(["x", None, None, None, None, "x"]))
    with pytest.raises(ValueError, match="missing in 4 of 6 rows"):
        groups_of(unknown, "town", histories)
