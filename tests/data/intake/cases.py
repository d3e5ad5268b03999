"""All cases of the corpus."""

from .cases_dates import DATES
from .cases_numbers import NUMBERS
from .cases_quantities import QUANTITIES
from .cases_rows import ROWS
from .cases_tables import TABLES
from .cases_text import TEXTS

CASES = (*TEXTS, *DATES, *NUMBERS, *QUANTITIES, *ROWS, *TABLES)
