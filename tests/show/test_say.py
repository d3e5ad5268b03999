import pytest

from customer_insight.show import say


def test_the_sentence_is_escaped_in_html_and_plain_in_text():
    shown = say("Shop <b>& Co</b> has 3 customers.")
    assert shown.html.startswith('<p class="say ')
    assert shown.html.endswith(">Shop &lt;b&gt;&amp; Co&lt;/b&gt; has 3 customers.</p>")
    assert shown.text == repr(shown) == "Shop <b>& Co</b> has 3 customers."


@pytest.mark.parametrize(
    "sentence",
    ["It costs nan yuan.", "It costs ¥inf.", "It brings None a year.", "-inf weeks", "NaT"],
)
def test_a_number_that_could_not_be_computed_is_refused(sentence):
    with pytest.raises(ValueError, match="could not be computed"):
        say(sentence)


@pytest.mark.parametrize("sentence", ["", "  ", None, 12])
def test_an_empty_sentence_is_refused(sentence):
    with pytest.raises(ValueError, match="not empty"):
        say(sentence)


@pytest.mark.parametrize(
    "sentence", ["Nancy bought 3.", "Information is dear.", "It expected none of them."]
)
def test_words_that_begin_like_a_missing_number_pass(sentence):
    assert say(sentence).text == sentence
