import pytest

from customer_insight.course import writing_shown as rules
from customer_insight.course.writing import of_lesson

from . import good_lesson
from .good_lesson import shown

CODE = "drawn = rng.poisson(2, 20)"
ALT = "alt=f\"Bars of customers by visits. {visits['customers'][0]} came once, fewer came again.\""
END = 'show.table(wrong.to_frame(), caption="Visits when days are read as weeks")'


@pytest.mark.parametrize(
    ("rule", "old", "new", "said"),
    [
        ("displays", CODE, "plt.show()", "not with .show()"),
        ("displays", CODE, "import matplotlib.pyplot as plt", "use show.canvas()"),
        ("displays", CODE, "from matplotlib import pyplot as plt", "use show.canvas()"),
        ("displays", CODE, "display(visits)", "display(...) has no caption"),
        ("displays", CODE, "print(len(visits))", "print(...) of something computed"),
        ("displays", CODE, "print('946 came')", "print(...) of a number"),
        ("displays", CODE, CODE + "\nshow.say('Lost.')", "show.say(...) is seen only on the last"),
        ("displays", END, "wrong", "the last line displays a bare value"),
        ("alt_texts", ALT, 'alt="TODO: figure"', "alt text 'TODO: figure' must state the message"),
        ("alt_texts", ALT, 'alt="Image of a chart. Plot figure image placeholder."', "must state"),
        ("alt_texts", ",\n    " + ALT, "", "show.bars has no alt="),
        (
            "alt_texts",
            "# Each customer tosses",
            "# ![a coin](coin.png)\n# Each customer tosses",
            "a coin",
        ),
        ("local_random", CODE, "np.random.seed(1)", "np.random.seed: draw from rng"),
        ("local_random", CODE, "drawn = np.random.normal(0, 1)", "np.random.normal: draw from"),
        ("local_random", CODE, "import random", "import random: draw"),
        ("local_random", CODE, "from random import choice", "from random import choice: draw"),
        ("local_random", CODE, "from numpy.random import normal", "numpy.random import normal"),
        ("local_random", "default_rng(7)", "default_rng()", "default_rng() without a seed"),
        ("local_random", CODE, "visits.sample(2)", ".sample(...) without random_state="),
    ],
)
def test_each_rule_finds_what_it_is_for(tmp_path, rule, old, new, said):
    lesson = good_lesson.lesson(tmp_path, (old, new))
    found = list(getattr(rules, rule)(lesson))
    assert [said in problem.what for problem in found] == [True], found
    assert set(found) <= set(of_lesson(lesson))


@pytest.mark.parametrize(
    ("rule", "new"),
    [
        ("displays", "print('The end.')"),
        ("displays", "axes.plot(drawn)"),
        ("local_random", "from numpy.random import default_rng"),
        ("local_random", "visits.sample(2, random_state=rng)"),
    ],
)
def test_what_is_allowed_passes(tmp_path, rule, new):
    lesson = good_lesson.lesson(tmp_path, (CODE, new))
    assert not list(getattr(rules, rule)(lesson))


@pytest.mark.parametrize(("output", "count"), [(shown("0 1"), 1), (None, 0)])
def test_a_call_on_the_last_line_is_bare_where_it_showed_something(tmp_path, output, count):
    outputs = {"wrong.head()": output} if output else {}
    lesson = good_lesson.lesson(tmp_path, (END, "wrong.head()"), outputs=outputs)
    assert len(list(rules.displays(lesson))) == count


def test_a_picture_past_show_is_found(tmp_path):
    picture = shown("<Axes>", **{"image/png": "iVBOR"})
    lesson = good_lesson.lesson(tmp_path, outputs={"show.say(": picture})
    (problem,) = rules.displays(lesson)
    assert "a bare picture is shown" in problem.what


@pytest.mark.parametrize("image", ['<img src="x">', '<img alt="" src="x">', '<img alt="a plot">'])
def test_a_stored_picture_without_words_is_found(tmp_path, image):
    lesson = good_lesson.lesson(tmp_path, outputs={"show.bars(": shown("Figure.", image)})
    (problem,) = rules.alt_texts(lesson)
    assert problem.line == good_lesson.line_of(lesson, tmp_path, "rng = np.random")
    assert "six words or more" in problem.what


def test_a_lesson_that_is_not_built_says_what_to_call(tmp_path):
    (problem,) = rules.outputs(good_lesson.lesson(tmp_path, built=False))
    assert "course build 05_clv/1_visits" in problem.what


def test_a_large_notebook_is_named_with_its_size(tmp_path):
    large = shown("x", "<p>" + "x" * 600_000 + "</p>")
    (problem,) = rules.outputs(good_lesson.lesson(tmp_path, outputs={"show.say(": large}))
    assert "must stay below 500 kB" in problem.what
    assert "60" in problem.what


def test_noise_and_errors_are_found_but_not_an_error_on_purpose(tmp_path):
    noise = {"output_type": "stream", "name": "stderr", "text": "FutureWarning"}
    (problem,) = rules.outputs(good_lesson.lesson(tmp_path, outputs={"show.say(": noise}))
    assert "standard error" in problem.what
    error = {"output_type": "error", "ename": "KeyError", "evalue": "'x'", "traceback": []}
    (problem,) = rules.outputs(good_lesson.lesson(tmp_path, outputs={"show.say(": error}))
    assert "ends with an error: KeyError" in problem.what
    meant = ("# %%\nshow.say(", '# %% tags=["raises-exception"]\nshow.say(')
    assert not list(
        rules.outputs(good_lesson.lesson(tmp_path, meant, outputs={"show.say(": error}))
    )
