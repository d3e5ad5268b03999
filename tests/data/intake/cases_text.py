"""Encodings, delimiters, quotes, line ends, and what stands around the table."""

from dataclasses import replace

from .corpus import CUSTOMERS, HEADER, MARK, ORDERS, case, changed, table, text

PLAIN = text(table())
LINES = PLAIN.splitlines(keepends=True)
SIMPLE = PLAIN.replace('"QZX tea, green"', "QZX tea green")
SIMPLE_LINES = SIMPLE.splitlines(keepends=True)
QUOTES = changed(table(), {(3, 4): f'{MARK} "best" tea', (9, 4): f"{MARK} tea\nin two lines"})
SHORT = [*LINES[:9], f"QZX-17,QZXO-900,2024-05-05,{MARK}\n", *LINES[9:]]


def named(letters):
    """Return the orders with letters in one customer's id, and their text."""
    orders = tuple(
        replace(o, customer=f"{MARK}{letters}") if o.customer == CUSTOMERS[4] else o for o in ORDERS
    )
    return orders, text(table(orders))


def in_encoding(name, letters, encoding):
    """Return a file in an encoding without a mark: refused as it stands, right when stated."""
    orders, content = named(letters)
    raw = content.encode(encoding)
    return (
        case(f"{name}, not stated", raw, refused="encoding-unclear"),
        case(f"{name}, stated", raw, orders=orders, options={"encoding": encoding}),
    )


CHINESE, CHINESE_TEXT = named("清禾")
WITH_MARK = "\ufeff" + CHINESE_TEXT
CHINESE_HEADER = text(table(CHINESE), header=("客户编号", "订单号", "日期", "金额", "商品"))
ENCODINGS = (
    case("UTF-8", CHINESE_TEXT, orders=CHINESE),
    case("UTF-8 with a mark", WITH_MARK, orders=CHINESE),
    case("UTF-8 with a mark, stated", WITH_MARK, orders=CHINESE, options={"encoding": "utf-8"}),
    case("UTF-16 with a mark", CHINESE_TEXT.encode("utf-16"), orders=CHINESE),
    case("UTF-16 big endian with a mark", WITH_MARK.encode("utf-16-be"), orders=CHINESE),
    case("UTF-32 with a mark", CHINESE_TEXT.encode("utf-32"), orders=CHINESE),
    case("UTF-16 without a mark", PLAIN.encode("utf-16-le"), refused="nul-bytes"),
    case(
        "UTF-16 without a mark, stated",
        CHINESE_TEXT.encode("utf-16-le"),
        orders=CHINESE,
        options={"encoding": "utf-16-le"},
    ),
    case(
        "UTF-16 with a mark, its order stated",
        CHINESE_TEXT.encode("utf-16"),
        orders=CHINESE,
        options={"encoding": "utf-16-le"},
    ),
    *in_encoding("GBK", "清禾茶", "gb18030"),
    *in_encoding("Big5", "清禾茶業", "big5"),
    *in_encoding("Windows Western", "Müller", "cp1252"),
    *in_encoding("Windows Cyrillic", "Иванов", "cp1251"),
    *in_encoding("Japanese", "山田ヤマダ", "shift_jis"),
    *in_encoding("Korean", "김철수", "euc_kr"),
    case(
        "GBK with a Chinese header, stated",
        CHINESE_HEADER.encode("gb18030"),
        orders=CHINESE,
        options={"encoding": "gbk"},
    ),
    case(
        "UTF-8, stated as Western",
        PLAIN.replace(f"{MARK} tea", f"{MARK} té", 1),
        options={"encoding": "latin-1"},
        warned=["encoding-doubtful"],
    ),
    case(
        "UTF-8 with a mark, stated as GBK",
        WITH_MARK,
        options={"encoding": "gb18030"},
        refused="encoding-contradicted",
    ),
    case(
        "GBK, stated as UTF-8",
        CHINESE_TEXT.encode("gbk"),
        options={"encoding": "utf-8"},
        refused="encoding-unclear",
    ),
    case(
        "GBK, stated as Big5",
        named("㐀")[1].encode("gb18030"),
        options={"encoding": "big5"},
        refused="encoding-wrong",
    ),
    case(
        "an encoding that is none", PLAIN, options={"encoding": "utf8x"}, refused="encoding-unknown"
    ),
)

