from customer_insight.course.notebook import read_notebook

from . import small


def test_the_instructors_notebook_shows_everything_and_runs_only_what_is_right(built):
    solution = read_notebook(built.places.solution)
    code = [cell for cell in solution.cells if cell.cell_type == "code"]
    words = "\n".join(cell.source for cell in solution.cells if cell.cell_type == "markdown")
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert "Kept; the scorer says" in small.cell(solution, "t1-check").outputs[0].text
    assert "**Known wrong answer of t1: each day counted once**" in words
    assert "**Scorer of t2**" in words
    assert "**Rubric of t4**" in words
    assert "Because a model answer stands here" in words
    assert not any("spend >= cost" in cell.source for cell in code)
    assert code[0].source.startswith("from customer_insight.course import check")
