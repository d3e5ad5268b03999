import pytest

from customer_insight.show import question

WHY = "Six words are in this one."
GOOD = {"No": (False, WHY), "Yes": (True, "It is."), "Perhaps": (False, WHY)}


def test_each_choice_explains_itself_in_the_order_given():
    shown = question("Is it?", GOOD)
    assert shown.html.count("<details>") == shown.html.count("</details>") == 3
    places = [shown.html.index(f"<summary>{choice}</summary>") for choice in GOOD]
    assert places == sorted(places)
    assert shown.html.count("<strong>Right.</strong> It is.") == 1
    assert shown.html.count(f"<strong>Not quite.</strong> {WHY}") == 2


def test_the_plain_text_gives_the_answers_after_all_choices():
    lines = question("Is it?", GOOD).text.splitlines()
    assert lines[:5] == ["Check. Is it?", "  a) No", "  b) Yes", "  c) Perhaps", "Answers"]
    assert lines[5:] == [f"  a) Not quite. {WHY}", "  b) Right. It is.", f"  c) Not quite. {WHY}"]


def test_the_same_question_is_the_same_and_its_texts_are_escaped():
    hostile = "<b onclick=x>&</b>"
    asked = question(hostile, {hostile: (False, f"{hostile} {WHY}"), "b": (True, hostile)})
    assert asked == question(hostile, {hostile: (False, f"{hostile} {WHY}"), "b": (True, hostile)})
    assert "<b " not in asked.html


def test_a_chinese_sign_counts_as_a_word():
    assert "因为没有人" in question("?", {"是": (False, "因为没有人说过"), "否": (True, "对")}).html


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("", GOOD, "needs a question"),
        (None, GOOD, "needs a question"),
        ("?", {"a": (True, "x")}, "two to five choices.*it has 1"),
        ("?", {str(n): (n == 0, WHY) for n in range(6)}, "it has 6"),
        ("?", [("a", True)], "two to five choices.*list"),
        ("?", {"a": (False, WHY), "b": (False, WHY)}, "exactly one.*here 0 are"),
        ("?", {"a": (True, WHY), "b": (True, WHY)}, r"here 2 are \(numbers \[1, 2\]\)"),
        ("?", {"a": (True, ""), "b": (False, WHY)}, "choice 1 needs an explanation"),
        ("?", {"a": (True, "x"), "b": (False, "No, it is not.")}, "choice 2.*six words.*has 4"),
        ("?", {"a": (True, "x"), "b": "no"}, "choice 2 needs .is_right, explanation."),
        ("?", {"a": (True, "x"), "b": (0, WHY)}, "choice 2 needs .is_right, explanation."),
        ("?", {"a": (True, "x"), " ": (False, WHY)}, "choice 2 is empty"),
        ("?", {"a": (True, "x"), "a ": (False, WHY)}, "two choices read the same"),
    ],
)
def test_a_question_that_teaches_nothing_is_refused(text, options, message):
    with pytest.raises(ValueError, match=message):
        question(text, options)
