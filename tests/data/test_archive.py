import stat
import zipfile

import pytest

from customer_insight.data import archive as archive_module
from customer_insight.data.archive import extract_member
from customer_insight.data.errors import DataSetError


@pytest.fixture
def pack(tmp_path):
    def make(members):
        path = tmp_path / "made.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, content in members.items():
                packed.writestr(name, content)
        return path

    return make


@pytest.fixture
def work(tmp_path):
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


def test_the_member_named_is_taken_under_a_name_of_our_own(pack, work):
    path = pack({"readme.txt": "x", "Orders.txt": "y"})
    taken = extract_member(path, "orders.txt", work)
    assert taken == work / "member.txt"
    assert taken.read_text() == "y"


def test_the_only_member_of_the_kind_is_taken_when_the_name_differs(pack, work):
    path = pack({"readme.md": "x", "deep/folder/other.csv": "y"})
    assert extract_member(path, "orders.csv", work).read_text() == "y"


@pytest.mark.parametrize("name", ["../../escaped.csv", "/tmp/escaped.csv", "..\\escaped.csv"])
def test_a_name_that_leads_out_leads_nowhere(pack, work, tmp_path, name):
    path = pack({name: "y"})
    before = set(tmp_path.rglob("*"))
    assert extract_member(path, "orders.csv", work).parent == work
    assert set(tmp_path.rglob("*")) - before == {work / "member.csv"}


@pytest.mark.parametrize("members", [{"a.txt": ""}, {"a.csv": "", "b.csv": ""}])
def test_an_archive_without_a_single_fitting_member_is_refused(pack, work, members):
    with pytest.raises(DataSetError, match=r"no single file 'orders.csv' and no single .csv file"):
        extract_member(pack(members), "orders.csv", work)


def test_a_link_is_no_file(pack, work):
    link = zipfile.ZipInfo("orders.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.raises(DataSetError, match="0 files, 0 of that kind"):
        extract_member(pack({link: "/etc/passwd"}), "orders.csv", work)


def test_a_bomb_is_refused_before_anything_is_unpacked(pack, work, monkeypatch):
    monkeypatch.setattr(archive_module, "LARGEST_UNPACKED", 10_000)
    path = pack({"orders.csv": "0" * 10_001})
    with pytest.raises(DataSetError, match="would unpack to 10,001 bytes"):
        extract_member(path, "orders.csv", work)
    assert list(work.iterdir()) == []


def test_an_archive_of_too_many_files_is_refused(pack, work):
    with pytest.raises(DataSetError, match="holds 1,001 files"):
        extract_member(pack({f"{i}.csv": "" for i in range(1001)}), "orders.csv", work)


def test_a_member_larger_than_it_declares_is_refused(pack, work):
    path = pack({"orders.csv": "0" * 5000})
    raw = bytearray(path.read_bytes())
    at = raw.rindex(b"PK\x01\x02") + 24
    raw[at : at + 4] = (100).to_bytes(4, "little")
    path.write_bytes(raw)
    with pytest.raises(DataSetError, match="cannot be unpacked"):
        extract_member(path, "orders.csv", work)
    assert all(file.stat().st_size <= 100 for file in work.iterdir())


def test_a_broken_archive_is_refused(pack, work):
    path = pack({"orders.csv": "y" * 1000})
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(DataSetError, match=r"made.zip cannot be unpacked .* cut short"):
        extract_member(path, "orders.csv", work)
