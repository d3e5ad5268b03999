import nbformat
import pytest
from nbformat import v4

from customer_insight.course.curriculum import Chapter, Curriculum, Lesson, Topic
from customer_insight.course.topic_tags import CoverageError, read_coverage


def lesson(key, *ids):
    topics = tuple(Topic(name, "词", "term", "runs") for name in ids)
    return Lesson(key, "课", "Which?", topics, f"01_first/{key}")


CURRICULUM = Curriculum(
    (Chapter("01_first", "一", (lesson("1_one", "A1.2", "B12.1"), lesson("2_two", "C1.2f"))),)
)
OUTPUT = v4.new_output("execute_result", data={"text/plain": "7"})


def write(folder, name, *cells):
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(v4.new_notebook(cells=list(cells)), path)


def tagged(tag, *outputs):
    return v4.new_code_cell("7", metadata={"tags": [tag]}, outputs=list(outputs))


def test_a_tagged_cell_with_an_output_runs_its_topic(tmp_path):
    write(
        tmp_path,
        "01_first/1_one",
        v4.new_markdown_cell("# T\n\n## The data"),
        tagged("A1.2", OUTPUT),
    )
    coverage = read_coverage(tmp_path, CURRICULUM)
    (place,) = coverage.places["A1.2"]
    assert str(place) == "01_first/1_one, section 'The data', cell 2"
    assert coverage.covered == {"A1.2"}
    assert coverage.uncovered() == ("B12.1", "C1.2f")
    row = coverage.rows()[0]
    assert (row["topic"], row["lesson"], row["covered"]) == ("A1.2", "01_first/1_one", True)
    assert row["cells"] == [{"notebook": "01_first/1_one", "section": "The data", "cell": 2}]


def test_another_lesson_is_told_beside_and_does_not_cover(tmp_path):
    write(tmp_path, "01_first/1_one", tagged("C1.2f", OUTPUT))
    coverage = read_coverage(tmp_path, CURRICULUM)
    assert "C1.2f" in coverage.uncovered()
    write(tmp_path, "01_first/2_two", tagged("C1.2f", OUTPUT))
    coverage = read_coverage(tmp_path, CURRICULUM)
    assert [place.notebook for place in coverage.places["C1.2f"]] == [
        "01_first/2_two",
        "01_first/1_one",
    ]
    assert coverage.covered == {"C1.2f"}


SILENT = [
    [],
    [v4.new_output("stream", name="stdout", text=" \n")],
    [v4.new_output("stream", name="stderr", text="noise")],
    [v4.new_output("error", ename="KeyError", evalue="x", traceback=[])],
    [v4.new_output("display_data", data={})],
]


@pytest.mark.parametrize("outputs", SILENT)
def test_a_cell_that_shows_nothing_does_not_count_and_is_named(tmp_path, outputs):
    write(tmp_path, "01_first/1_one", v4.new_markdown_cell("# T"), tagged("A1.2", *outputs))
    coverage = read_coverage(tmp_path, CURRICULUM)
    ((topic, place),) = coverage.silent
    assert (topic, place.cell) == ("A1.2", 2)
    assert "A1.2" in coverage.uncovered()


def test_printed_text_counts(tmp_path):
    printed = v4.new_output("stream", name="stdout", text="7\n")
    write(tmp_path, "01_first/1_one", tagged("A1.2", printed))
    assert read_coverage(tmp_path, CURRICULUM).covered == {"A1.2"}


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("A1.3", "A1.2"),
        ("a1.2", "A1.2"),
        ("B121", "B12.1"),
        ("C1_2f", "C1.2f"),
        ("C1.2 f", "C1.2f"),
    ],
)
def test_a_tag_that_looks_like_an_id_and_is_none_is_an_error(tmp_path, tag, meant):
    write(tmp_path, "01_first/1_one", v4.new_markdown_cell("# T"), tagged(tag, OUTPUT))
    with pytest.raises(CoverageError) as raised:
        read_coverage(tmp_path, CURRICULUM)
    assert f"01_first/1_one, section 'T', cell 2: tag '{tag}' is no topic's id" in str(raised.value)
    assert f"Did you mean {meant}" in str(raised.value)


@pytest.mark.parametrize("tag", ["parameters", "widget", "raises-exception", "hide-input"])
def test_a_tag_of_another_kind_is_no_concern(tmp_path, tag):
    write(tmp_path, "01_first/1_one", tagged(tag, OUTPUT))
    assert read_coverage(tmp_path, CURRICULUM).covered == set()


def test_prose_never_covers_a_topic(tmp_path):
    write(tmp_path, "01_first/1_one", v4.new_markdown_cell("x", metadata={"tags": ["A1.2"]}))
    with pytest.raises(CoverageError, match=r"cell 1: topic A1.2 is tagged on a cell of text"):
        read_coverage(tmp_path, CURRICULUM)


def test_all_wrong_tags_are_named_at_once_and_checkpoints_are_passed_over(tmp_path):
    write(tmp_path, "01_first/1_one", tagged("A9", OUTPUT), tagged("B9", OUTPUT))
    write(tmp_path, ".ipynb_checkpoints/1_one", tagged("D9", OUTPUT))
    with pytest.raises(CoverageError) as raised:
        read_coverage(tmp_path, CURRICULUM)
    assert [line.split("'")[1] for line in str(raised.value).splitlines()] == ["A9", "B9"]
