"""How much of the curriculum runs, against the list of topics that no cell runs yet."""

from dataclasses import dataclass
from pathlib import Path

from customer_insight.course.curriculum import read_curriculum
from customer_insight.course.house import House
from customer_insight.course.topic_tags import Coverage, CoverageError, read_coverage
from customer_insight.data.files import write_whole

COMMAND = "course coverage --update"
_HEAD = """\
# Topics of curriculum.yml that no cell runs yet, under the lesson that must make them run.
# The list may only shrink: {command} takes out what runs by now, and never adds a line.
"""


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """Where each topic runs, and what is wrong with that in words; none is good news."""

    coverage: Coverage
    problems: tuple[str, ...]

    def __str__(self) -> str:
        """Return the report as text: the topics that run, a count, the problems."""
        lines = []
        for lesson, topic in self.coverage.curriculum.topics():
            for place in self.coverage.places[topic.id]:
                also = "" if place.notebook == lesson.path else "also in "
                lines.append(f"{topic.id:6} {topic.zh}: {also}{place}")
        total = len(self.coverage.places)
        lines.append(f"{len(self.coverage.covered)} of {total} topics run in their lesson.")
        return "\n".join([*lines, *self.problems])


def report(house: House, *, update: bool = False) -> CoverageReport:
    """Return which lesson, section and cell runs each topic, checked against the list.

    Parameters
    ----------
    house : House
        The repository; its built notebooks are read.
    update : bool, default False
        Whether to take topics that run by now off ``notebooks/uncovered_topics.txt`` first.

    Returns
    -------
    CoverageReport
        ``coverage`` (with ``rows()`` for programs) and ``problems``; ``str`` gives a text.

    Raises
    ------
    CoverageError
        If a tag looks like a topic's id and is none, the list is missing, or an update would make
        the list longer.
    CurriculumError
        If the curriculum's file is not sound.
    """
    coverage = read_coverage(house.notebooks, read_curriculum(house.notebooks / "curriculum.yml"))
    path = house.notebooks / "uncovered_topics.txt"
    if update:
        update_uncovered(coverage, path)
    return CoverageReport(coverage, tuple(coverage_problems(coverage, read_uncovered(path))))


def read_uncovered(path: Path) -> tuple[str, ...]:
    """Return the listed topics of ``uncovered_topics.txt``; lines that begin with # are comments.

    Raises
    ------
    CoverageError
        If the file is missing: without it nobody could see the list grow.
    """
    if not path.is_file():
        raise CoverageError(
            f"There is no {path.name} in {path.parent}: without the list of topics that no cell "
            "runs yet nobody sees a topic get lost. Take it back: git checkout -- "
            f"notebooks/{path.name}"
        )
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def coverage_problems(coverage: Coverage, listed: tuple[str, ...]) -> list[str]:
    """Return in words what is wrong between the notebooks and the list of uncovered topics.

    Parameters
    ----------
    coverage : Coverage
        Where each topic runs.
    listed : tuple of str
        The topics listed as uncovered.

    Returns
    -------
    list of str
        One sentence a problem, with what mends it; empty when the list says exactly what is so.
    """
    uncovered = coverage.uncovered()
    problems = [
        f"{place} carries topic {topic} and shows no output, so that it does not count. Let the "
        "cell end in what it found, and build the lesson again."
        for topic, place in coverage.silent
    ]
    for topic in sorted({t for t in listed if listed.count(t) > 1}):
        problems.append(f"{topic} is listed twice as uncovered; {COMMAND} mends the list.")
    for topic in dict.fromkeys(listed):
        if topic not in coverage.places:
            problems.append(f"{topic} is listed as uncovered and is no topic; {COMMAND} mends it.")
        elif topic not in uncovered:
            problems.append(
                f"{topic} is listed as uncovered, and {coverage.places[topic][0]} runs it; "
                f"{COMMAND} takes it off the list."
            )
    return problems + _lost(coverage, listed)


def update_uncovered(coverage: Coverage, path: Path) -> int:
    """Take the topics that run by now off the list of uncovered ones; return how many are left.

    Raises
    ------
    CoverageError
        If a topic that is not listed does not run: the list may not grow, so nothing is written.
    """
    listed = read_uncovered(path)
    if lost := _lost(coverage, listed):
        raise CoverageError("\n".join([*lost, "Nothing was written."]))
    text = uncovered_text(coverage)
    if text != path.read_text(encoding="utf-8"):
        write_whole(path, text.encode())
    return len(coverage.uncovered())


def uncovered_text(coverage: Coverage) -> str:
    """Return the text of the list: one id a line, under a comment that names the lesson."""
    lines, last = [_HEAD.format(command=COMMAND)], None
    for lesson, topic in coverage.curriculum.topics():
        if topic.id not in coverage.covered:
            if lesson.path != last:
                lines.append(f"# {lesson.path}\n")
            lines.append(f"{topic.id}\n")
            last = lesson.path
    return "".join(lines)


def _lost(coverage: Coverage, listed: tuple[str, ...]) -> list[str]:
    """Return a sentence for every topic that neither runs nor is listed."""
    owners = {topic.id: lesson.path for lesson, topic in coverage.curriculum.topics()}
    problems = []
    for topic in coverage.uncovered():
        if topic not in listed:
            other = f" (it runs in {coverage.places[topic][0]})" if coverage.places[topic] else ""
            problems.append(
                f"No cell of {owners[topic]} runs topic {topic}{other}, and it is not listed as "
                f"uncovered. The list may only shrink: tag the cell of that lesson that runs it "
                "with the id, and build the lesson, so that the cell has its output."
            )
    return problems
