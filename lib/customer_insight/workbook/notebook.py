"""The report as an executed notebook, to go on from."""

import tempfile
from pathlib import Path

from customer_insight.course.notebook import read_notebook, read_text, tidy, to_bytes
from customer_insight.course.stable import unstable_outputs
from customer_insight.course.supervise import Task, execute
from customer_insight.data.files import write_whole
from customer_insight.workbook.section import Report

NAME = "report.ipynb"


class NotebookRunError(RuntimeError):
    """The report's notebook did not run to its end."""


def notebook_text(report: Report) -> str:
    """Return the notebook's text in jupytext's percent format.

    It reads ``report.json`` and ``tables/`` beside it. Of the report, only what has no room for a
    stranger's words stands in the text: as_of, currency and digits.

    Parameters
    ----------
    report : Report

    Returns
    -------
    str

    Examples
    --------
    >>> report = Report("Report", (), {}, "2024-05-31", "2024-06-03", "CNY", 2)
    >>> print(notebook_text(report)[:25])
    # %% [markdown]
    # # Go on
    """
    settings = {"as_of": report.as_of, "currency": report.currency, "decimals": report.decimals}
    lines = "\n".join(f"{name} = {value!r}" for name, value in settings.items())
    return _TEXT.replace("SETTINGS", lines)


def write_notebook(report: Report, folder: Path) -> None:
    """Execute the notebook in the report's folder and write it there, as ``report.ipynb``.

    Equal reports give equal bytes: no timings, ids made from what the cells say.

    Parameters
    ----------
    report : Report
    folder : pathlib.Path
        Holds what `write_tables` wrote.

    Raises
    ------
    NotebookRunError
        If a cell fails or its output would differ from run to run. Nothing is written then.
    """
    with tempfile.TemporaryDirectory(prefix="report-") as name:
        text, source, target = (Path(name, one) for one in ("a.py", "a.ipynb", "b.ipynb"))
        text.write_text(notebook_text(report), encoding="utf-8")
        source.write_bytes(to_bytes(tidy(read_text(text))))
        (run,) = execute([Task(NAME, source, target, folder)])
        if run.failure is not None:
            raise NotebookRunError(
                f"The notebook of the report stopped in section {run.failure.section!r} "
                f"({run.failure.kind}: {run.failure.error}). The tables beside it are whole; this "
                "is our fault, please report it."
            )
        executed = read_notebook(target)
        problems = unstable_outputs(executed, folder)
        if problems:
            raise NotebookRunError(f"The notebook of the report is not stable: {problems[0]}")
        write_whole(folder / NAME, to_bytes(executed))


