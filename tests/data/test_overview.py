from customer_insight.company.build import build_company
from customer_insight.data.fetch import fetch
from customer_insight.data.overview import overview


def test_the_state_of_every_set_is_told(tiny, tiny_csv):
    fetch("tiny", source=tiny_csv)
    found = {status.name: (status.found, status.get) for status in overview()}
    assert found == {
        "tiny": ("fetched", "course data fetch tiny"),
        "tiny_book": ("", "course data fetch tiny_book"),
        "tiny_by_hand": ("", "course data fetch tiny_by_hand --from FILE"),
    }


def test_sets_inside_packages_are_there_at_once(monkeypatch):
    monkeypatch.delenv("CUSTOMER_INSIGHT_DATA", raising=False)
    found = {status.name: status.found for status in overview()}
    assert found["cdnow_master"] in ("fetched", "package lifetimes")
    assert [status.rows for status in overview() if status.name == "cdnow_master"] == [69_659]


def test_a_company_of_another_folder_is_shown_with_its_folder(tmp_path, monkeypatch):
    build_company(tmp_path, people=30, seed=3)
    monkeypatch.setenv("CUSTOMER_INSIGHT_COMPANY", str(tmp_path))
    found = {status.name: status.found for status in overview()}
    assert found["company_orders"] == f"CUSTOMER_INSIGHT_COMPANY: {tmp_path}"
    monkeypatch.delenv("CUSTOMER_INSIGHT_COMPANY")
    found = {status.name: status.found for status in overview()}
    assert found["company_orders"] == "the simulated company"
