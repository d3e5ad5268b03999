import json

import pytest

from customer_insight.course import build as builder
from customer_insight.course.build import CODE, SAME, WORDS, build_lessons, differences
from customer_insight.course.house import HouseError
from customer_insight.course.notebook import NotebookError

from . import lessons

FIGURE = """
import base64, io
import matplotlib.pyplot as plt
from IPython.display import HTML
figure, axes = plt.subplots()
axes.plot([1, 2, 4])
file = io.BytesIO()
figure.savefig(file, metadata={"Software": None})
plt.close(figure)
picture = base64.b64encode(file.getvalue()).decode()
HTML(f'<img alt="It grows" src="data:image/png;base64,{picture}"><p>1, 2, 4</p>')
"""


def files(house):
    return {
        path: (path.stat().st_mtime_ns, path.stat().st_ino, path.read_bytes())
        for path in house.root.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def no_run(monkeypatch):
    def forbid(tasks, **_):
        assert list(tasks) == []
        return []

    def lock():
        monkeypatch.setattr(builder, "execute", forbid)

    return lock


def test_a_notebook_is_built_run_and_a_second_build_writes_nothing(tmp_path, no_run):
    house = lessons.house_with(tmp_path, one=lessons.lesson("print(6 * 7)"))
    (built,) = build_lessons(house)
    assert (built.change, built.fine, built.run.ran) == (CODE, True, True)
    stored = json.loads(built.notebook.read_text())
    assert stored["cells"][-1]["outputs"][0]["text"] == ["42\n"]
    before = files(house)
    no_run()
    assert build_lessons(house)[0].change == SAME
    assert files(house) == before
    assert differences(house) == []


def test_a_rebuilt_notebook_is_byte_equal_pictures_included(tmp_path):
    house = lessons.house_with(tmp_path, one=lessons.lesson(FIGURE, "print('a')\nprint('b')"))
    (built,) = build_lessons(house)
    first = built.notebook.read_bytes()
    assert b"data:image/png;base64," in first
    before = files(house)
    assert build_lessons(house, force=True)[0].run.ran
    assert files(house) == before
    built.notebook.unlink()
    build_lessons(house)
    assert built.notebook.read_bytes() == first


def test_changed_words_are_written_without_running(tmp_path, no_run):
    house = lessons.house_with(tmp_path, one=lessons.lesson("print(1)"))
    (built,) = build_lessons(house)
    old = json.loads(built.notebook.read_text())
    text = built.notebook.with_suffix(".py")
    text.write_text(
        text.read_text()
        .replace("# # A lesson", "# # Another")
        .replace("# %%\nprint", '# %% tags=["C1.2f"]\nprint')
    )
    (said,) = differences(house)
    assert said == (
        "one: words, tags or stored notes differ from its text. Mend it with: course build one"
    )
    no_run()
    assert build_lessons(house)[0].change == WORDS
    new = json.loads(built.notebook.read_text())
    assert new["cells"][0]["source"] == ["# Another"]
    assert new["cells"][-1]["metadata"] == {"tags": ["C1.2f"]}
    assert new["cells"][-1]["outputs"] == old["cells"][-1]["outputs"]
    assert [cell["id"] for cell in new["cells"]] == [cell["id"] for cell in old["cells"]]


def test_changed_code_is_run_and_ids_stay(tmp_path):
    house = lessons.house_with(tmp_path, one=lessons.lesson("print(1)", "print(2)"))
    (built,) = build_lessons(house)
    old = json.loads(built.notebook.read_text())
    lessons.write_lesson(house, "one", lessons.lesson("print(1)", "print(3)"))
    assert differences(house) == ["one: code differs from its text. Mend it with: course build one"]
    build_lessons(house)
    new = json.loads(built.notebook.read_text())
    assert new["cells"][-1]["outputs"][0]["text"] == ["3\n"]
    assert [cell["id"] for cell in new["cells"]] == [cell["id"] for cell in old["cells"]]


def test_notes_of_other_tools_and_missing_outputs_are_mended(tmp_path):
    house = lessons.unrun(lessons.house_with(tmp_path, one=lessons.lesson("print(1)")))
    assert "code differs" in differences(house)[0]
    (built,) = build_lessons(house)
    good = built.notebook.read_bytes()
    content = json.loads(good)
    content["metadata"]["language_info"] = {"name": "python", "version": "3.11.7"}
    built.notebook.write_text(json.dumps(content))
    assert "stored notes differ" in differences(house)[0]
    build_lessons(house)
    assert built.notebook.read_bytes() == good


@pytest.mark.parametrize("content", [None, "", "{}"])
def test_a_missing_or_broken_notebook_is_named_and_built(tmp_path, content):
    house = lessons.house_with(tmp_path, **{"5_clv__1_a": lessons.lesson("print(1)")})
    if content is not None:
        (house.notebooks / "5_clv" / "1_a.ipynb").write_text(content)
    (said,) = differences(house)
    assert said.startswith("5_clv/1_a: notebook is not built yet" if content is None else "5_clv/1")
    assert said.endswith("Mend it with: course build 5_clv/1_a")
    assert build_lessons(house)[0].fine
    assert differences(house) == []


def test_a_notebook_without_a_text_is_named_and_left_alone(tmp_path):
    house = lessons.unrun(lessons.house_with(tmp_path, one=lessons.lesson("1")))
    (house.notebooks / "lost.ipynb").write_text("{}")
    said = differences(house)
    assert said[1].startswith("lost: the notebook has no text beside it")
    assert "jupytext --to py:percent notebooks/lost.ipynb" in said[1]
    assert differences(house, ["one"]) == said[:1]


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("1 / 0", "raised", "ZeroDivisionError: division by zero"),
        ("import warnings; warnings.warn('old')", "unstable", "writes to standard error"),
        ("object()", "unstable", "an object's address"),
        ("import os; print(os.getcwd())", "unstable", "a path of this machine"),
    ],
)
def test_a_lesson_that_fails_or_is_unstable_keeps_the_notebook_it_had(tmp_path, code, kind, words):
    house = lessons.unrun(lessons.house_with(tmp_path, one=lessons.lesson(code)))
    before = files(house)
    (built,) = build_lessons(house)
    assert not built.fine
    assert built.run.failure.kind == kind
    assert words in built.run.failure.error
    assert files(house) == before


def test_nothing_is_built_before_all_texts_are_read(tmp_path, no_run):
    house = lessons.house_with(tmp_path, **{"1_a": lessons.lesson("1"), "2_b": "\n"})
    no_run()
    with pytest.raises(NotebookError, match=r"2_b\.py has no cells"):
        build_lessons(house)
    with pytest.raises(HouseError, match="No lesson is called '3_c'"):
        build_lessons(house, ["3_c"])
    assert list(house.notebooks.glob("*.ipynb")) == []


def test_what_was_built_can_be_read_by_programs(tmp_path):
    house = lessons.house_with(tmp_path, one=lessons.lesson("1 / 0"))
    (row,) = json.loads(json.dumps(builder.as_json(build_lessons(house))))
    assert (row["lesson"], row["change"], row["fine"]) == ("one", "code", False)
    assert row["run"]["failure"]["kind"] == "raised"
