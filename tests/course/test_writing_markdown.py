import pytest

from customer_insight.course.writing_markdown import blocks, sentences, words

MARKDOWN = """\
## The *data* and `code`

**Reading.** It falls
by $x^2$ and `946`, see ![a grey coin](coin.png).

$$y = 1,411$$

- one
  1. two

> quoted

| a | b |
|---|---|
| `x` | 5 |

```
for x in y: pass
```
"""


def test_each_kind_of_block_is_found_with_its_line():
    found = [(block.kind, block.line) for block in blocks(MARKDOWN, line=10)]
    assert found == [
        ("heading", 10),
        ("paragraph", 12),
        ("item", 17),
        ("item", 18),
        ("paragraph", 20),
        ("head", 22),
        ("row", 24),
        ("code", 26),
    ]


def test_prose_is_what_a_reader_sees_without_formulas_and_code():
    heading, reading, *_, row, _ = blocks(MARKDOWN)
    assert (heading.level, heading.text) == (2, "The data and code")
    assert reading.text == "Reading. It falls\nby · and 946, see a grey coin."
    assert reading.prose == "Reading. It falls\nby · and ·, see a grey coin."
    assert (reading.label, reading.unlabelled.split("\n")[0]) == ("Reading.", "It falls")
    assert reading.pictures == ("a grey coin",)
    assert row.cells == ("x", "5")
    assert heading.label == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("It is 3.7 of 4.", ["It is 3.7 of 4."]),
        ('He said "Go." Then', ['He said "Go."', "Then"]),
        ("很好。再来！", ["很好。", "再来！"]),
        ("", []),
    ],
)
def test_sentences(text, found):
    assert [sentence.strip() for _, sentence in sentences(text)] == found
    assert all(text[start:].startswith(sentence) for start, sentence in sentences(text))


@pytest.mark.parametrize(
    ("text", "count"), [("a one-time buyer", 3), ("1,411 – it's", 2), ("· | —", 0), ("流失 is", 2)]
)
def test_words(text, count):
    assert words(text) == count
