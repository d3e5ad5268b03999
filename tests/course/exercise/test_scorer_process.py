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
        ("return 1.5", {"share": None, "said": "The scorer failed (ValueError)."}),
        ("return -0.1", {"share": None, "said": "The scorer failed (ValueError)."}),
        ("return float('nan')", {"share": None, "said": "The scorer failed (ValueError)."}),
        ("return None", {"share": None, "said": "The scorer failed (TypeError)."}),
        ("return answer['x']", {"share": None, "said": "The scorer failed (TypeError)."}),
        (
            "raise MemoryError",
            {"share": None, "said": "The scorer needed more memory than it may have."},
        ),
    ],
)
def test_a_scorers_share_or_its_failure_is_the_result(body, result):
    assert score(scorer(body), 2, 2) == result


def test_a_scorer_that_is_not_python_or_lacks_its_function_has_failed():
    assert score("def score(", 1, 1)["said"] == "The scorer failed (SyntaxError)."
    assert score("x = 1", 1, 1)["said"] == "The scorer failed (KeyError)."


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
