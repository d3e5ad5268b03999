import ast

import pytest

from customer_insight.course.writing_calls import (
    calls,
    dotted,
    literal_text,
    show_calls,
    shown_texts,
)
from customer_insight.course.writing_lesson import Cell


def cell(source):
    return Cell(1, "code", source, 10, tree=ast.parse(source))


def test_calls_of_show_are_told_from_others():
    code = cell("x.show.table(a)\nshow.table(f(a))\nshow.say('b')\nshow()")
    assert len(calls(code)) == 5
    assert [dotted(call.func) for call in show_calls(code)] == ["show.table", "show.say"]
    assert [call.lineno for call in show_calls(code, "say")] == [3]
    assert calls(Cell(1, "code", "x =", 1)) == []


@pytest.mark.parametrize(
    ("code", "name"), [("a.b.c", "a.b.c"), ("a().b", ""), ("a[0].b", ""), ("a", "a")]
)
def test_only_a_plain_chain_of_names_has_a_dotted_name(code, name):
    assert dotted(ast.parse(code, mode="eval").body) == name


@pytest.mark.parametrize(
    ("code", "text"),
    [("'a' 'b'", "ab"), ("f'{n} a'", "0 a"), ("'a' + b", None), ("7", None), ("text", None)],
)
def test_the_literal_part_of_a_text(code, text):
    assert literal_text(ast.parse(code, mode="eval").body) == text


def test_texts_that_are_shown_come_with_their_line():
    code = cell("show.question(\n    'Who?',\n    {'All': (False, 'No.')},\n)\nname = 'apart'")
    assert sorted(shown_texts(code)) == [(11, "Who?"), (12, "All"), (12, "No.")]
    assert list(shown_texts(code, questions=False)) == []
