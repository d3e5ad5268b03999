"""The cards of the simulated company."""

import re

from customer_insight.data import load
from customer_insight.data.catalog import catalog
from customer_insight.data.company_cards import render_company
from customer_insight.data.mechanisms import mechanisms

TABLES = [entry for entry in catalog().values() if entry.simulated]
TEXT = render_company(TABLES, mechanisms())


def test_every_table_says_its_columns_what_holds_and_what_misleads():
    assert len(TABLES) > 25
    for entry in TABLES:
        section = TEXT.split(f"\n### {entry.name}\n")[1].split("\n### ")[0]
        assert f"datasets/company/{entry.simulated.path}" in section
        assert f"{entry.rows:,} rows" in section
        assert all(f"| `{column.name}` | {column.type}" in section for column in entry.columns)
        assert all(f"- {check.what}: " in section for check in entry.checks)
        assert all(f"- {trap}\n" in section for trap in entry.traps)


def test_the_recipe_gives_the_transactions_of_people_in_fen():
    (recipe,) = re.findall(r"^```python\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    names = {}
    exec(compile(recipe, "card", "exec"), names)
    made = names["transactions"]
    lines, orders = load("company_order_lines"), load("company_orders")
    people = orders.loc[orders["side"] == "person", "order_id"]
    assert set(made["order_id"]) == set(people)
    assert made["amount"].sum() == lines.loc[lines["order_id"].isin(people), "amount"].sum()
    assert "CUSTOMER_INSIGHT_COMPANY" in TEXT


def test_every_parameter_of_every_mechanism_stands_with_its_reason():
    for mechanism in mechanisms().values():
        section = TEXT.split(f"\n### {mechanism.title}\n")[1].split("\n### ")[0]
        assert mechanism.what in section
        for name, parameter in mechanism.parameters.items():
            row = next(line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
            assert parameter.reason.replace("|", "\\|") in row
            assert parameter.unit in row


def test_a_value_stands_on_one_line_as_in_the_file():
    assert "| `never_orders` | `0.04` |" in TEXT
    assert "`[0, 4, 10, 20]`" in TEXT
