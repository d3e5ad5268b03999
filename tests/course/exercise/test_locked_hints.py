import base64

from customer_insight.course.exercise.locked_hints import content_key, number_keys, seal, unseal


def test_a_hint_opens_for_its_number_in_its_place_alone():
    sealed = seal("e/t1", number_keys(12.3456, whole=False)[0], "weeks\nas days")
    assert unseal("e/t1", number_keys(12.3456, whole=False), [sealed]) == "weeks\nas days"
    assert unseal("e/t1", number_keys(12.35, whole=False), [sealed]) == "weeks\nas days"
    assert unseal("e/t1", number_keys(12.4, whole=False), [sealed]) is None
    assert unseal("e/t1", number_keys(-12.3456, whole=False), [sealed]) is None
    assert unseal("e/t2", number_keys(12.3456, whole=False), [sealed]) is None


def test_neither_words_nor_length_can_be_read_from_a_locked_hint():
    short = base64.b64decode(seal("e/t1", "1", "cents"))
    long = base64.b64decode(seal("e/t1", "1", "cents are not dollars, divide by"))
    assert len(short) == len(long)
    assert b"cents" not in short
    assert b"     " not in short


def test_locking_is_the_same_each_time():
    assert seal("e/t1", "1", "a") == seal("e/t1", "1", "a")
    assert seal("e/t1", "1", "a") != seal("e/t1", "2", "a")


def test_keys_of_columns_hang_on_four_digits_and_not_on_the_columns_order():
    assert content_key({"a": [1.00001], "b": ["x"]}) == content_key({"b": ["x"], "a": [1.00002]})
    assert content_key({"a": [1.001]}) != content_key({"a": [1.003]})
    assert content_key({"a": [True]}) != content_key({"a": [1]})


def test_zero_and_whole_numbers_have_one_key():
    assert number_keys(0.0, whole=False) == ["0"]
    assert number_keys(7, whole=True) == ["7"]
