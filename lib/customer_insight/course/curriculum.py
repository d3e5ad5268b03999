"""The curriculum: chapters, their lessons, and the topics that each lesson must make run."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_CHAPTER_KEY = re.compile(r"\d\d_[a-z]+(_[a-z]+)*")
_LESSON_KEY = re.compile(r"\d_[a-z]+(_[a-z]+)*")
_TOPIC_ID = re.compile(r"[A-Z]\d+(\.\d+)?[a-z]?")
_ENGLISH = {"clv": "Lifetime value", "cases": "Cases on real data"}
# Folders of lessons that stand beside the curriculum and cover no topic, with their Chinese names.
BESIDE = {"00_start_here": "从这里开始"}


class CurriculumError(ValueError):
    """The curriculum's file says something that it must not say."""


@dataclass(frozen=True, slots=True)
class Topic:
    """One topic: its id, its name in both languages, and what must run for it."""

    id: str
    zh: str
    en: str
    runs: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """One lesson; ``path`` is its notebook's, relative to the notebooks, without suffix."""

    key: str
    zh: str
    title: str
    topics: tuple[Topic, ...]
    path: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: a folder of lessons."""

    key: str
    zh: str
    lessons: tuple[Lesson, ...]


@dataclass(frozen=True, slots=True)
class Curriculum:
    """The whole curriculum, in the order of its file."""

    chapters: tuple[Chapter, ...]

    def lessons(self) -> Iterator[Lesson]:
        """Yield every lesson in order."""
        for chapter in self.chapters:
            yield from chapter.lessons

    def topics(self) -> Iterator[tuple[Lesson, Topic]]:
        """Yield every topic in order, each with the lesson that must make it run."""
        for lesson in self.lessons():
            for topic in lesson.topics:
                yield lesson, topic


def chapter_name(key: str) -> str:
    """Return the English name of a chapter's folder.

    Parameters
    ----------
    key : str
        The folder's name, such as "03_pain_points".

    Returns
    -------
    str
        The name with a capital and spaces, without the number.

    Examples
    --------
    >>> chapter_name("03_pain_points"), chapter_name("05_clv")
    ('Pain points', 'Lifetime value')
    """
    name = key.partition("_")[2]
    return _ENGLISH.get(name, name.replace("_", " ").capitalize())


def read_curriculum(path: Path) -> Curriculum:
    """Return the curriculum of a file, checked.

    Every key must be there and no other; texts are not empty; keys of chapters are numbered
    "01_name", those of lessons "1_name", without a gap; a topic's id stands only once.

    Parameters
    ----------
    path : Path
        The YAML file.

    Returns
    -------
    Curriculum
        Chapters with their lessons with their topics.

    Raises
    ------
    CurriculumError
        If the file is missing, is not YAML, or breaks a rule; all broken rules are named.
    """
    return _checked(_load(path), path.name)


def _load(path: Path) -> object:
    """Return what the YAML file holds; a key that is given twice is refused."""
    import yaml

    class Strict(yaml.SafeLoader):
        """YAML's safe loader, which would keep the second of two equal keys in silence."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict:
        names = [key.value for key, _ in node.value]
        for name, times in Counter(names).items():
            if times > 1:
                raise yaml.MarkedYAMLError(
                    problem=f"key {name!r} twice", problem_mark=node.start_mark
                )
        return loader.construct_mapping(node, deep=True)

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=Strict)  # noqa: S506
    except FileNotFoundError:
        raise CurriculumError(
            f"There is no {path.name} in {path.parent}. It says which topics the lessons must run; "
            "take it back from the repository: git checkout -- notebooks/curriculum.yml"
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        place = getattr(error, "problem_mark", None)
        line = f", line {place.line + 1}" if place else ""
        what = getattr(error, "problem", None) or error
        raise CurriculumError(f"{path.name}{line} is not readable as YAML: {what}.") from error


def _checked(content: object, name: str) -> Curriculum:
    """Return the curriculum, or raise one error that names every broken rule."""
    problems: list[str] = []
    chapters = []
    for raw in _entries(content, ("chapter", "zh", "lessons"), name, problems):
        place = f"{name}, chapter {raw['chapter']!r}"
        found = _entries(raw["lessons"], ("lesson", "zh", "title", "topics"), place, problems)
        lessons = tuple(_lesson(entry, raw["chapter"], place, problems) for entry in found)
        problems += _numbering([lesson.key for lesson in lessons], _LESSON_KEY, "1_name", place)
        chapters.append(Chapter(raw["chapter"], raw["zh"], lessons))
    problems += _numbering([chapter.key for chapter in chapters], _CHAPTER_KEY, "01_name", name)
    curriculum = Curriculum(tuple(chapters))
    times = Counter(topic.id for _, topic in curriculum.topics())
    problems += [
        f"{name}: id {topic!r} stands {number} times, and a tag must mean one topic."
        for topic, number in times.items()
        if number > 1
    ]
    if problems:
        raise CurriculumError("\n".join(problems))
    return curriculum


def _lesson(raw: dict, chapter: str, place: str, problems: list[str]) -> Lesson:
    """Return one lesson, with what is wrong in it added to the problems."""
    place = f"{place}, lesson {raw['lesson']!r}"
    topics = []
    for entry in _entries(raw["topics"], ("id", "zh", "en", "runs"), place, problems):
        if not _TOPIC_ID.fullmatch(entry["id"]):
            problems.append(
                f"{place}: id {entry['id']!r} is not of the form A1, A1.2 or A1.2c, so that its "
                "tag could not be told from other tags."
            )
        topics.append(Topic(**entry))
    path = f"{chapter}/{raw['lesson']}"
    return Lesson(raw["lesson"], raw["zh"], raw["title"], tuple(topics), path)


def _entries(content: object, keys: tuple, place: str, problems: list[str]) -> list[dict]:
    """Return the sound entries of a list; texts are texts, and the last key may hold a list."""
    if not isinstance(content, list) or not content:
        problems.append(f"{place}: a list of entries with {', '.join(keys)} is wanted here.")
        return []
    sound = []
    for number, entry in enumerate(content, 1):
        here = f"{place}, entry {number}"
        found = tuple(entry) if isinstance(entry, dict) else ()
        if set(found) != set(keys):
            problems.append(
                f"{here}: its keys are {', '.join(map(str, found)) or 'missing'}, and must be "
                f"exactly {', '.join(keys)}."
            )
            continue
        texts = keys[:-1] if keys[-1] in ("lessons", "topics") else keys
        empty = [k for k in texts if not (isinstance(entry[k], str) and entry[k].strip())]
        if empty:
            problems.append(f"{here}: {', '.join(empty)} must be a text that is not empty.")
            continue
        sound.append(entry)
    return sound


def _numbering(keys: list[str], form: re.Pattern, example: str, place: str) -> list[str]:
    """Return what is wrong with the keys' form or with their numbers 1, 2, 3, ..."""
    wrong = [key for key in keys if not form.fullmatch(key)]
    if wrong:
        return [f"{place}: key {key!r} is not of the form {example!r}." for key in wrong]
    numbers = [int(key.partition("_")[0]) for key in keys]
    if numbers != list(range(1, len(keys) + 1)):
        return [f"{place}: the keys are numbered {numbers}, and must count 1, 2, 3 without a gap."]
    return []
