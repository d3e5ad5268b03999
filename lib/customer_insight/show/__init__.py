"""What a lesson shows: figures, tables and sentences, readable without the picture.

Everything here takes frames and frozen results and returns something to display as the last line
of a cell. What is displayed is the same from run to run, and every text from data is escaped.
"""

from customer_insight.show.charts import bars, lines
from customer_insight.show.diagram import diagram
from customer_insight.show.explore import explore
from customer_insight.show.figure import PALETTE, canvas, figure
from customer_insight.show.output import Output
from customer_insight.show.question import question
from customer_insight.show.say import say
from customer_insight.show.table import table
from customer_insight.show.vector import vector

__all__ = [
    "PALETTE",
    "Output",
    "bars",
    "canvas",
    "diagram",
    "explore",
    "figure",
    "lines",
    "question",
    "say",
    "table",
    "vector",
]
