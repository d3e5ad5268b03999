"""Section 1: can this file be trusted? The ledger from lines read to lines used."""

from customer_insight import show
from customer_insight.workbook.facts import Facts
from customer_insight.workbook.section import (
    CUSTOMERS,
    MONEY,
    ROWS,
    SHARE,
    TEXT,
    Chart,
    Column,
    Decision,
    Quantity,
    Section,
    Table,
)

# Above this share of lines lost, what is left may not stand for the whole.
MOST_LOST = 0.02


def make(facts: Facts) -> Section:
    """Return the section."""
    ledger, counts, say = facts.intake.ledger, facts.intake.facts, facts.say
    read, used, returned = ledger[0], ledger[-1], ledger[-2]
    lost = read.rows - used.rows - returned.rows
    share = lost / read.rows
    warnings = facts.intake.warnings
    rest = f"{lost:,} set aside ({say.value(share, SHARE)})" if lost else "none set aside"
    answer = (
        f"Of {say.with_unit(read.rows, ROWS)} {used.rows:,} count as purchases, "
        f"{returned.rows:,} as returns, {rest}. "
        f"The purchases are of {say.with_unit(counts['customers'], CUSTOMERS)}, from "
        f"{facts.date(facts.first_day)} to {facts.date(counts['last_day'])}. "
        + (
            f"{'One thing was' if len(warnings) == 1 else f'{len(warnings)} things were'} decided "
            "that you may want to decide otherwise, as told below. What stands there as a=b is "
            "--a b for course intake, which keeps it with --save-mapping."
            if warnings
            else "Nothing had to be decided that you might decide otherwise."
        )
    )
    return Section(
        number=1,
        code="trust",
        question="Can I trust this file?",
        answer=answer,
        quantities=_quantities(facts, lost, share),
        tables=tuple(_tables(facts)),
        charts=(_waterfall(facts),),
        decisions=(_decision(facts, lost, share),) if share > MOST_LOST else (),
        limits=(
            "A line that was never exported is missed here as everywhere: compare the sales of one "
            "month with the books before you quote a number. Whether two ids are one person cannot "
            "be seen in orders alone."
        ),
    )


def _quantities(facts: Facts, lost: int, share: float) -> tuple[Quantity, ...]:
    ledger, counts = facts.intake.ledger, facts.intake.facts
    return (
        Quantity("rows_read", "Lines read", ledger[0].rows, ROWS, "Records under the header."),
        Quantity(
            "rows_used",
            "Lines used as purchases",
            ledger[-1].rows,
            ROWS,
            "Lines with a customer, a day up to as_of and an amount that are no returns.",
        ),
        Quantity(
            "rows_lost_share",
            "Lines set aside",
            share,
            SHARE,
            "Lines that are neither purchases nor returns, over lines read.",
        ),
        Quantity(
            "customers",
            "Customers who bought",
            facts.n,
            CUSTOMERS,
            "Distinct ids with a purchase up to as_of.",
        ),
        Quantity(
            "sales",
            "Sales",
            counts["bought"],
            MONEY,
            "Sum of the amounts of purchases, before returns; no cost is taken off, so it is not "
            "profit.",
        ),
        Quantity(
            "returned",
            "Returned",
            counts["returned"],
            MONEY,
            "Sum of the amounts of returns and cancelled orders, by the day of the return.",
        ),
        Quantity(
            "net_sales",
            "Net sales",
            counts["bought"] + counts["returned"],
            MONEY,
            "Sales and returns together.",
        ),
    )


def _tables(facts: Facts) -> list[Table]:
    columns = (
        Column("line", "Line", TEXT, "What lines count as; each counts once."),
        Column("rows", "Lines", ROWS, "How many."),
        Column("amount", "Amount", MONEY, "Sum of their amounts where readable."),
    )
    rows = tuple((line.what, line.rows, line.amount) for line in facts.intake.ledger)
    found = tuple((finding.what, finding.why, finding.fix) for finding in facts.intake.warnings)
    tables = [Table("ledger", "From lines read to lines used", columns, rows)]
    if found:
        said = (
            Column("what", "What was found and done", TEXT, "A finding of the intake."),
            Column("why", "Why it matters", TEXT, "What a wrong decision would change."),
            Column("fix", "If it is not right", TEXT, "What to state instead."),
        )
        tables.append(Table("findings", "Decided for you", said, found))
    return tables


def _waterfall(facts: Facts) -> Chart:
    ledger = facts.intake.ledger
    names = [line.what for line in ledger]
    sizes = [line.rows for line in ledger]
    starts, left = [0], sizes[0]
    for size in sizes[1:-1]:
        left -= size
        starts.append(left)
    starts.append(0)
    fig, axes = show.canvas(height=0.9 + 0.34 * len(names))
    ends = [show.PALETTE[0] if at in (0, len(names) - 1) else show.PALETTE[1]
            for at in range(len(names))]  # fmt: skip
    axes.barh(names, sizes, left=starts, color=ends)
    for at, size in enumerate(sizes):
        axes.annotate(
            f"{size:,}",
            (starts[at] + size, at),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
        )
    axes.grid(visible=False, axis="y")
    axes.invert_yaxis()
    axes.set_xlim(0, 1.15 * sizes[0])
    used = sizes[-1] / sizes[0]
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set(title=f"{100 * used:.1f} % of the lines are purchases", xlabel="lines", ylabel="")
    axes.set_ylabel("what they count as")
    alt = f"Waterfall of lines: {sizes[0]:,} read, {sizes[-1]:,} used as purchases."
    return Chart("ledger", alt, show.vector(fig, alt=alt))


def _decision(facts: Facts, lost: int, share: float) -> Decision:
    most = max(facts.intake.ledger[1:-2], key=lambda line: line.rows)
    return Decision(
        do=f"Settle what the {lost:,} lines set aside are before anybody quotes these numbers.",
        why=(
            f"They are {facts.say.value(share, SHARE)} of the file, {most.rows:,} of them "
            f"{most.what}. The money is that of those whose amount can be read."
        ),
        customers=None,
        money=sum(line.amount for line in facts.intake.ledger[1:-2]),
        confidence="high",
        because="It is counted, not estimated; the ledger names each reason.",
    )
