import hashlib
import hmac
import os
import stat
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import polars as pl
import pytest

from customer_insight.workbook import pseudonyms as module
from customer_insight.workbook.pseudonyms import (
    KeyFileError,
    default_key_path,
    key_mark,
    pseudonyms,
    read_key,
    read_or_make_key,
)

KEY = bytes(range(32))
ids_of = pl.Series("customer", ["00042", "客户 7", "00042", ""])


def test_a_pseudonym_is_the_beginning_of_the_hmac_of_the_id():
    expected = [f"c-{hmac.new(KEY, i.encode(), 'sha256').hexdigest()[:16]}" for i in ids_of]
    made = pseudonyms(ids_of, KEY)
    assert made.to_list() == expected
    assert made.name == "customer"
    assert made[0] == made[2] != made[1]


def test_the_published_case_of_a_key_of_twenty_bytes_filled_up_with_zeros():
    # RFC 4231, test case 1: HMAC fills a short key with zeros, so that both are one key
    key = b"\x0b" * 20 + bytes(12)
    assert pseudonyms(pl.Series(["Hi There"]), key)[0] == "c-b0344c61d8db3853"


def test_another_key_gives_other_pseudonyms_and_another_mark():
    other = bytes(32)
    assert not set(pseudonyms(ids_of, KEY)) & set(pseudonyms(ids_of, other))
    assert key_mark(KEY) != key_mark(other)


def test_the_mark_is_no_part_of_the_key_nor_of_its_plain_hash():
    assert len(key_mark(KEY)) == 8
    assert key_mark(KEY) not in KEY.hex()
    assert key_mark(KEY) not in hashlib.blake2s(KEY).hexdigest()


def test_no_rows_give_no_pseudonyms():
    assert pseudonyms(pl.Series("customer", [], dtype=pl.String), KEY).to_list() == []


def test_two_ids_with_one_pseudonym_are_refused_and_not_shown(monkeypatch):
    monkeypatch.setattr(module, "LENGTH", 1)
    with pytest.raises(ValueError, match=r"9 of 20 customers .* another key file") as refusal:
        pseudonyms(pl.Series([f"id-{n}" for n in range(20)]), bytes(32))
    assert "id-" not in str(refusal.value)


@pytest.mark.parametrize(
    ("ids", "key", "words"),
    [
        (pl.Series(["a", None, None]), KEY, "2 of 3 customer ids are missing"),
        (pl.Series([42, 43]), KEY, "are Int64, not text"),
        (pl.Series(["a"]), b"short", "has 5 bytes and must have 32"),
    ],
)
def test_what_has_no_sure_pseudonym_is_refused(ids, key, words):
    with pytest.raises(ValueError, match=words):
        pseudonyms(ids, key)


def test_a_new_key_is_random_private_and_kept(tmp_path):
    path = tmp_path / "settings" / "customer-insight" / "pseudonyms.key"
    key = read_or_make_key(path)
    assert len(key) == 32
    assert read_or_make_key(path) == read_key(path) == key
    assert path.read_text() == key.hex() + "\n"
    assert read_or_make_key(tmp_path / "other.key") != key
    assert [one.name for one in path.parent.iterdir()] == [path.name]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no modes of files")
def test_nobody_else_may_read_a_new_key_whatever_the_mask(tmp_path):
    path = tmp_path / "settings" / "pseudonyms.key"
    old = os.umask(0)
    try:
        read_or_make_key(path)
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_runs_that_make_a_key_at_once_get_the_same(tmp_path):
    path = tmp_path / "pseudonyms.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_or_make_key(path), range(64)))
    assert keys == {read_key(path)}
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_key_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="disk full"):
        read_or_make_key(tmp_path / "pseudonyms.key")
    assert list(tmp_path.iterdir()) == []


DAMAGED = [b"", b"ab" * 31, b"ab" * 33, b"AB" * 32, b"xy" * 32, b"ab" * 32 + b"\n\n", b"\xff" * 64]


@pytest.mark.parametrize("content", DAMAGED)
def test_a_damaged_key_is_refused_kept_and_not_shown(tmp_path, content):
    path = tmp_path / "pseudonyms.key"
    path.write_bytes(content)
    with pytest.raises(KeyFileError, match=r"is not a key file.* put back a copy") as refusal:
        read_or_make_key(path)
    assert path.read_bytes() == content
    assert not content or content[:8].decode("latin-1") not in str(refusal.value)


def test_a_folder_or_a_broken_link_is_no_key(tmp_path):
    link = tmp_path / "link.key"
    link.symlink_to(tmp_path / "gone")
    for path in (tmp_path, link):
        with pytest.raises(KeyFileError, match="is not a key file"):
            read_or_make_key(path)


def test_to_read_makes_no_key(tmp_path):
    with pytest.raises(KeyFileError, match="there is no key file"):
        read_key(tmp_path / "pseudonyms.key")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("platform", "settings", "expected"),
    [
        ("linux", {"XDG_CONFIG_HOME": "/own"}, "/own/customer-insight/pseudonyms.key"),
        ("linux", {"XDG_CONFIG_HOME": "own"}, "HOME/.config/customer-insight/pseudonyms.key"),
        ("linux", {}, "HOME/.config/customer-insight/pseudonyms.key"),
        ("darwin", {}, "HOME/Library/Application Support/customer-insight/pseudonyms.key"),
        ("win32", {"APPDATA": "/roam"}, "/roam/customer-insight/pseudonyms.key"),
        ("win32", {}, "HOME/AppData/Roaming/customer-insight/pseudonyms.key"),
    ],
)
def test_the_key_lies_where_the_system_keeps_settings(monkeypatch, platform, settings, expected):
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert default_key_path() == Path(expected.replace("HOME", str(Path.home())))


@pytest.mark.evidence
def test_a_million_ids_take_a_few_seconds_of_one_processor():
    ids = pl.Series([f"{n:08}" for n in range(1_000_000)])
    began = time.process_time()
    made = pseudonyms(ids, KEY)
    assert time.process_time() - began < 10
    assert made.n_unique() == 1_000_000
