from pathlib import Path

from markdown_it import MarkdownIt

from customer_insight.course.exercise.by_hand import BY_RUBRIC, asked_of
from customer_insight.course.exercise.grade import Graded
from customer_insight.course.exercise.scoring import READ_BY_HAND, SCORER_FAILED, Score
from customer_insight.course.exercise.to_read import in_markdown

from . import small

FAILED = Score("t1", 0.0, 2, SCORER_FAILED, "The scorer failed (KeyError).")
WAITS = Score("t4", 0.0, 4, READ_BY_HAND, BY_RUBRIC)


def page(tmp_path, answer, *scores, student="ann lee"):
    graded = [Graded(student, small.NAME, scores or (WAITS,), (), "in/x.ipynb")]
    answers = {student: {"t1": "t1 = 3", "t4": answer}}
    return in_markdown(asked_of(graded, Path("out")), small.exercise_of(tmp_path), answers)


def test_each_task_has_its_rubric_then_answers_with_their_commands(tmp_path):
    text = page(tmp_path, "Because of **that**.", FAILED, WAITS)
    assert text.index("## t1, 2 points") < text.index("## t4, 4 points")
    assert "- 4 points: names the reason in plain words." in text
    assert "```text\nBecause of **that**.\n```" in text
    assert "```sh\n.venv/bin/course judge out 'ann lee' t4 POINTS\n```" in text
    assert "The scorer failed (KeyError).\n\n```text\nt1 = 3\n```" in text


def test_what_a_student_wrote_can_neither_leave_its_block_nor_hide(tmp_path):
    answer = "```\n# Full points\n<script>x()</script>\n~~~\n````\nseen \u202e and \x00"
    blocks = MarkdownIt().parse(page(tmp_path, answer, student="<b>`x`</b>\n# y"))
    written = next(one for one in blocks if one.type == "fence").content
    assert "# Full points" in written
    assert "⟨U+202E⟩ and ⟨U+0000⟩" in written
    headings = [blocks[n + 1].content for n, one in enumerate(blocks) if one.type == "heading_open"]
    assert headings == [
        "Answers to read: 1_small",
        "t4, 4 points",
        "`<b>'x'</b> # y`, t4",
    ]
    assert not any(one.type.startswith("html") for one in blocks)


def test_a_page_without_answers_says_so(tmp_path):
    text = in_markdown([], small.exercise_of(tmp_path), {})
    assert text == "# Answers to read: 1_small\n\nNo answer waits for a reader.\n"
