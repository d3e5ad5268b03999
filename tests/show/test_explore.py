import nbformat
import pandas as pd
import pytest
from nbformat import v4

from customer_insight.course.book_source import page_notebook
from customer_insight.course.notebook import tidy, to_bytes
from customer_insight.show import explore, table

VIEW = "application/vnd.jupyter.widget-view+json"
WORDS = "Set how often a customer buys, and count."


def purchases(rate):
    if rate == 5:
        raise ValueError("five <b>a week</b> is too many")
    if rate == 4:
        raise KeyError("four")
    return pd.DataFrame({"purchases": [10 * rate]})


def made(function=purchases, **options):
    given = {
        "controls": {"rate": ("Purchases a week", 0, 5, 1, 2)},
        "draw": lambda frame: table(frame, caption="Purchases so far"),
        "description": WORDS,
    }
    return explore(function, **(given | options))


def moved(exploration, rate):
    """Return the picture after a control was moved."""
    row = exploration.widget.children[1]
    row.children[0].children[1].value = rate
    return exploration.widget.children[2].value


def test_moving_a_control_draws_the_result_anew():
    exploration = made()
    assert "20" in exploration.widget.children[2].value
    assert "30" in moved(exploration, 3)


def test_a_refusal_stands_in_the_pictures_place_and_goes_away_again():
    exploration = made()
    shown = moved(exploration, 5)
    assert "five &lt;b&gt;a week&lt;/b&gt; is too many" in shown
    assert "<table" not in shown
    assert "30" in moved(exploration, 3)
    assert "too many" not in moved(exploration, 3)


def test_after_an_error_of_another_kind_no_old_picture_stands():
    exploration = made()
    with pytest.raises(KeyError):
        moved(exploration, 4)
    assert "could not be computed" in exploration.widget.children[2].value


def test_without_a_kernel_it_says_what_to_call_and_shows_the_start():
    bundle = made()._repr_mimebundle_()
    assert set(bundle) == {VIEW, "text/html", "text/plain"}
    for text in (
        bundle["text/plain"],
        bundle["text/html"].replace("<code>make lab</code>", "make lab"),
    ):
        assert WORDS in text
        assert "call make lab" in text
        assert "Purchases a week = 2" in text
        assert "Purchases so far" in text
        assert "20" in text


def test_what_is_stored_is_the_same_from_run_to_run_and_is_what_the_book_shows():
    stored = []
    for _ in range(2):
        bundle = made()._repr_mimebundle_()
        output = v4.new_output("execute_result", data=bundle, execution_count=1)
        cell = v4.new_code_cell("explore", outputs=[output], id="a")
        stored.append(tidy(nbformat.from_dict(v4.new_notebook(cells=[cell]))))
    assert to_bytes(stored[0]) == to_bytes(stored[1])
    assert VIEW.encode() not in to_bytes(stored[0])
    shown = page_notebook(v4.new_notebook(cells=[cell]))["cells"][0]["outputs"][0]["data"]
    assert shown == {kind: text for kind, text in bundle.items() if kind != VIEW}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"description": "A widget"}, "six words"),
        ({"description": None}, "six words"),
        ({"function": lambda rate: [rate]}, "must return a frame, not list"),
        ({"draw": lambda frame: frame}, "draw must return.*not DataFrame"),
        ({"controls": {"rate": ("Purchases a week", 0, 5, 1, 5)}}, "five <b>a week</b>"),
    ],
)
def test_what_cannot_be_played_with_is_refused_at_once(options, message):
    with pytest.raises(ValueError, match=message):
        made(**options)
