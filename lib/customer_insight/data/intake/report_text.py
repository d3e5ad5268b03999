"""The intake report as one screen of text, as HTML and as JSON."""

import html
import json
import textwrap
from dataclasses import asdict
from typing import TYPE_CHECKING

from customer_insight.data.intake.findings import NOTE, plain_line

if TYPE_CHECKING:
    from customer_insight.data.intake.outcome import IntakeReport

_WIDTH = 96


def report_text(report: "IntakeReport") -> str:
    """Return the report as text for a terminal."""
    from customer_insight.data.intake.outcome import money

    lines = [plain_line(report.file)]
    lines += _wrapped(f"{key}: {plain_line(value)}" for key, value in report.how.items())
    lines.append("")
    width = max(len(line.what) for line in report.ledger)
    lines += [
        f"  {line.what:<{width}} {line.rows:>12,} {money(line.amount, report.decimals):>20}"
        for line in report.ledger
    ]
    lines.append("")
    lines += _wrapped([_facts(report)])
    for finding in report.findings:
        if finding.level != NOTE:
            lines += ["", *_wrapped(plain_line(line) for line in str(finding).split("\n"))]
    notes = [finding for finding in report.findings if finding.level == NOTE]
    if notes:
        lines.append("")
        lines += _wrapped(f"note  {plain_line(f.where)}: {plain_line(f.what)}" for f in notes)
    return "\n".join(lines)


def _wrapped(lines: "list[str]") -> list[str]:
    return [
        part
        for line in lines
        for part in textwrap.wrap(line, _WIDTH, subsequent_indent="    ") or [""]
    ]


def _facts(report: "IntakeReport") -> str:
    from customer_insight.data.intake.outcome import money

    facts = report.facts
    return (
        f"{facts['customers']:,} customers with {facts['orders']:,} orders, "
        f"{report.how['period']}; bought {money(facts['bought'], report.decimals)}, "
        f"returned {money(facts['returned'], report.decimals)}, "
        f"net {money(facts['bought'] + facts['returned'], report.decimals)}; "
        f"{facts['with_returns']:,} customers have returns, {facts['only_returns']:,} nothing "
        f"else; {facts['bought_once']:,} bought on one day only."
    )


def report_html(report: "IntakeReport") -> str:
    """Return the report as HTML in which every text of the file is escaped."""
    from customer_insight.data.intake.outcome import money

    def cell(text: str, tag: str = "td") -> str:
        return f"<{tag}>{html.escape(plain_line(text))}</{tag}>"

    how = "".join(f"<tr>{cell(k, 'th')}{cell(v)}</tr>" for k, v in report.how.items())
    ledger = "".join(
        f"<tr>{cell(line.what, 'th')}{cell(f'{line.rows:,}')}"
        f"{cell(money(line.amount, report.decimals))}</tr>"
        for line in report.ledger
    )
    findings = "".join(
        f"<li><b>{html.escape(f.code)}</b> ({f.level}) {html.escape(plain_line(f.where))}: "
        f"{html.escape(plain_line(' '.join(filter(None, (f.what, f.why, f.fix)))))}</li>"
        for f in report.findings
    )
    return (
        f"<section><h4>{html.escape(plain_line(report.file))}</h4><table>{how}</table>"
        f"<table><thead><tr>{cell('rows', 'th')}{cell('number', 'th')}{cell('money', 'th')}</tr>"
        f"</thead><tbody>{ledger}</tbody></table>"
        f"<p>{html.escape(_facts(report))}</p><ul>{findings}</ul></section>"
    )


def report_json(report: "IntakeReport") -> str:
    """Return the report as JSON with the fields of its classes."""
    return json.dumps(asdict(report), ensure_ascii=False, indent=1)
