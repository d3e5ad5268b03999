"""Files that are made to fill a machine, to run something or to break a reader."""

import io
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from .cases_tables import columns
from .corpus import MARK, table, text

PLAIN = text(table())
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
BOOK = (
    f'<workbook {MAIN} xmlns:r="{LINKS}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>"
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{LINKS}/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)
TOP = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r0" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
LAUGHS = (
    '<!DOCTYPE s [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
    )
    + f"]><sst {MAIN}><si><t>&j;</t></si></sst>"
)


def workbook(rows: str, *, dimension: str = "A1", strings: str = f"<sst {MAIN}/>") -> bytes:
    """Return a workbook whose sheet has these rows of XML."""
    sheet = (
        f'<worksheet {MAIN}><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", TOP)
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        archive.writestr("xl/sharedStrings.xml", strings)
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """Return an archive that says of each large member that it is small."""
    told = bytearray(content)
    for sign, at in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        start = told.find(sign)
        while start >= 0:
            if struct.unpack_from("<I", told, start + at)[0] > size:
                struct.pack_into("<I", told, start + at, size)
            start = told.find(sign, start + 4)
    return bytes(told)


def parquet(made: pa.Table, **how: int) -> bytes:
    out = io.BytesIO()
    pq.write_table(made, out, **how)
    return out.getvalue()


def shared(value: str, rows: int) -> pa.Table:
    """Return the orders over and over, with one value that stands once and is meant in each row."""
    orders = pa.concat_tables([columns()] * (rows // len(columns())))
    product = pa.DictionaryArray.from_arrays(pa.array([0] * rows, pa.int32()), [value])
    return orders.set_column(4, "product", product)


def other_footer(change: Callable[[bytearray], None]) -> bytes:
    """Return a parquet file with a changed footer."""
    content = bytearray(parquet(columns()))
    size = struct.unpack_from("<I", content, len(content) - 8)[0]
    footer = content[-8 - size : -8]
    change(footer)
    return bytes(content[: -8 - size] + footer + content[-8:])


def _noise(footer: bytearray) -> None:
    for at in range(0, len(footer), 7):
        footer[at] ^= 0x55


def _size(content: bytes) -> bytes:
    return content[:-8] + struct.pack("<I", 2**31 - 1) + content[-4:]


class _Harm:
    """An object that makes a file when it is unpickled."""

    def __init__(self, mark: Path):
        self.mark = mark

    def __reduce__(self) -> tuple:
        return Path.touch, (self.mark,)


def _row(*cells: str, at: str = "") -> str:
    return f"<row{at}>{''.join(cells)}</row>"


def _cell(where: str, value: str) -> str:
    return f'<c r="{where}" t="inlineStr"><is><t>{value}</t></is></c>'


HEAD = _row(_cell("A1", "customer"), _cell("B1", "date"), _cell("C1", "amount"), at=' r="1"')
FAR = _row(_cell("XFD1048576", f"{MARK}"), at=' r="1048576"')
STRING = '<row r="2"><c r="A2" t="s"><v>0</v></c></row>'


def files(folder: Path) -> dict[str, tuple[bytes, tuple[str, ...]]]:
    """Return the files by name: content, and the codes of which one refuses it ("" if harmless)."""
    many = 9_000_000
    letters = b"x" * 3_000_000
    head = PLAIN.encode()
    return {
        "zeros.xlsx": (workbook(" " * 40_000_000), ("workbook-too-large",)),
        "lying.xlsx": (lying(workbook(" " * 40_000_000), 1000), ("workbook-damaged",)),
        "styled.xlsx": (workbook(_row('<c s="1"/>' * 4_000_000)), ("workbook-too-large",)),
        "declared.xlsx": (workbook(HEAD, dimension="A1:XFD1048576"), ("no-rows",)),
        "far.xlsx": (workbook(HEAD + FAR), ("workbook-too-large",)),
        "laughs.xlsx": (
            workbook(HEAD + STRING, strings=LAUGHS),
            ("workbook-damaged", "no-purchases"),
        ),
        "field.csv": (head + b"QZX,1,2024-01-01,1.00," + letters + b"\n", ("line-too-long",)),
        "field-crlf.csv": (
            head.replace(b"\n", b"\r\n") + b"QZX,1,2024-01-01,1.00," + letters + b"\r\n",
            ("line-too-long",),
        ),
        "field-lines.csv": (
            head + b'QZX,1,2024-01-01,1.00,"' + b"x\n" * 1_500_000 + b'"\n',
            ("records-uneven",),
        ),
        "line-alone.csv": (letters * 20, ("line-too-long",)),
        "quote.csv": (
            head.replace(b"QZX tea, green", b"tea") + b'a,"b\n' * 90_000,
            ("records-uneven",),
        ),
        "bad.csv": (head + b"QZX,1\n" * 90_000, ("records-uneven",)),
        "bad-wide.csv": (head + b",,,,,\n" * 90_000, ("records-uneven",)),
        "nul.csv": (head[:900] + b"\x00" * 9 + head[900:], ("nul-bytes",)),
        "columns.csv": (b",".join([b"a"] * 90_000) + b"\n" + b"," * 89_999, ("too-many-columns",)),
        "cut.parquet": (parquet(columns())[:-200], ("parquet-damaged",)),
        "ends.parquet": (b"PAR1" + bytes(90) + b"PAR1", ("parquet-damaged",)),
        "noise.parquet": (other_footer(_noise), ("parquet-damaged",)),
        "size.parquet": (_size(parquet(columns())), ("parquet-damaged",)),
        "rows.parquet": (
            parquet(pa.table({"customer": pa.nulls(many * 2, pa.string())})),
            ("too-many-rows",),
        ),
        "long.parquet": (
            parquet(columns(product=[letters.decode()] * 10 + [""] * 30)),
            ("value-too-long",),
        ),
        "longer.parquet": (
            parquet(columns(product=[f"{i:02}{letters.decode()}" for i in range(40)])),
            ("value-too-long",),
        ),
        "shared.parquet": (
            parquet(shared(letters.decode(), 40_000), dictionary_pagesize_limit=10_000_000),
            ("value-too-long",),
        ),
        "harm.csv": (pickle.dumps(_Harm(folder / "harmed")), ("file-kind",)),
        "harm0.csv": (pickle.dumps(_Harm(folder / "harmed"), protocol=0), ("delimiter-none",)),
    }
