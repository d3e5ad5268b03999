"""Where a record stands in the file, counted under the header, when some before it were lost."""

import bisect
import itertools
import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_EMPTY_LINE = re.compile(rb"\n(?=\r?\n)")


@dataclass(frozen=True)
class Places:
    """Places under the header, from 1; empty lines hold no place.

    ``lost`` are the places of the records that were not read, in order. ``known`` is the number of
    the last record read whose place can be told, None if all can: a quotation mark that swallows
    lines takes an unknown number of places.
    """

    lost: tuple[int, ...] = ()
    known: int | None = None

    def of(self, number: int) -> int | None:
        """Return the place of a record that was read, by its number among those read.

        Examples
        --------
        >>> places = Places(lost=(2, 3))
        >>> [places.of(number) for number in (1, 2, 3)]
        [1, 4, 5]
        >>> Places(known=1).of(2) is None
        True
        """
        if self.known is not None and number > self.known:
            return None
        read_before = [place - before - 1 for before, place in enumerate(self.lost)]
        return number + bisect.bisect_left(read_before, number)


def find_places(
    lost: Sequence[tuple[int, int]], text: Path, *, skip: int, unexplained: int, all_told: bool
) -> Places:
    """Return the places of records when some were lost.

    Parameters
    ----------
    lost : sequence of (int, int)
        Of each record that the engine lists as lost: its number under the header, empty lines
        counted, and the byte where it begins.
    text : pathlib.Path
        The text that was read.
    skip : int
        Lines up to the header.
    unexplained : int
        Ends of lines that are of no record read, of no record lost and inside no field.
    all_told : bool
        Whether the list has all lost records.

    Returns
    -------
    Places
    """
    empty, all_empty = [0] * len(lost), 0
    unexplained += not _ends_a_line(text)
    if unexplained:
        empty, all_empty = _empty_lines(text, skip, [at for _, at in lost])
    places = [number - before for (number, _), before in zip(lost, empty, strict=True)]
    if unexplained != all_empty:
        return Places(known=places[0] - 1 if places else 0)
    last = None if all_told else places[-1] - len(places) if places else 0
    return Places(tuple(places), last)


def _ends_a_line(text: Path) -> bool:
    with text.open("rb") as stream:
        stream.seek(-1, 2)
        return stream.read() == b"\n"


def _empty_lines(text: Path, skip: int, positions: Sequence[int]) -> tuple[list[int], int]:
    """Return how many empty lines stand under the header before each position, and in all."""
    with text.open("rb") as stream:
        top = sum(map(len, itertools.islice(stream, skip)))
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
            found = _starts(content, max(0, top - 1))
            before, count, start = [], 0, next(found, None)
            for position in positions:
                while start is not None and start < position:
                    count, start = count + 1, next(found, None)
                before.append(count)
            return before, count + (start is not None) + sum(1 for _ in found)


def _starts(content: mmap.mmap, top: int) -> Iterator[int]:
    return (match.start() + 1 for match in _EMPTY_LINE.finditer(content, top))
