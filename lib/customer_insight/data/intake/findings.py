"""What was found in a stranger's file, told without any value of a customer."""

from collections.abc import Sequence
from dataclasses import dataclass

NOTE, WARNING, REFUSED = "note", "warning", "refused"
_MOST_PLACES = 5


@dataclass(frozen=True)
class Finding:
    """One thing that was found, what was done about it and what the user can do.

    Attributes
    ----------
    code : str
        Stable name, such as ``date-ambiguous``.
    level : str
        ``note`` (as it should be, or without effect), ``warning`` (something was decided that the
        user may want to decide otherwise), ``refused`` (nothing was loaded for this reason).
    where : str
        File or column.
    what : str
        What was found and what was done, with counts.
    why : str
        Why it matters; empty for a note.
    fix : str
        What to do; empty for a note.
    rows : int or None
        Rows concerned, where rows are.
    places : tuple of int
        The first of their numbers, counted under the header from 1.
    example : str
        Values of the file, only where the caller asked to see them.
    """

    code: str
    level: str
    where: str
    what: str
    why: str = ""
    fix: str = ""
    rows: int | None = None
    places: tuple[int, ...] = ()
    example: str = ""

    def __str__(self) -> str:
        lines = [f"{self.code}  {plain_line(self.where)}: {plain_line(self.what)}"]
        if self.places:
            shown = ", ".join(f"{place:,}" for place in self.places[:_MOST_PLACES])
            more = self.rows is not None and self.rows > len(self.places[:_MOST_PLACES])
            lines.append(f"  Rows under the header: {shown}{' and more' if more else ''}.")
        if self.example:
            lines.append(f"  Example: {plain_line(self.example)}")
        if self.why:
            lines.append(f"  Why it matters: {self.why}")
        if self.fix:
            lines.append(f"  Fix: {plain_line(self.fix)}")
        return "\n".join(lines)


class IntakeError(ValueError):
    """A file was refused; ``findings`` has every reason as data, and nothing was loaded.

    The message shows no value of the file unless the caller asked for values.
    """

    def __init__(self, findings: Sequence[Finding]):
        self.findings = tuple(findings)
        refused = [finding for finding in self.findings if finding.level == REFUSED]
        super().__init__("\n".join([*map(str, refused), "Nothing was loaded."]))


def plain_line(text: str) -> str:
    r"""Return a text of one line in which nothing can steer a terminal.

    Examples
    --------
    >>> plain_line("a\nb\x1b[2J")
    'a b [2J'
    """
    return "".join(c if c.isprintable() else " " for c in text)


def refuse(code: str, where: str, what: str, why: str, fix: str, **more: object) -> IntakeError:
    """Return the error for one reason.

    Examples
    --------
    >>> print(refuse("file-empty", "orders.csv", "it has no byte.", "Nothing is in it.", "Export "
    ...     "it again."))
    file-empty  orders.csv: it has no byte.
      Why it matters: Nothing is in it.
      Fix: Export it again.
    Nothing was loaded.
    """
    return IntakeError([Finding(code, REFUSED, where, what, why, fix, **more)])


def share(part: int, whole: int) -> str:
    """Return "3 of 1,000 (0.3 %)".

    Examples
    --------
    >>> share(3, 1000), share(0, 0)
    ('3 of 1,000 (0.3 %)', '0 of 0')
    """
    return f"{part:,} of {whole:,}" + (f" ({part / whole:.1%})".replace("%", " %") if whole else "")
