from customer_insight.course.build import differences
from customer_insight.course.house import find_house


def test_each_notebook_is_what_its_text_asks_for():
    said = differences(find_house())
    assert not said, "\n".join(said)
