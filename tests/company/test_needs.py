"""What people need: classes by segment, and importance around the class."""

import numpy as np
import pytest

from customer_insight.company.draws import Draws
from customer_insight.company.habits import SEGMENTS
from customer_insight.company.needs import (
    KANO_CLASSES,
    NEED_CLASSES,
    draw_needs,
    kano_classes,
    mean_importance,
    need_truth,
)
from customer_insight.company.survey_kano import best_worst_sets
from customer_insight.data.mechanisms import mechanism

EACH = 3_000


@pytest.fixture(scope="module")
def needs():
    segment = np.repeat(np.arange(len(SEGMENTS)), EACH)
    return draw_needs(segment, "needs", Draws(5))


def test_classes_come_as_often_as_their_weights_say(needs):
    for place, name in enumerate(SEGMENTS):
        weights = np.array(mechanism("needs")["weights"][name])
        share = weights / weights.sum()
        own = needs.need_class[place * EACH : (place + 1) * EACH]
        found = np.bincount(own, minlength=len(NEED_CLASSES)) / EACH
        assert (np.abs(found - share) < 4 * np.sqrt(share * (1 - share) / EACH)).all()


def test_importance_lies_around_the_class_and_the_segments_mean(needs):
    facts = mechanism("needs")
    profiles = np.array(list(facts["classes"].values()))
    around = needs.importance - profiles[needs.need_class]
    spread = np.hypot(facts["spread"], facts["style"])
    assert abs(around.mean()) < 4 * facts["style"] / np.sqrt(len(around))
    assert abs(around.std() - spread) < 0.01
    by_segment = needs.importance.reshape(len(SEGMENTS), EACH, -1)
    error = by_segment.std(axis=1) / np.sqrt(EACH)
    assert (np.abs(by_segment.mean(axis=1) - mean_importance()) < 4.5 * error).all()


def test_truth_says_kano_class_and_importance_of_each_need_and_segment():
    truth = need_truth()
    assert truth.height == 13 * len(SEGMENTS)
    givers = truth.filter(segment="gift", need_id="N05")
    assert givers["kano_class"].item() == "must_be"
    by_hand = (14 * 2.5 + 8 * 2.0 + 4 * 1.8 + 66 * 4.7 + 8 * 1.9) / 100
    assert givers["importance"].item() == pytest.approx(by_hand)
    hikers = truth.filter(segment="outdoor", need_id="N05")
    assert hikers["kano_class"].item() == "indifferent"
    assert KANO_CLASSES[kano_classes()[SEGMENTS.index("rhythm"), 5]] == "reverse"


def test_each_pair_of_needs_meets_in_one_best_worst_set():
    sets = best_worst_sets()
    shown = np.zeros((13, 13), dtype=int)
    for own in sets:
        shown[np.ix_(own, own)] += 1
    assert (np.diag(shown) == 4).all()
    assert (shown[~np.eye(13, dtype=bool)] == 1).all()
