import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pytest

from customer_insight.course.exercise import forms
from customer_insight.course.exercise.forms import FormError
from customer_insight.course.exercise.sitting import UnansweredError


@pytest.mark.parametrize(
    ("given", "whole", "wanted"),
    [
        (np.float64(2.5), False, 2.5),
        (np.array(2.5), False, 2.5),
        (np.int64(3), True, 3),
        (3.0, True, 3),
        (-0.0, False, 0.0),
    ],
)
def test_a_number_becomes_plain(given, whole, wanted):
    made = forms.number(given, unit="weeks", whole=whole)
    assert made == wanted
    assert type(made) is type(wanted)


@pytest.mark.parametrize("given", [[], np.array([]), pd.Series(dtype=float), pd.DataFrame()])
def test_nothing_in_place_of_a_number_points_to_the_choice_of_rows(given):
    with pytest.raises(FormError, match=r"this is empty \(.*\): no row was left\. Look at what"):
        forms.number(given, unit="weeks", whole=False)


@pytest.mark.parametrize("given", [[7.5], np.array([7.5]), pd.Series([7.5]), pl.Series([7.5])])
def test_one_value_in_a_container_is_to_be_taken_out_and_not_shown(given):
    with pytest.raises(FormError) as error:
        forms.number(given, unit="weeks", whole=False)
    how = "[0]" if isinstance(given, list) else ".item(), or .iloc[0] of a column"
    assert str(error.value) == (
        "A number of weeks is wanted, and this is one value in a container "
        f"({type(given).__name__}). Take it out with {how}."
    )


def test_both_ways_out_of_a_column_that_are_named_hold_for_any_label():
    one = pd.Series([7.5], index=[2])
    assert one.item() == one.iloc[0] == 7.5


def test_a_record_that_lacks_fields_names_them_and_counts_short_texts_for_the_student():
    fields = {"name": 1, "why": 4, "unit": ["day", "week"]}
    with pytest.raises(FormError, match=r"^It lacks the field 'why'\. $"):
        forms.record({"name": "Qinghe", "unit": "day"}, fields)
    with pytest.raises(FormError, match=r"^It lacks the fields 'why', 'unit'\. $"):
        forms.record({"name": "Qinghe"}, fields)
    short = {"name": "Qinghe", "why": "They drink it.", "unit": "day"}
    with pytest.raises(FormError, match=r"^'why' is to have 4 words or more, and has 3\.$"):
        forms.record(short, fields)
    with pytest.raises(FormError, match=r"and has 2\. Two Chinese characters count as one word\."):
        forms.record(short | {"why": "每周都喝"}, fields)


def test_many_values_are_counted():
    with pytest.raises(FormError, match=r"this holds 1,200 values \(ndarray\)\. Choose one"):
        forms.number(np.zeros(1200), unit="weeks", whole=False)


@pytest.mark.parametrize("given", ["3", True, np.bool_(True), None, float("nan"), dt.date.today()])
def test_what_is_no_number_is_refused(given):
    with pytest.raises(FormError, match="A whole number of letters is wanted, and this is"):
        forms.number(given, unit="letters", whole=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" - \n* – …", 0),
        ("They don't come back.", 4),
        ("We don’t know: half-hearted and/or gone", 6),
        ("1,200 customers, 39 weeks, 0.5", 5),
        ("one—two – three,four", 4),
        ("客户", 1),
        ("客户终", 2),
        ("客户，终身。", 2),
        ("用 BG/NBD 模型，每周看一次。", 5),
        ("全角ＡＢ，字母", 3),
        ("㐀龥豈更", 2),
    ],
)
def test_words_are_counted_in_both_languages(text, words):
    assert forms.count_words(text) == words


def test_equal_texts_in_two_languages_count_alike():
    english = (
        "The model is too low in total, and the old rate is far too high, because it forgets the "
        "customers who have left. Nobody knows yet how much a catalogue adds, so we should send "
        "none to one in five of those chosen, drawn by lot, and compare what both groups spend."
    )
    chinese = (
        "模型的总数偏低，而按原来的速度推算则高出很多，因为它忘记了已经离开的客户。目录能多带来多少"
        "销售额，现在没有人知道，所以我们应该在选出的客户中抽签，让五分之一的人收不到目录，然后比较"
        "两组客户的消费。"
    )
    assert forms.count_words(chinese) == pytest.approx(forms.count_words(english), rel=0.25)