DIALECTS = (
    case("comma", PLAIN),
    case("semicolon", text(table(), delimiter=";")),
    case("tab", text(table(), delimiter="\t")),
    case("bar", text(table(), delimiter="|")),
    case("tab, named .csv and stated", text(table(), delimiter="\t"), options={"delimiter": "\t"}),
    case("circumflex", text(table(), delimiter="^").replace(",", ""), refused="delimiter-none"),
    case("blanks", text(table(), delimiter=" ").replace(",", ""), refused="delimiter-none"),
    case(
        "a delimiter that is none", PLAIN, options={"delimiter": "::"}, refused="delimiter-unknown"
    ),
    case("CRLF line ends", text(table(), end="\r\n")),
    case("CR-only line ends", text(table(), end="\r")),
    case("mixed line ends", text(table()[:20]) + text(table()[20:], header=(), end="\r\n")),
    case("no line end at the end", PLAIN.rstrip("\n")),
    case("every field quoted", text(table(), always=True, end="\r\n")),
    case("quotes and line ends inside fields", text(QUOTES)),
    case("quotes and CRLF inside fields", text(QUOTES, end="\r\n").replace("tea\nin", "tea\r\nin")),
    case(
        "quotes escaped by backslashes",
        PLAIN.replace(',"QZX tea, green"', ',"QZX \\"tea\\" green"', 1),
        orders=ORDERS[1:],
        aside={"uneven": 1},
        warned=["records-uneven"],
    ),
    case(
        "single quotes around ids",
        text(changed(table(), {(i, 0): f"'{o.customer}'" for i, o in enumerate(ORDERS)})),
        warned=["id-quoted"],
    ),
    case(
        "single quotes around everything",
        "".join("'" + line.rstrip("\n").replace(",", "','") + "'\n" for line in LINES),
        refused="quotes-single",
    ),
    case(
        'ids written ="..."',
        text(changed(table(), {(i, 0): f'="{o.customer}"' for i, o in enumerate(ORDERS)})),
        warned=["id-quoted"],
    ),
    case(
        "a quotation mark not closed",
        PLAIN.replace('green"', "green", 1),
        orders=ORDERS[2:],
        aside={"uneven": 2},
        warned=["records-uneven"],
    ),
    case(
        "a quotation mark that swallows the rest",
        SIMPLE.replace("QZX tea", '"QZX tea', 1),
        refused="records-uneven",
    ),
    case(
        "a quotation mark that swallows a few lines",
        "".join(
            [
                *SIMPLE_LINES[:39],
                SIMPLE_LINES[39].replace("QZX tea", '"QZX tea'),
                *SIMPLE_LINES[40:],
            ]
        ),
        orders=ORDERS[:38],
        aside={"uneven": 2},
        warned=["records-uneven"],
    ),
    case(
        "two quotation marks that swallow the lines between",
        SIMPLE.replace("QZX tea", '"QZX tea', 1)
        .replace("green", 'green"')
        .replace('green"', "green", 9),
        refused="lines-swallowed",
    ),
    case(
        "letters of several lines, with commas",
        text(changed(table(), {(3, 4): f"Dear {MARK},\nthe tea, the cup,\nthe pot"})),
    ),
)

