from collections import Counter
from itertools import product

import narwhals as nw
import pyarrow as pa
import pytest

from customer_insight.features import SEGMENTS, SegmentRule
from customer_insight.features.rfm_segments import check_segments, segment_of_scores

# The grid as it is usually drawn: recency from 5 (above) to 1, frequency from 1 to 5 (right).
DRAWN = """
new         potential_loyalists potential_loyalists champions champions
promising   potential_loyalists potential_loyalists loyal     loyal
about_to_sleep about_to_sleep   need_attention      loyal     loyal
hibernating hibernating         at_risk             at_risk   cannot_lose
hibernating hibernating         at_risk             at_risk   cannot_lose
"""
GRID = {
    (5 - row, column + 1): segment
    for row, line in enumerate(DRAWN.strip().splitlines())
    for column, segment in enumerate(line.split())
}
QUARTERS = (
    SegmentRule("good", "Good", "好", r=(1, 2), f=(1, 2)),
    SegmentRule("rest", "Rest", "其余", r=(1, 1), f=(3, 3)),
    SegmentRule("rest", "Rest", "其余", r=(3, 3), f=(1, 3)),
    SegmentRule("rest", "Rest", "其余", r=(2, 2), f=(3, 3)),
)


def test_the_rules_name_every_pair_of_scores_exactly_once():
    cells = Counter(cell for rule in SEGMENTS for cell in rule.cells())
    assert cells == dict.fromkeys(product(range(1, 6), repeat=2), 1)
    check_segments(SEGMENTS, groups=5)


def test_the_rules_are_the_grid_as_drawn(engine):
    assert len(GRID) == 25
    recency, frequency = zip(*GRID, strict=True)
    table = nw.from_native(engine.frame(pa.table({"r": recency, "f": frequency})))
    found = table.select("r", "f", segment=segment_of_scores(SEGMENTS)).to_native()
    assert engine.columns(found)["segment"] == nw.String()
    assert {(row["r"], row["f"]): row["segment"] for row in engine.rows(found)} == GRID


def test_codes_are_plain_words_and_names_tell_them_apart():
    assert len({rule.segment for rule in SEGMENTS}) == len({rule.name for rule in SEGMENTS}) == 10
    assert len({rule.name_zh for rule in SEGMENTS}) == 10
    assert all(rule.name_zh.endswith("客户") for rule in SEGMENTS)
    assert all(rule.segment.replace("_", "").isalpha() for rule in SEGMENTS)


def test_a_segment_may_have_several_rules():
    check_segments(QUARTERS, groups=3)


@pytest.mark.parametrize(
    ("rules", "groups", "message"),
    [
        (QUARTERS[:-1], 3, r"of the 9 pairs .* from 1 to 3, 1 have no rule \(r 2 f 3\)\. Cust"),
        (
            QUARTERS + QUARTERS[:1],
            3,
            r"4 have more than one \(r 1 f 1, r 1 f 2, r 2 f 1, r 2 f 2\)",
        ),
        (QUARTERS, 2, r"5 are named besides \(r 1 f 3, r 2 f 3, r 3 f 1, r 3 f 2, r 3 f 3\)\."),
        (SEGMENTS, 6, r"11 have no rule \(r 1 f 6, .*, r 5 f 6, \.\.\.\)"),
        ((), 2, r"4 have no rule .*SEGMENTS is written for groups=5.*rules of your own"),
        ((SegmentRule("x", "X", "某", r=(2, 1), f=(1, 2)),), 2, "4 have no rule"),
    ],
)
def test_rules_with_gaps_or_overlaps_are_refused_with_the_pairs(rules, groups, message):
    with pytest.raises(ValueError, match=message):
        check_segments(rules, groups=groups)