@pytest.mark.parametrize("count", [3, 5])
def test_a_text_may_have_the_least_and_the_most_words(count):
    text = "  " + "word " * count
    assert forms.text(text, least=3, most=5) == text.strip()


@pytest.mark.parametrize("count", [2, 6])
def test_a_text_of_another_length_is_counted_for_the_student(count):
    with pytest.raises(FormError, match=rf"^3 to 5 words are wanted, and this has {count}\.$"):
        forms.text("word " * count, least=3, most=5)


def test_chinese_words_are_counted_with_the_rule_said():
    with pytest.raises(FormError, match=r"this has 2\. Two Chinese characters count as one word\."):
        forms.text("客户价值", least=3, most=5)


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame])
def test_a_column_of_names_takes_those_names_alone(frame):
    columns = {"rule": ["same rate", "model"], "off": "number"}
    made = forms.table(frame({"rule": ["same rate ", "model"], "off": [1, 2]}), columns, key="rule")
    assert made == {"rule": ["model", "same rate"], "off": [2.0, 1.0]}
    for other in ("Model", "secret name", ""):
        with pytest.raises(FormError) as error:
            forms.table(frame({"rule": ["model", other], "off": [1, 2]}), columns, key="rule")
        assert str(error.value) == "Value 2 of 'rule': it is to be one of: 'same rate', 'model'."


def test_a_name_that_is_no_text_is_said():
    columns = {"rule": ["model", "same rate"]}
    with pytest.raises(FormError, match=r"Value 1 of 'rule': a text is wanted.*of type int"):
        forms.table(pd.DataFrame({"rule": [0, 1]}), columns, key="rule")


def test_a_row_that_stands_twice_is_counted_after_names_are_trimmed():
    columns = {"rule": ["model", "same rate"]}
    with pytest.raises(FormError, match="Each rule is to stand once, and 1 rows repeat one"):
        forms.table(pd.DataFrame({"rule": ["model", "model "]}), columns, key="rule")


def test_columns_of_each_kind():
    frame = pd.DataFrame({"a": ["x"], "b": [1.5], "c": [2.0], "d": [True], "more": [None]})
    columns = {"a": "text", "b": "number", "c": "whole", "d": "yes or no"}
    assert forms.table(frame, columns, key=None) == {"a": ["x"], "b": [1.5], "c": [2], "d": [True]}
    for name, kind in (("a", "number"), ("b", "whole"), ("c", "text"), ("d", "number")):
        with pytest.raises(FormError, match=f"Value 1 of '{name}'"):
            forms.table(frame, {name: kind}, key=None)


def test_a_record_is_trimmed_and_each_field_is_looked_at():
    fields = {"unit": ["day", "week"], "why": 2}
    made = forms.record({"why": "每周购物 ", "unit": " week"}, fields)
    assert made == {"unit": "week", "why": "每周购物"}
    with pytest.raises(FormError, match="'unit' is to be one of: 'day', 'week'"):
        forms.record({"why": "it is so", "unit": "fortnight"}, fields)
    with pytest.raises(
        FormError, match=r"It lacks the field 'unit'\. It has 'units', which nobody"
    ):
        forms.record({"why": "it is so", "units": "week"}, fields)


def test_a_function_is_called_with_each_probe_by_name():
    made = forms.function(
        lambda b, a: b > a, ["a", "b"], [{"a": 1, "b": 2}, {"a": 2, "b": 1}], "yes or no"
    )
    assert made == {"output": [True, False]}


def test_an_unanswered_function_is_no_fault_of_form():
    def answer(a):
        raise UnansweredError("task t1 is not answered yet.")

    with pytest.raises(UnansweredError):
        forms.function(answer, ["a"], [{"a": 1}], "number")


def test_a_function_without_a_readable_signature_is_called():
    with pytest.raises(FormError, match="Called with a=1, the function raised TypeError"):
        forms.function(max, ["a"], [{"a": 1}], "number")
