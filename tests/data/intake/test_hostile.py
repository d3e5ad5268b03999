import json
import os
import subprocess
import sys

import pytest

from customer_insight.data import read_transactions
from customer_insight.data.intake import IntakeError

from .corpus import AS_OF, HEADER, MARK, ORDERS, table, text
from .hostile import files

PLAIN = text(table())
# Of the processor, the start of the process that reads workbooks included; and beside what stands
# after a first file, as all that this other process has.
MOST_SECONDS, MOST_MEMORY = 1.0, 200_000_000
PROGRAM = """
import datetime, json, os, resource, sys
from customer_insight.data import read_transactions

def read(path):
    try:
        read_transactions(path, as_of=datetime.date(2025, 6, 30))
    except ValueError as error:
        return [finding.code for finding in error.findings if finding.level == "refused"]
    return [""]

def processor():
    return sum(os.times()[:4])  # of this process and of those that it has started and seen end

def memory(which):
    lines = dict(line.split(":") for line in open("/proc/self/status"))
    return int(lines[which].split()[0]) * 1024

read(sys.argv[1])
for path in sys.argv[1:]:
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")  # the peak is counted from here
    before, start = memory("VmRSS"), processor()
    codes = read(path)
    seconds, grown = processor() - start, memory("VmHWM") - before
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    print(json.dumps([path, codes, seconds, grown, child]))
"""


@pytest.fixture
def orders(tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text(PLAIN)
    return path


def test_hostile_files_are_refused_or_harmless_with_little_memory(orders, tmp_path):
    made = files(tmp_path)
    for name, (content, _) in made.items():
        (tmp_path / name).write_bytes(content)
    paths = [str(tmp_path / name) for name in ("orders.csv", *made)]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, *paths],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told = [json.loads(line) for line in done.stdout.splitlines()]
    wrong = []
    for path, codes, seconds, grown, child in told:
        name = os.path.basename(path)
        said = f"{name}: {codes}, {seconds:.2f} s, {grown / 1e6:.0f} and {child / 1e6:.0f} MB"
        print(said)
        fits = set(codes) & set(made.get(name, (b"", ("",)))[1])
        if not fits or max(grown, child) > MOST_MEMORY or seconds > MOST_SECONDS:
            wrong.append(said)
    assert wrong == []
    assert len(told) == len(paths)
    assert not (tmp_path / "harmed").exists()


@pytest.mark.parametrize(
    "name", ["*.csv", "order?.csv", "orders[1].csv", "o'r\"d;ers.csv", "or\nders.csv", "客户 1.csv"]
)
def test_any_name_of_a_file_is_that_file_alone(name, orders, tmp_path):
    (tmp_path / "orders1.csv").write_text(text(table(ORDERS[:1])))
    path = tmp_path / name
    path.write_text(text(table(ORDERS[:9])))
    intake = read_transactions(path, as_of=AS_OF)
    assert len(intake.transactions) == 9
    assert name.replace("\n", " ") in str(intake.report)


def test_a_link_is_followed_to_a_file(orders, tmp_path):
    link = tmp_path / "elsewhere" / "link"
    link.parent.mkdir()
    link.symlink_to(orders)
    assert len(read_transactions(link, as_of=AS_OF).transactions) == len(ORDERS)


def test_what_is_no_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "zero.csv").symlink_to("/dev/zero")
    refused = {
        "pipe.csv": "file-kind",
        "zero.csv": "file-kind",
        "loop.csv": "file-missing",
        "none.csv": "file-missing",
        "nul\x00.csv": "file-missing",
        ".": "file-missing",
    }
    for name, code in refused.items():
        with pytest.raises(IntakeError, match=code):
            read_transactions(tmp_path / name)


def test_nothing_of_a_file_is_looked_up(orders, tmp_path):
    """Paths and addresses in values and in names of columns stay text."""
    other = tmp_path / "secret.csv"
    other.write_text(PLAIN)
    hostile = f"x'; COPY raw TO '{tmp_path}/out.csv'; SELECT * FROM read_csv('{other}') --"
    rows = [[*row, hostile] for row in table()]
    names = [f'{name}"; DROP VIEW raw; --' for name in HEADER]
    orders.write_text(text(rows, header=[*names, hostile]))
    stated = dict(zip(("customer", "order", "date", "amount", "sku"), names, strict=True))
    intake = read_transactions(orders, as_of=AS_OF, **stated)
    assert len(intake.transactions) == len(ORDERS)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv", "secret.csv"]


def test_formulas_and_html_are_harmless_in_report_and_rejected_rows(tmp_path):
    bad = "<img src=x onerror=alert(1)>"
    path = tmp_path / f"{bad}.csv".replace("/", "")
    rows = table()
    rows[3][2], rows[3][4] = "=1+1", '=HYPERLINK("http://x")'
    rows[4][2], rows[4][4] = "+1", "＠SUM(1)"
    path.write_text(text(rows, header=("customer", "order", "date", "amount", bad)))
    rejected = tmp_path / "rejected.csv"
    intake = read_transactions(path, as_of=AS_OF, sku=bad, rejected_to=rejected)
    html = intake.report._repr_html_()
    assert "<img" not in html
    assert "&lt;img" in html
    said = rejected.read_text(encoding="utf-8-sig")
    assert "'=1+1" in said
    assert "'=HYPERLINK" in said
    assert "'+1" in said
    assert "'＠SUM" in said


def test_signs_that_steer_a_terminal_are_not_shown(tmp_path):
    path = tmp_path / "x\x1b[2J.csv"
    path.write_text("customer,date\x1b[31m,amount\u202e\nQZX,2024-01-31,1.00\n")
    with pytest.raises(IntakeError) as error:
        read_transactions(path, as_of=AS_OF, sku=f"{MARK}\x1b[0m")
    assert all(sign not in str(error.value) for sign in "\x1b\u202e")


def test_the_file_itself_is_never_written_over(orders):
    with pytest.raises(ValueError, match=r"orders\.csv itself"):
        read_transactions(orders, rejected_to=orders)
    assert orders.read_text() == PLAIN
