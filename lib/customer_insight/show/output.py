"""The one thing that is displayed: HTML beside a plain text that says the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Output:
    """Something to display, as HTML and as plain text.

    Parameters
    ----------
    html : str
        A fragment of HTML in which every text from data is escaped already.
    text : str
        The same in plain text, for terminals, screen readers, searches and comparisons.

    Examples
    --------
    >>> Output(html="<p>12 customers</p>", text="12 customers")
    12 customers
    """

    html: str
    text: str

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}
