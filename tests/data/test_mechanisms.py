"""Parameters are data with a unit and a reason."""

import pytest

from customer_insight.data.errors import CatalogError
from customer_insight.data.mechanisms import mechanism, mechanisms


def test_every_parameter_has_a_unit_and_a_reason():
    for name, facts in mechanisms().items():
        assert facts.title, name
        for key, parameter in facts.parameters.items():
            assert isinstance(parameter.unit, str), (name, key)
            assert len(parameter.unit) > 2, (name, key)
            assert len(parameter.reason) > 10, (name, key)


def test_shares_of_segments_add_up():
    assert sum(mechanism("segments")["share"].values()) == 1000


def test_a_parameter_without_a_reason_is_refused_with_its_place(tmp_path):
    file = tmp_path / "mechanisms.yml"  # the only one of its folder
    file.write_text("a:\n  title: A\n  what: B\n  parameters:\n    x: {value: 1, unit: u}\n")
    with pytest.raises(CatalogError, match="a, x: needs exactly value, unit, reason"):
        mechanisms(tmp_path)


def test_an_empty_reason_is_refused(tmp_path):
    file = tmp_path / "mechanisms.yml"  # the only one of its folder
    file.write_text(
        "a:\n  title: A\n  what: B\n  parameters:\n    x: {value: 1, unit: u, reason: ''}\n"
    )
    with pytest.raises(CatalogError, match="reason is empty"):
        mechanisms(tmp_path)
