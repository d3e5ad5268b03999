from collections import Counter

import pytest

from customer_insight.data.intake import IntakeError

from .cases import CASES
from .corpus import outcome, verdict
from .leaks import in_error, in_report


def in_two_suites(cases):
    """Leave to the quick suite each outcome's first case and a third of the others."""
    seen = set()
    for number, each in enumerate(cases):
        outcome_of = (each.refused, each.warned, frozenset(each.aside), each.file)
        quick = outcome_of not in seen or number % 3 == 0
        seen.add(outcome_of)
        yield pytest.param(each, id=each.name, marks=[] if quick else [pytest.mark.evidence])


@pytest.mark.parametrize("each", list(in_two_suites(CASES)))
def test_a_file_is_read_as_it_is_or_refused_and_no_value_is_shown(each, tmp_path):
    came = outcome(each, tmp_path)
    fits, said = verdict(each, came)
    assert fits, said
    if isinstance(came, IntakeError):
        assert in_error(came) == []
        assert "Nothing was loaded." in str(came)
        reasons = [finding for finding in came.findings if finding.level == "refused"]
    else:
        assert in_report(came) == []
        reasons = came.report.warnings
    assert all(each.where and each.what and each.why and each.fix for each in reasons)


def test_the_corpus_is_large_and_names_each_case_once():
    assert len(CASES) >= 80
    assert [name for name, count in Counter(each.name for each in CASES).items() if count > 1] == []
