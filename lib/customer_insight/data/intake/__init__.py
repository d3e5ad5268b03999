"""Any customer file, never silently misread: intake of a stranger's file of orders."""

from customer_insight.data.intake.findings import Finding, IntakeError
from customer_insight.data.intake.outcome import Intake, IntakeReport
from customer_insight.data.intake.read import read_transactions

__all__ = ["Finding", "Intake", "IntakeError", "IntakeReport", "read_transactions"]
