from customer_insight.course.exercise.secret_texts import secret_lines, secret_values, squeezed

from . import small


def test_lines_that_only_lead_to_an_answer_may_be_left_out(tmp_path):
    exercise = small.exercise_of(tmp_path)
    every, final = set(secret_lines(exercise)), set(secret_lines(exercise, steps=False))
    step = "total_days = sum(sum(days) for days in orders.values())"
    assert {line for _, line in every - final} == {
        step,
        "back = [name for name, days in orders.items() if len(set(days)) > 1]",
        "return spend > cost",
        "return spend >= cost",
    }
    assert ("the solution of t1", "t1 = (total_days + 3317.5) / 7") in final
    assert ("the rubric of t4", "- 4 points: names the reason in plain words.") in final


def test_values_are_those_of_the_tasks_name_and_of_functions(tmp_path):
    text = small.changed(("return spend > cost", "return spend > cost + 1000"))
    found = dict(secret_values(small.exercise_of(tmp_path, text)))
    assert found["the solution of t1"] == "(total_days+3317.5)/7"
    assert found["the solution of t3"] == "spend>cost+1000"
    assert found["the wrong answer 'everybody' of t2"] == squeezed(
        "pd.DataFrame({'customer':list(orders)})"
    )
    assert not any("orders.items()" in value for value in found.values())
