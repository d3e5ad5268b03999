from nbformat import v4

from customer_insight.course.exercise.faults import faults_of, first_fault, place_of, why_missing


def cell(name, *outputs, source="x"):
    return v4.new_code_cell(source, id=name, outputs=list(outputs))


def raised(ename, evalue):
    return v4.new_output("error", ename=ename, evalue=evalue, traceback=[])


def executed(*cells):
    return v4.new_notebook(cells=list(cells))


def test_the_first_fault_is_named_and_not_what_follows_from_it():
    run = executed(
        cell("t1", raised("SyntaxError", "invalid syntax (4711.py, line 2)")),
        cell("t1-check", raised("NameError", "name 't1' is not defined")),
        cell("t2", raised("NameError", "name 'summary' is not defined")),
    )
    faults = faults_of(run, {"t1", "t2"})
    said = first_fault(faults, {"t1", "t2"})
    assert said == "The first fault is in task t1: SyntaxError: invalid syntax (line 2)"
    assert why_missing(run, faults, "t2") == "It raised NameError: name 'summary' is not defined"


def test_a_task_left_open_and_its_check_are_no_faults():
    run = executed(
        cell("t1", raised("UnansweredError", "task t1 is not answered yet.")),
        cell("t1-check", raised("NameError", "name 't1' is not defined")),
    )
    assert faults_of(run, set()) == []


def test_a_fault_that_cost_no_answer_is_not_told():
    run = executed(cell("own", raised("ZeroDivisionError", "division by zero"), source="1 / 0"))
    faults = faults_of(run, {"t1"})
    assert [fault.place for fault in faults] == ["the cell `1 / 0`"]
    assert first_fault(faults, {"t1"}) == ""


def test_an_answer_that_its_check_refused_gets_the_checks_words():
    said = v4.new_output("stream", text="t1: not yet. A number is wanted.\n")
    run = executed(cell("t1"), cell("t1-check", said))
    assert why_missing(run, [], "t1") == "Its check said: t1: not yet. A number is wanted."
    assert why_missing(executed(cell("t1-check")), [], "t1") == "Its check did not take it."


def test_places_are_told_in_words():
    assert place_of(cell("t12")) == "task t12"
    assert place_of(cell("t1-check")) == "the check of task t1"
    assert place_of(cell("begin", source="a = 1\nb = 2")) == "the cell `a = 1`"
