import pytest

from customer_insight.show.controls import Choice, Range, read_controls

RATE = ("Rate", 0, 5, 1, 2)


def test_whole_numbers_stay_whole_and_others_show_the_digits_of_their_step():
    whole, fine = Range(*RATE), Range("Share", 0.0, 1.0, 0.05, 0.25)
    assert (whole.at_start(), fine.at_start()) == ("Rate = 2", "Share = 0.25")
    assert type(whole.widgets()[1].value) is int
    assert type(fine.widgets()[1].value) is float


def test_field_and_slider_are_one_and_wait_until_the_control_rests():
    shown, slider = Range(*RATE).widgets()
    field = shown.children[0]
    assert field.description == "Rate"
    assert field.style.description_width == "initial"
    assert not slider.continuous_update
    field.value = 4
    assert slider.value == 4


def test_a_choice_keeps_what_it_is_given():
    shown, holder = Choice("Rule", ("a", "b"), "b").widgets()
    assert (holder.value, shown.children[0].description) == ("b", "Rule")


@pytest.mark.parametrize(
    ("controls", "message"),
    [
        ({}, "at least one"),
        ({"rate": ("Rate", 0, 5)}, "'rate' needs a list of two choices"),
        ({"rate": ("Rate", 0, 5, 1)}, "'rate' must be .label, low, high, step, start."),
        ({"rate": (" ", 0, 5, 1, 2)}, "'rate' must be"),
        ({"rate": ("Rate", 5, 0, 1, 2)}, "low 5 must be below high 0"),
        ({"rate": ("Rate", 0, 5, 0, 2)}, "step 0 must be above 0"),
        ({"rate": ("Rate", 0, 5, 1, 9)}, "start 9 must lie in the range"),
        ({"rate": ("Rate", 0, 5, 2, 3)}, "no step leads from 0 to the start 3"),
        ({"rate": ("Rate", 0, "5", 1, 3)}, "must be numbers"),
        ({"rate": ("Rate", 0, float("nan"), 1, 3)}, "must be below"),
        ({"rate": ("Rate", ["a"], "a")}, "two choices or more"),
        ({"rate": ("Rate", ["a", "b"], "c")}, "its start among them"),
        ({"pace": RATE}, r"cannot be called with the controls \['pace'\].*rate"),
        ({"rate": RATE, "more": ("Rate", 0, 5, 1, 2)}, "same label"),
    ],
)
def test_a_control_that_cannot_work_is_named(controls, message):
    with pytest.raises(ValueError, match=message):
        read_controls(lambda rate: rate, controls)
