"""Small data sets, the publishers' real ones, and a web server that can misbehave."""

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import import_module
from pathlib import Path

import pytest

from customer_insight.data import catalog as catalog_module

TINY_CATALOG = """
tiny: &tiny
  title: Three orders
  row: one order
  publisher: Nobody
  licence: none
  use: For tests.
  citation: Nobody (2024).
  source: {address: "http://127.0.0.1:9/tiny.csv", verified: false}
  reader: {kind: csv}
  missing_marks: ["?"]
  columns:
    id: {type: text, meaning: Order}
    day: {type: date, format: "%d/%m/%Y", meaning: Day}
    at: {type: timestamp, format: "%d/%m/%Y %H:%M", optional: true, meaning: Time}
    pieces: {type: integer, low: 1, high: 9, unit: pieces, meaning: Pieces}
    price: {type: number, low: 0, optional: true, unit: euros, meaning: Price}
    paid: {type: boolean, meaning: Paid}
    kind: {type: text, values: [new, old], optional: true, meaning: Kind}
  rows: 3
  checks:
    - {what: pieces, sql: sum(pieces), equals: 6}
    - {what: amount, sql: sum(price), equals: 12.75, decimals: 2}
    - {what: first day, sql: "min(day)::VARCHAR", equals: "2024-02-01"}
    - {what: ids, sql: count(DISTINCT id), equals: 3, slow: true}
  traps:
    - Days come first.
tiny_book:
  <<: *tiny
  reader: {kind: xlsx, sheet: Orders}
  source: {address: "http://127.0.0.1:9/tiny.zip", verified: false, member: Tiny Book.xlsx}
tiny_by_hand:
  title: Three orders, by hand
  row: one order
  publisher: Nobody
  licence: none
  use: For tests.
  citation: Nobody (2024).
  by_hand: Ask nobody for it.
  reader: {kind: baskets}
  columns:
    basket: {type: integer, meaning: Basket}
    items: {type: text, meaning: Items}
  rows: 2
  checks:
    - {what: baskets, sql: count(*), equals: 2}
  traps:
    - None.
"""
TINY_CSV = (
    "id,day,at,pieces,price,paid,kind,extra\r\n"
    "007,01/02/2024,01/02/2024 09:30,1,2.50,true,new,x\r\n"
    "008,02/02/2024,?,2,?,false,?,x\r\n"
    '"9,5",03/02/2024,03/02/2024 23:59,3,10.25,true,old,\r\n'
)
Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Give a catalogue of small data sets in place of the project's; nothing else is looked at."""
    written = tmp_path / "catalog.yml"
    written.write_text(TINY_CATALOG, encoding="utf-8")
    monkeypatch.setattr(catalog_module, "CATALOG_FILE", written)
    monkeypatch.setattr(catalog_module, "COMPANY_FOLDER", tmp_path / "no company")
    monkeypatch.delenv("CUSTOMER_INSIGHT_DATA", raising=False)
    fetched = tmp_path / "fetched"
    for name in ("load", "fetch"):
        monkeypatch.setattr(
            import_module(f"customer_insight.data.{name}"), "FETCHED_FOLDER", fetched
        )
    return catalog_module.catalog()["tiny"]


@pytest.fixture
def tiny_csv(tmp_path) -> Path:
    """Give the small data set as its publisher would offer it."""
    path = tmp_path / "tiny.csv"
    path.write_bytes(TINY_CSV.encode())
    return path


@pytest.fixture
def real_folder() -> Path:
    """Give the folder with the publishers' tables, or skip."""
    folder = os.environ.get("CUSTOMER_INSIGHT_DATA")
    if not folder:
        pytest.skip("CUSTOMER_INSIGHT_DATA is not set, so the publishers' tables are not here")
    return Path(folder)


@dataclass
class Server:
    """A web server on this machine: ``answers`` by path, ``asked`` with each path and its Range."""

    address: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)


@pytest.fixture
def server(monkeypatch) -> Iterator[Server]:
    """Start a server whose answers the test decides; stalled ones are released at the end."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            running.asked.append((self.path, self.headers.get("Range")))
            running.answers[self.path](self)
            self.close_connection = True

        def log_message(self, *_):
            """Keep standard error free for what the test looks at."""

    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running = Server(f"http://127.0.0.1:{http.server_port}")
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.released.set()
    http.shutdown()
    http.server_close()
    thread.join()


@pytest.fixture
def whole() -> Callable[[bytes], Answer]:
    """Give an answer that sends all of a body, or from where the client asks."""

    def make(body: bytes) -> Answer:
        def answer(request: BaseHTTPRequestHandler) -> None:
            asked = request.headers.get("Range")
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            request.send_response(206 if asked else 200)
            if asked:
                request.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            request.send_header("Content-Length", str(len(body) - start))
            request.end_headers()
            request.wfile.write(body[start:])

        return answer

    return make


@pytest.fixture
def broken_off(whole) -> Callable[[bytes, int], Answer]:
    """Give an answer that promises a body, sends some bytes, and closes; later ones are whole."""

    def make(body: bytes, sent: int) -> Answer:
        calls = []

        def answer(request: BaseHTTPRequestHandler) -> None:
            calls.append(request.path)
            if len(calls) > 1:
                whole(body)(request)
                return
            request.send_response(200)
            request.send_header("Content-Length", str(len(body)))
            request.end_headers()
            request.wfile.write(body[:sent])

        return answer

    return make


@pytest.fixture
def status() -> Callable[..., Answer]:
    """Give an answer with a status, headers and no body."""

    def make(code: int, **headers: str) -> Answer:
        def answer(request: BaseHTTPRequestHandler) -> None:
            request.send_response(code)
            for name, value in headers.items():
                request.send_header(name.replace("_", "-"), value)
            request.end_headers()

        return answer

    return make