_TEXT = r"""# %% [markdown]
# # Go on from the report
#
# This notebook stands in the report's folder and reads the tables beside it. Change it as you like:
# the report makes it anew in a folder of its own. Money in the tables is whole minor units, such as
# cents. Counts under 10 are hidden, and with them larger ones that would give them away, here as in
# the report.

# %% tags=["parameters"]
SETTINGS
segment = ""  # code of the segment to look at; empty: the one with the largest sales
cuts = [30, 90, 180, 365]  # days since the last purchase, for groups of your own
own_file = ""  # a table of your own, .csv, with a column customer_id
key_file = ""  # key of the pseudonyms, where it is not your own

# %%
import json
from pathlib import Path

import pandas as pd

from customer_insight import show
from customer_insight.workbook.pseudonyms import default_key_path, pseudonyms, read_key
from customer_insight.workbook.section import CUSTOMERS, HIDDEN, MONEY
from customer_insight.workbook.suppression import hide_small, hide_small_table
from customer_insight.workbook.wording import Wording

about = json.loads(Path("report.json").read_text(encoding="utf-8"))
customers = pd.read_parquet("tables/customers.parquet")
say = Wording(currency, decimals)
money = say.unit_name(MONEY)
show.say(f"{about['title']}: {len(customers):,} customers, purchases up to {as_of}.")

# %% [markdown]
# ## The report's numbers
#
# Each has a code by which a program finds it, and its interval where it has one.

# %%
quantities = pd.read_parquet("tables/quantities.parquet")
said = quantities[["code", "name", "value", "low", "high", "unit", "kind"]].astype(object).head(100)
for column in ("value", "low", "high"):
    known = said[column].where(said[column].notna(), None)
    said[column] = [say.value(*pair) for pair in zip(known, said["unit"], strict=True)]
show.table(said, caption=f"Numbers of the report, money in {money}")

# %% [markdown]
# ## The segments
#
# Recency and frequency name the segment; the money is not in it. Where a count is hidden, so is
# what these customers spent.

# %%
segments = customers.groupby("segment", as_index=False).agg(
    customers=("customer", "size"), amount=("amount", "sum"), days=("recency_days", "median")
)
segments = segments.sort_values(["amount", "segment"], ascending=[False, True], ignore_index=True)
shown = hide_small(segments["customers"].tolist())
known = pd.Series([count is not HIDDEN for count in shown], dtype=bool)
table = pd.DataFrame(
    {
        "segment": segments["segment"],
        "customers": [say.value(count, CUSTOMERS) for count in shown],
        f"sales ({money})": (segments["amount"] / 10**decimals).where(known),
        "days since last, median": segments["days"].where(known),
    }
)
show.table(
    table,
    caption="Segments, largest sales first",
    digits={f"sales ({money})": decimals, "days since last, median": 1},
)

# %%
parts = pd.DataFrame(
    {
        "segment": segments["segment"],
        "customers": segments["customers"] / max(1, len(customers)),
        "sales": segments["amount"] / max(1, customers["amount"].sum()),
    }
)[known].reset_index(drop=True)
drawn = show.say("No segment has so many customers that it can be drawn.")
if len(parts):
    name, people, sales = parts.iloc[0]
    drawn = show.bars(
        parts,
        x="segment",
        y=["customers", "sales"],
        title=f"{name}: {people:.0%} of customers, {sales:.0%} of sales",
        xlabel="segment",
        ylabel="share of all",
        alt=f"Bars of each segment's share of customers and of sales; {name} is the first.",
        percent=("customers", "sales"),
    )
drawn

# %% [markdown]
# ## Look at one segment
#
# Name it in `segment`, at the top. `chosen` holds its customers, one a row, for a list of your own.

# %%
name = segment or (segments["segment"].iloc[0] if len(segments) else "none")
chosen = customers[customers["segment"] == name]
count = dict(zip(segments["segment"], shown, strict=True)).get(name, 0)
spent = "hidden" if count is HIDDEN else say.with_unit(int(chosen["amount"].sum()), MONEY)
show.say(f"{name}: customers {say.value(count, CUSTOMERS)}, sales {spent}.")

# %% [markdown]
# ## Other cut-points
#
# Scores compare customers with each other; days of your own do not. Set `cuts` to the rhythm of
# your business and see who falls where.

# %%
recency = pd.cut(customers["recency_days"], [-1, *cuts, float("inf")])
often = pd.cut(customers["purchase_days"], [0, 1, 3, float("inf")], labels=["1", "2 to 3", "4 up"])
cross = pd.crosstab(recency, often, dropna=False)
counts = hide_small_table(cross.to_numpy().tolist())
words = [[say.value(count, CUSTOMERS) for count in row] for row in counts]
grid = pd.DataFrame(words, columns=list(cross))
starts = [0, *[cut + 1 for cut in cuts]]
grid.insert(0, "days since last, from", starts)
show.table(grid, caption="Customers by days since the last purchase and by number of purchases")

# %% [markdown]
# ## Join columns of your own
#
# Name a file in `own_file`: one row a customer, with the ids as they stand in the file of orders.
# Where the report has pseudonyms, they are made again with your key; `joined` holds what was found.

# %%
joined = customers
if own_file:
    own = pd.read_csv(own_file, dtype={"customer_id": str})
    own = own.rename(columns={"customer_id": "customer"})
    if about["identity"].get("customer ids", "").startswith("pseudonyms"):
        import polars as pl

        key = read_key(Path(key_file) if key_file else default_key_path())
        own["customer"] = pseudonyms(pl.Series(own["customer"].tolist()), key).to_list()
    joined = customers.merge(own, on="customer", how="inner", validate="1:1")
show.say(
    f"{len(joined):,} of {len(customers):,} customers have columns of yours."
    if own_file
    else "No file of your own is named yet."
)
"""
