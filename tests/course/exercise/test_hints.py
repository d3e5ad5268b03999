from customer_insight.course.exercise.hints import keys_of, locked
from customer_insight.course.exercise.locked_hints import slip_key, unseal


def test_each_mistake_has_one_locked_hint(built):
    hints = locked(built.exercise, built.known.wrong)
    assert {task: len(sealed) for task, sealed in hints.items()} == {"t1": 2, "t2": 1, "t3": 1}
    assert hints["t1"] == sorted(hints["t1"])


def test_a_hint_opens_for_the_exported_content_as_a_check_sees_it(built):
    hints = locked(built.exercise, built.known.wrong)
    wrong = built.known.wrong["t3"]["the line itself counted"]["content"]
    found = unseal("1_small/t3", keys_of(wrong), hints["t3"])
    assert found.startswith("the line itself counted\nwhat brings back its cost alone")


def test_a_slip_is_locked_with_its_name_and_not_with_its_number(built):
    hints = locked(built.exercise, built.known.wrong)["t1"]
    wrong = built.known.wrong["t1"]["days, not weeks"]["content"]
    assert unseal("1_small/t1", keys_of(wrong), hints) is None
    assert unseal("1_small/t1", [slip_key("days, not weeks")], hints).startswith("days, not weeks")
