"""Knowing one's customers: the library behind the lessons, the exercises and the report."""

__version__ = "0.1.0"
