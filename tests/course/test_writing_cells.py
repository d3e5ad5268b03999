import pytest

from customer_insight.course import writing_cells as rules
from customer_insight.course.writing import of_lesson

from . import good_lesson

LEAD = """A visit is not yet money. The owner knows what is left of each sale, so a share of the
# till is all that is needed to see what one more visit would bring to the house."""
CODE = "wrong = visits"
LONG = "# Here come " + "many words " * 180 + "\n# The tea house wrote"


@pytest.mark.parametrize(
    ("rule", "old", "new", "said"),
    [
        ("parameters_cell", '# %% tags=["parameters"]', "# %%", "found: none"),
        ("parameters_cell", "# %%\nrng", '# %% tags=["parameters"]\nrng', "found: 2, 7"),
        ("parameters_cell", "margin = 0.30", "margin = 1 - 0.70", "only NAME = VALUE"),
        ("parameters_cell", "margin = 0.30", "import math", "only NAME = VALUE"),
        ("parameters_cell", "39  # how far ahead we look", "39", "'weeks = 39' has no comment"),
        (
            "parameters_cell",
            "39  # how far ahead we look",
            "39  # -",
            "'weeks = 39' has no comment",
        ),
        (
            "parameters_cell",
            "# The days that count, each as people write it.\n",
            "",
            "'1997-10-01'",
        ),
        ("code_length", CODE, "a = 1\n" * 15 + CODE, "17 statements on 17 lines; at most 16"),
        ("code_length", CODE, "a = [\n" + "1,\n" * 21 + "]\n" + CODE, "3 statements on 25 lines"),
        ("code_length", CODE, "%matplotlib inline\nwrong =", "not plain Python"),
        ("prose_length", "# The tea house wrote", LONG, "words; at most 180, so split it"),
        (
            "prose_before_code",
            LEAD,
            "A visit is not money. " * 3,
            "20 words or more",
        ),
        (
            "prose_before_code",
            CODE,
            "a = 1\n\n# %%\nb = 1\n\n# %%\nc = 1\n\n# %%\n" + CODE,
            "than 3",
        ),
    ],
)
def test_each_rule_finds_what_it_is_for(tmp_path, rule, old, new, said):
    lesson = good_lesson.lesson(tmp_path, (old, new))
    found = list(getattr(rules, rule)(lesson))
    assert [said in problem.what for problem in found] == [True], found
    assert set(found) <= set(of_lesson(lesson))


@pytest.mark.parametrize(
    ("rule", "old", "new"),
    [
        ("code_length", CODE, "a = 1\n" * 14 + CODE),
        ("code_length", CODE, "a = [\n" + "1,\n" * 20 + "]\n" + CODE),
        ("code_length", CODE, "# Why.\n\n" * 30 + CODE),
        ("code_length", '"Who comes back?"', '(\n    "Who?"\n' + '    "a"\n' * 30 + ")"),
        ("prose_before_code", CODE, "a = 1\n\n# %%\nb = 1\n\n# %%\n" + CODE),
        ("prose_length", "(2005). Counting", "(2005). " + "words " * 200 + "Counting"),
        ("parameters_cell", "weeks = 39  # how", "weeks: int = 39  # how"),
    ],
)
def test_what_is_allowed_passes(tmp_path, rule, old, new):
    lesson = good_lesson.lesson(tmp_path, (old, new))
    assert not list(getattr(rules, rule)(lesson))


def test_an_empty_parameters_cell_is_named(tmp_path):
    start, end = (
        good_lesson.GOOD.index("weeks = 39"),
        good_lesson.GOOD.index("# %% [markdown]\n# ## The v"),
    )
    lesson = good_lesson.lesson(tmp_path, (good_lesson.GOOD[start:end], "# nothing\n\n"))
    (problem,) = rules.parameters_cell(lesson)
    assert "sets nothing" in problem.what
