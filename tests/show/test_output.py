from customer_insight.show import Output


def test_a_notebook_gets_both_forms_and_a_terminal_the_text():
    shown = Output(html="<p>a</p>", text="a")
    assert shown._repr_mimebundle_() == {"text/html": "<p>a</p>", "text/plain": "a"}
    assert repr(shown) == "a"
