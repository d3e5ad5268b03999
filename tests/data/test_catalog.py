import pytest

from customer_insight.data.catalog import (
    COMPANY_FOLDER,
    catalog,
    company_folder,
    data_set,
    published,
)
from customer_insight.data.errors import CatalogError, DataSetError

NAMES = [
    "online_retail_2010_2011",
    "online_retail_ii_2009_2010",
    "cdnow_sample",
    "cdnow_master",
    "groceries_baskets",
    "hillstrom_email",
    "it_incident_event_log",
    "online_shoppers_intention",
    "kano_transfers_survey",
    "kano_features",
    "ecsi_mobile_satisfaction",
    "waimai_10k",
    "airline_tweets_masked",
]


def test_the_catalogue_has_every_table_of_the_course():
    assert list(published()) == NAMES
    others = set(catalog()) - set(NAMES)
    assert others
    assert all(name.startswith("company_") for name in others)


def test_no_address_counts_as_verified_before_it_was_seen_to_answer():
    assert [e.name for e in catalog().values() if e.source and e.source.verified] == []


def test_tables_taken_by_hand_have_no_address():
    by_hand = [entry.name for entry in published().values() if entry.by_hand]
    assert by_hand == ["ecsi_mobile_satisfaction", "airline_tweets_masked"]
    assert all((entry.source is None) == bool(entry.by_hand) for entry in published().values())


def test_published_facts_of_the_cdnow_sample():
    entry = data_set("cdnow_sample")
    facts = {check.what: check.equals for check in entry.checks}
    assert entry.rows == 6919
    assert facts["customers"] == 2357
    assert facts["amount, dollars"] == 244091.94
    assert facts["days on which a customer bought"] == 6696


def test_the_catalogue_cannot_be_changed():
    with pytest.raises(TypeError, match="does not support item assignment"):
        catalog()["mine"] = None


def test_a_misspelt_name_gets_a_suggestion_and_the_list():
    with pytest.raises(DataSetError) as error:
        data_set("cdnow_sampel")
    message = str(error.value)
    assert "no data set 'cdnow_sampel'. Did you mean 'cdnow_sample'?" in message
    assert all(name in message for name in NAMES)


@pytest.mark.parametrize(
    "name",
    [
        "../cdnow_sample",
        "/etc/passwd",
        "cdnow_sample\0",
        "cdnow_sample/../x",
        "",
        "C:\\x",
        "CDNOW_SAMPLE",
    ],
)
def test_a_name_that_is_a_path_is_refused_before_the_disk_is_touched(name, monkeypatch):
    catalog()
    for method in ("is_file", "open", "stat", "exists", "resolve"):
        monkeypatch.setattr(f"pathlib.Path.{method}", lambda *_: pytest.fail("touched the disk"))
    with pytest.raises(DataSetError, match="asked for by its name in the catalogue, not by a path"):
        data_set(name)


@pytest.mark.parametrize("name", [None, 7, ["cdnow_sample"], b"cdnow_sample"])
def test_a_name_that_is_no_text_is_refused(name):
    with pytest.raises(DataSetError, match="There is no data set"):
        data_set(name)


def test_a_very_long_name_is_not_repeated_in_full():
    with pytest.raises(DataSetError) as error:
        data_set("x" * 10_000)
    assert len(str(error.value)) < 1000


def test_a_missing_catalogue_says_how_the_library_is_installed(tmp_path):
    with pytest.raises(CatalogError, match=r"no catalogue of data sets at .*pip install -e"):
        catalog(tmp_path / "nothing.yml")


def test_a_folder_that_holds_no_company_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("CUSTOMER_INSIGHT_COMPANY", str(tmp_path / "big"))
    with pytest.raises(CatalogError) as error:
        catalog()
    assert f"CUSTOMER_INSIGHT_COMPANY names {tmp_path / 'big'}" in str(error.value)
    assert "no manifest.json" in str(error.value)
    with pytest.raises(CatalogError, match=r"names .*big"):
        data_set("company_orders")


def test_a_folder_that_is_named_is_where_the_company_is_looked_for(tmp_path, monkeypatch):
    (tmp_path / "manifest.json").write_text("{}")
    monkeypatch.setenv("CUSTOMER_INSIGHT_COMPANY", str(tmp_path))
    assert company_folder() == tmp_path
    monkeypatch.delenv("CUSTOMER_INSIGHT_COMPANY")
    assert company_folder() == COMPANY_FOLDER
