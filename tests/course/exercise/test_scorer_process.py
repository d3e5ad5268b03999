import json
import subprocess
import sys

import pytest

from customer_insight.course.exercise.scorer_process import score

START = "from customer_insight.course.exercise import scorer_process; scorer_process.main()"


def scorer(body):
    return f"def score(answer, expected):\n    {body}"


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("return answer == expected", {"share": 1.0, "said": ""}),
        ("return 0.25, 'a quarter'", {"share": 0.25, "said": "a quarter"}),
        (
            "raise MemoryError",
            {"share": None, "said": "The scorer needed more memory than it may have."},
        ),
    ],
)
def test_a_scorers_share_or_its_failure_is_the_result(body, result):
    assert score(scorer(body), 2, 2) == result


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("return 1.5", "(ValueError: a share between 0 and 1 is wanted, and it is 1.5)"),
        ("return -0.1", "(ValueError: a share between 0 and 1 is wanted, and it is -0.1)"),
        ("return float('nan')", "(ValueError: a share between 0 and 1 is wanted, and it is nan)"),
        ("return answer['x']", "is not subscriptable, in its line `return answer['x']`)"),
        ("raise ValueError('x' * 999)", f"(ValueError: {'x' * 200}, in its line `raise"),
    ],
)
def test_a_scorer_that_fails_says_how_and_in_which_line(body, said):
    result = score(scorer(body), 2, 2)
    assert result["share"] is None
    assert result["said"].startswith("The scorer failed (")
    assert said in result["said"]


def test_the_line_is_the_scorers_own_even_where_a_helper_of_ours_failed():
    source = "from math import sqrt\n" + scorer("\n    kept = 1\n    return sqrt('a') + kept")
    assert score(source, 2, 2)["said"].endswith("in its line `return sqrt('a') + kept`).")


def test_a_scorer_that_is_not_python_or_lacks_its_function_has_failed():
    said = score("x = 1\ndef score(", 1, 1)["said"]
    assert (
        said == "The scorer failed (SyntaxError: '(' was never closed, in its line `def score(`)."
    )
    assert score("x = 1", 1, 1)["said"] == "The scorer failed (KeyError: 'score')."
    assert "NoneType" in score(scorer("return None"), 1, 1)["said"]


def run(body, **limits):
    job = {"source": scorer(body), "answer": 2, "expected": 2, "seconds": 5, "bytes": 2**31}
    return subprocess.run(
        [sys.executable, "-I", "-c", START],
        input=json.dumps(job | limits).encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_the_process_answers_with_one_json_text_whatever_a_scorer_prints():
    done = run("print('{}'); return True")
    assert json.loads(done.stdout) == {"share": 1.0, "said": ""}


def test_the_process_may_write_no_file(tmp_path):
    path = tmp_path / "file"
    done = run(f"open({str(path)!r}, 'w').write('x' * 9_999); return True")
    assert not path.exists() or path.read_text() == ""
    assert b'"share": 1.0' not in done.stdout


def test_the_process_is_ended_when_its_time_is_up():
    assert run("\n    while True: pass", seconds=1).returncode < 0


def test_the_process_has_no_more_memory_than_it_may_have():
    done = run("return len(bytearray(10**9)) > 0", bytes=5 * 10**8)
    assert json.loads(done.stdout)["said"].startswith("The scorer needed more memory")
