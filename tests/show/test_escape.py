import pytest

from customer_insight.show.escape import safe, shorten, visible


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Tea & <b>",
        "清禾 终身价值",
        "naïve café",
        "a\tb\nc",
        "👩‍👩‍👧",
        "שלום",
        "क्‍ष",
        "$820; $877",
    ],
)
def test_a_text_that_can_be_seen_is_not_changed(text):
    assert visible(text) == text


@pytest.mark.parametrize("sign", [0, 8, 0x1B, 0x7F, 0x9B, 0xAD, 0x200B, 0x202E, 0x2066, 0xFEFF])
def test_a_sign_that_cannot_be_seen_is_named(sign):
    assert visible(f"a{chr(sign)}b") == f"a⟨U+{sign:04X}⟩b"


def test_what_is_no_text_is_shown_as_it_prints():
    assert visible(12) == "12"
    assert safe(None) == "None"


def test_nothing_that_could_end_a_tag_or_an_attribute_is_left():
    assert not set("<>\"'") & set(safe("<a href=\"x\" id='y'>&amp;</a>"))
    assert safe("&lt;") == "&amp;lt;"


def test_a_text_is_shortened_only_above_the_limit():
    assert shorten("abc", 3) == "abc"
    assert shorten("abcd", 3) == "abc… (1 more characters)"
