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