SURROUNDINGS = (
    case("lines above the header", f"{MARK} report\nmade 2024-12-31, by hand\n\n" + PLAIN),
    case("sep= above the header", "sep=;\n" + text(table(), delimiter=";")),
    case("blank lines", "\n" + "\n".join(LINES) + "\n\n"),
    case("rows of delimiters alone", PLAIN + ",,,,\n,,,,\n", aside={"blank": 2}),
    case(
        "a line of text at the end",
        PLAIN + f"made by {MARK} on 2024-12-31\n",
        aside={"uneven": 1},
        warned=["records-uneven"],
    ),
    case(
        "one row short of a field", "".join(SHORT), aside={"uneven": 1}, warned=["records-uneven"]
    ),
    case(
        "many rows with a field too many",
        "".join(line.replace("\n", ",x\n") if i % 5 == 1 else line for i, line in enumerate(LINES)),
        refused="records-uneven",
    ),
    case(
        "a trailing comma in rows alone",
        LINES[0] + "".join(line.replace("\n", ",\n") for line in LINES[1:]),
        refused="columns-shifted",
    ),
    case("a trailing comma everywhere", PLAIN.replace("\n", ",\n")),
    case(
        "the header again in the middle",
        "".join([*LINES[:20], LINES[0], *LINES[20:]]),
        aside={"day": 1},
        warned=["date-unreadable"],
    ),
    case(
        "two files put together, marks and all",
        "\ufeff" + "".join(LINES[:20]) + "\ufeff" + "".join(LINES[20:]),
        warned=["id-cleaned"],
    ),
    case("no header", "".join(LINES[1:]), refused="no-header"),
    case("no header, columns stated", "".join(LINES[1:]), options={"names": HEADER}),
    case(
        "no header, days in words",
        "".join(f"{MARK}-{i},Jan {i + 1} 2024,USD {i}.50\n" for i in range(28)),
        refused="no-header",
    ),
    case("a header alone", LINES[0], refused="no-rows"),
    case("an empty file", b"", refused="file-empty"),
    case("blanks alone", " \r\n \r\n", refused="file-empty"),
    case("a mark alone", b"\xef\xbb\xbf", refused="file-empty"),
    case("a column twice", PLAIN.replace("product", "amount", 1), refused="column-twice"),
    case("an unused column twice", PLAIN.replace("\n", ",x,x\n").replace(",x,x", ",note,note", 1)),
    case(
        "columns of unknown names",
        PLAIN.replace(LINES[0], "who,which,when,how much,what\n"),
        refused="column-missing",
    ),
    case(
        "columns of unknown names, stated",
        PLAIN.replace(LINES[0], "Kunde,Beleg,Datum,Betrag,Ware\n"),
        options={"customer": "Kunde", "order": "beleg", "date": "Datum", "amount": "BETRAG"},
    ),
    case("a misspelt column", PLAIN.replace("amount", "ammount", 1), refused="column-missing"),
    case(
        "two columns that could be the day",
        text(([*row, "2025-01-01"] for row in table()), header=(*HEADER, "invoice_date")),
        refused="column-unclear",
    ),
    case(
        "SQL for column names",
        PLAIN.replace("product", 'x""; DROP VIEW raw; --\' OR 1=1', 1),
        warned=[],
    ),
)

FORMATS = (
    case(
        "JSON lines", f'{{"customer": "{MARK}1", "date": "2024-01-31"}}\n' * 3, refused="file-kind"
    ),
    case("JSON", f'[{{"customer": "{MARK}1", "date": "2024-01-31"}}]', refused="file-kind"),
    case("HTML named .xls", f"<html><table><tr><td>{MARK}", file="orders.xls", refused="file-kind"),
    case("XML", f"<orders><order customer='{MARK}'/></orders>", refused="file-kind"),
    case(
        "a dump of SQL",
        f"INSERT INTO orders VALUES ('{MARK}1', '2024-01-31', 'x');\n" * 9,
        refused="column-missing",
    ),
    case("a zip archive", b"PK\x05\x06" + bytes(18), file="orders.zip", refused="file-kind"),
    case("a gzip archive", b"\x1f\x8b\x08" + MARK.encode(), refused="file-kind"),
    case("a pickle", b"\x80\x04\x95" + MARK.encode() + b".", refused="file-kind"),
    case(
        "an old pickle",
        b"cposix\nsystem\np0\n(S'echo QZX'\np1\ntp2\nRp3\n.",
        refused="delimiter-none",
    ),
    case(
        "an old Excel file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), refused="file-kind"
    ),
    case("a picture", b"\x89PNG\r\n\x1a\n" + bytes(100), refused="file-kind"),
    case("bytes of no kind", bytes(range(1, 32)) * 40, refused="file-kind"),
)

TEXTS = (*ENCODINGS, *DIALECTS, *SURROUNDINGS, *FORMATS)
