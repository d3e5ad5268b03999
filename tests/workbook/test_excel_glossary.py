from pathlib import Path

from customer_insight.course.glossary import alike, terms
from customer_insight.course.house import House
from customer_insight.features import SEGMENTS
from customer_insight.workbook.excel_glossary import glossary

ROOT = Path(__file__).parents[2]


def test_what_a_lesson_explains_is_explained_here_in_the_same_words():
    taught = {alike(term.en): term for term in terms(House(ROOT))}
    shared = [term for term in glossary() if alike(term.en) in taught]
    assert len(shared) >= 6
    for term in shared:
        lesson = taught[alike(term.en)]
        assert (term.zh, term.meaning) == (lesson.zh, lesson.meaning)


def test_terms_are_in_order_distinct_and_complete():
    found = glossary()
    names = [term.en.casefold() for term in found]
    plain = names[: -len({rule.segment for rule in SEGMENTS})]
    assert plain == sorted(plain)
    assert len(set(names)) == len(names)
    assert all(term.en and term.zh and term.meaning for term in found)


def test_every_segment_stands_once_with_its_scores():
    meanings = {term.en: (term.zh, term.meaning) for term in glossary()}
    assert meanings["At risk (at_risk)"] == ("有流失风险客户", "segment: R 1 to 2, F 3 to 4")
    assert {f"{rule.name} ({rule.segment})" for rule in SEGMENTS} <= set(meanings)
