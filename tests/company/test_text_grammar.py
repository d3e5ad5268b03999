"""How a text is made of a grammar."""

import pytest

from customer_insight.company import text_grammar
from customer_insight.company.text_grammar import (
    FITS,
    LANGUAGES,
    RANGE,
    Message,
    fitting,
    grammar,
    write,
)
from customer_insight.data.errors import CatalogError


def text(language, message, numbers=(0,) * 96, **chances):
    chances = {"cued": 0, "switched": 0, "slip": 0} | chances
    return write(grammar(language), message, iter(numbers), **chances)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clause_of_every_template_fills_its_slots(language):
    words = grammar(language)
    for template in words.templates:
        for family, category in (("tea", "herbal_tea_can"), ("gear", "tent")):
            for kind in ("function", "process", "service", "value"):
                for number in range(4):
                    for role in ({"pains": (kind,)}, {"likes": (kind,)}):
                        message = Message(template, category, family, **role)
                        said = text(language, message, [number] * 96, cued=1).text
                        assert said
                        assert "{" not in said
                        assert not said.startswith("!")


def test_forty_templates_of_six_tones():
    names = [name for language in LANGUAGES for name in grammar(language).templates]
    assert len(set(names)) == 40
    for language in LANGUAGES:
        tones = {template["tone"] for template in grammar(language).templates.values()}
        assert tones == {"plain", "angry", "polite", "ironic", "chatty", "terse"}


def test_who_praises_does_not_write_in_anger():
    for language in LANGUAGES:
        words = grammar(language)
        any_, hurt, complaint = (set(fitting(words, fits)) for fits in FITS)
        assert any_ < hurt < complaint == set(words.templates)
        assert "angry" in {words.templates[name]["tone"] for name in hurt - any_}


def test_sad_openings_and_endings_are_for_texts_that_hurt():
    for role, sad in (({"pains": ("function",)}, True), ({"likes": ("function",)}, False)):
        message = Message("en20", "tent", "gear", **role)
        texts = {text("en", message, [number] * 96).text for number in range(4)}
        assert any("Sad" in said for said in texts) == sad


def test_praise_and_pain_come_in_one_text_and_a_negation_is_seen():
    message = Message("zh01", "tent", "gear", pains=("value",), likes=("process",), days=2)
    mixed = text("zh", message, [1, 0, 0, 2, 0] + [0] * 91)
    assert "送货很快" in mixed.text
    assert "这个价钱不太值" in mixed.text
    assert mixed.negated
    plain = text("zh", message, [1] + [0] * 95)
    assert not plain.negated


def test_a_word_is_put_into_the_other_language_and_words_are_mistyped():
    message = Message("en01", "tent", "gear", pains=("service",))
    usual = text("en", message)
    assert usual.text == "customer service took forever to reply"
    assert (usual.switched, usual.slips) == (False, 0)
    switched = text("en", message, switched=1)
    assert switched.text == "kefu took forever to reply"
    assert switched.switched
    hurried = text("en", message, slip=1)
    assert hurried.text == "customer servise took forever to reply"
    assert hurried.slips == 1


def test_one_day_is_not_days_and_a_sentence_begins_with_a_capital():
    message = Message("en12", "tent", "gear", pains=("process",), days=1)
    assert text("en", message, [0, 2, 0] + [0] * 93).text == "1 day, rly?"
    message = Message("en01", "tent", "gear", pains=("process", "value"))
    assert ". The price" in text("en", message).text


def test_a_template_without_a_clause_is_refused(tmp_path, monkeypatch):
    source = (text_grammar.CONTENT_FOLDER / "texts_en.yml").read_text(encoding="utf-8")
    monkeypatch.setattr(text_grammar, "CONTENT_FOLDER", tmp_path)
    for old, new, words in (
        ('tea: ["leaking"', 'teas: ["leaking"', "template en06.*tea, teas"),
        ("fits: hurt", "fits: pain", "any, hurt, complaint"),
        ('suggest: ["more shops please"]', "suggest: []", "suggest has no alternative"),
    ):
        assert old in source
        (tmp_path / "texts_en.yml").write_text(source.replace(old, new, 1), encoding="utf-8")
        with pytest.raises(CatalogError, match=words):
            grammar.__wrapped__("en")


def test_the_same_numbers_give_the_same_text():
    message = Message("en08", "tent", "gear", pains=("process", "value"), likes=("function",))
    numbers = [place * 7919 % RANGE for place in range(96)]
    assert text("en", message, numbers, cued=0.5) == text("en", message, numbers, cued=0.5)
