import json
from pathlib import Path

from customer_insight.course.results import Failure, LessonRun, as_json, plain, short_traceback


def test_runs_become_json_with_their_failures():
    runs = [
        LessonRun("a", 1.0, 5, Path("x/a.ipynb")),
        LessonRun("b", 1.0, 5, None, Failure("raised", "E", traceback=("one",))),
    ]
    first, second = json.loads(json.dumps(as_json(runs)))
    assert (first["executed"], first["ran"], first["failure"]) == ("x/a.ipynb", True, None)
    assert (second["executed"], second["ran"]) == (None, False)
    assert second["failure"]["traceback"] == ["one"]


def test_colours_control_characters_and_long_lines_go():
    assert plain("\x1b[1;31mred\x1b[0m \x07\x9b\ttab\nnext") == "red \ttab\nnext"
    assert len(plain("x" * 1000)) == 300


def test_a_traceback_keeps_its_last_lines():
    kept = short_traceback(["\x1b[31mfirst\x1b[0m\n\n" * 50, "last"])
    assert len(kept) == 12
    assert kept[-2:] == ("first", "last")
