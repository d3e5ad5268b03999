import pytest
from nbformat import v4

from customer_insight.course.parameters import ParameterError, defaults, values

OFFERED = {
    "weeks": 39,
    "rate": 0.1,
    "table": "cdnow",
    "plot": True,
    "shares": [0.2],
    "names": {"a": 1},
    "as_of": None,
    "stop": "1997-09-30",
}


def notebook(source, tags=("parameters",)):
    return v4.new_notebook(cells=[v4.new_code_cell(source, metadata={"tags": list(tags)})])


def value(name, text):
    return values([(name, text)], OFFERED, lesson="5_clv/1_a")[name]


def test_written_out_values_are_read_and_computed_ones_are_not():
    source = "weeks: int = 39\nrate = -0.1\nend = weeks * 2\na, b = 1, 2\npair = (1, 2)\nlow = None"
    assert defaults(notebook(source)) == {"weeks": 39, "rate": -0.1, "low": None}


def test_only_the_tagged_cell_counts_and_it_is_never_run(tmp_path):
    trap = f"weeks = 1\nopen({str(tmp_path / 'ran')!r}, 'w')"
    assert defaults(notebook(trap)) == {"weeks": 1}
    assert not (tmp_path / "ran").exists()
    assert defaults(notebook("weeks = 1", tags=())) == {}
    assert defaults(notebook("%matplotlib inline")) == {}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("weeks", "26", 26),
        ("weeks", "-1", -1),
        ("rate", "1", 1.0),
        ("rate", "1e-3", 0.001),
        ("table", "39", "39"),
        ("table", "", ""),
        ("table", 'say "清禾"', 'say "清禾"'),
        ("plot", "False", False),
        ("plot", "yes", True),
        ("shares", "[0.1, 0.2]", [0.1, 0.2]),
        ("names", "{'b': 2}", {"b": 2}),
        ("as_of", "7", 7),
        ("as_of", "1998-06-30", "1998-06-30"),
        ("stop", "1997-06-30", "1997-06-30"),
        ("stop", "19970630", "1997-06-30"),
    ],
)
def test_a_value_takes_the_type_of_its_default(name, text, expected):
    got = value(name, text)
    assert got == expected
    assert type(got) is type(expected)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("weeks", "39.5", "a whole number"),
        ("weeks", "many", "a whole number"),
        ("weeks", "True", "a whole number"),
        ("rate", "nan", "a finite number"),
        ("rate", "inf", "a finite number"),
        ("rate", "ten", "a finite number"),
        ("plot", "2", "true or false"),
        ("shares", "0.2", "a list"),
        ("shares", "[", "a list"),
        ("names", "__import__('os')", "a dictionary"),
        ("stop", "1997-13-30", "a day of the calendar as year-month-day"),
        ("stop", "1997-02-29", "a day of the calendar as year-month-day"),
        ("stop", "soon", "a day of the calendar as year-month-day"),
    ],
)
def test_a_value_of_the_wrong_type_is_refused_with_an_example(name, text, kind):
    with pytest.raises(ParameterError, match=kind) as caught:
        value(name, text)
    assert f"The setting {name!r} of lesson 5_clv/1_a is {kind}" in str(caught.value)
    assert f"-p {name} {OFFERED[name]!r}" in str(caught.value)


def test_an_unknown_name_is_refused_with_the_nearest_and_all():
    with pytest.raises(ParameterError, match="has no setting 'week'") as caught:
        value("week", "1")
    assert "Did you mean weeks?" in str(caught.value)
    assert "weeks (39), rate (0.1), table ('cdnow')" in str(caught.value)


def test_a_lesson_without_settings_says_so():
    with pytest.raises(ParameterError, match="Lesson 1_a has no settings"):
        values([("weeks", "1")], {}, lesson="1_a")


def test_a_name_given_twice_is_refused():
    with pytest.raises(ParameterError, match="'weeks' is given twice"):
        values([("weeks", "1"), ("weeks", "2")], OFFERED, lesson="1_a")
