"""What several tests of the report share: the facts of Qinghe's orders, gathered once."""

import pytest
from tests.workbook.orders import qinghe_costed_orders, qinghe_orders, write_orders

from customer_insight import data
from customer_insight.data.intake import IntakeReport
from customer_insight.workbook.assumed import Assumed
from customer_insight.workbook.engine import open_engine
from customer_insight.workbook.facts import Facts, gather
from customer_insight.workbook.stages import Stages


def gather_facts(file, folder, *, engine="duckdb", currency="CNY") -> Facts:
    """Return the facts of a file of orders, as a report gathers them."""
    intake = data.read_transactions(file, currency=currency)
    stages = Stages(folder / "unfinished", {})
    stages.keep("transactions", intake.transactions)
    stages.keep("returns", intake.returns)
    report: IntakeReport = intake.report
    scratch = folder / "scratch"
    scratch.mkdir()
    with open_engine(engine, [stages.path("transactions")], scratch) as opened:
        return gather(
            opened,
            stages,
            report,
            Assumed.of(decimals=report.decimals),
            currency=currency,
            as_of=report.facts["last_day"],
        )


@pytest.fixture(scope="session")
def qinghe_facts(tmp_path_factory):
    """Return the facts of Qinghe's orders."""
    folder = tmp_path_factory.mktemp("facts")
    return gather_facts(write_orders(folder / "orders.csv", qinghe_orders()), folder)


@pytest.fixture(scope="session")
def costed_facts(tmp_path_factory):
    """Return the facts of Qinghe's orders with the cost of each line."""
    folder = tmp_path_factory.mktemp("costed")
    return gather_facts(write_orders(folder / "orders.csv", qinghe_costed_orders()), folder)
