"""What surveys ask about is complete in both languages."""

import pytest

from customer_insight.company.content import CONTENT_FOLDER
from customer_insight.company.pains import KINDS
from customer_insight.company.survey_content import COLUMNS, statements_of, survey_content


@pytest.mark.parametrize("name", list(COLUMNS))
def test_rows_are_numbered_in_order_and_nothing_is_empty(name):
    table = survey_content(name)
    assert table[:, 0].is_duplicated().sum() == 0
    assert sum(table.null_count().row(0)) == 0
    for column in (name for name in table.columns if name.endswith("_zh")):
        assert table[column].str.contains(r"\p{Han}").all()
    data = (CONTENT_FOLDER / f"survey_{name}.csv").read_bytes()
    assert data.endswith(b"\n")
    assert b"\r" not in data


def test_the_instruments_have_the_published_number_of_statements():
    counts = {name: statements_of(name).height for name in ("servqual", "sus", "motives")}
    assert counts == {"servqual": 22, "sus": 10, "motives": 15}
    by_dimension = statements_of("servqual")["dimension"].value_counts()
    assert dict(by_dimension.iter_rows()) == {
        "tangibles": 4,
        "reliability": 5,
        "responsiveness": 4,
        "assurance": 4,
        "empathy": 5,
    }
    assert statements_of("sus")["reversed"].to_list() == [False, True] * 5


def test_there_are_comments_for_every_pain_and_for_praise():
    comments = survey_content("comments")
    assert set(comments["theme"]) == {*KINDS, "praise", "fine"}
    assert comments["comment"].is_duplicated().sum() == 0
    assert comments["theme"].value_counts()["count"].min() >= 8
