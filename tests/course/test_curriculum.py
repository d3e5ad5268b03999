import pytest

from customer_insight.course.curriculum import CurriculumError, read_curriculum
from customer_insight.course.house import find_house

SOUND = """\
- chapter: 01_positioning
  zh: 客户定位
  lessons:
    - lesson: 1_industry
      zh: 行业
      title: "What game?"
      topics:
        - {id: "A1.1", zh: "行业分类标准", en: "Industries", runs: "classify"}
        - {id: "B15", zh: "特色", en: "Traits", runs: "matrix"}
"""


def read(folder, text):
    path = folder / "curriculum.yml"
    path.write_text(text, encoding="utf-8")
    return read_curriculum(path)


def test_a_sound_file_gives_frozen_chapters_lessons_and_topics(tmp_path):
    curriculum = read(tmp_path, SOUND)
    (lesson,) = curriculum.lessons()
    assert (lesson.path, lesson.title) == ("01_positioning/1_industry", "What game?")
    assert [(owner.key, topic.id) for owner, topic in curriculum.topics()] == [
        ("1_industry", "A1.1"),
        ("1_industry", "B15"),
    ]
    with pytest.raises(AttributeError):
        lesson.title = "another"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"B15"', '"A1.1"', "id 'A1.1' stands 2 times, and a tag must mean one topic"),
        ('"B15"', '"b15"', "id 'b15' is not of the form A1, A1.2 or A1.2c"),
        (', runs: "matrix"', "", "entry 2: its keys are id, zh, en, and must be exactly id, zh"),
        ('"matrix"', '"matrix", note: "x"', "its keys are id, zh, en, runs, note, and must be"),
        ('en: "Traits"', 'en: " "', "entry 2: en must be a text that is not empty"),
        ('"Traits"', "7", "entry 2: en must be a text that is not empty"),
        ("01_positioning", "1_positioning", "key '1_positioning' is not of the form '01_name'"),
        ("01_positioning", "02_positioning", r"numbered \[2\], and must count 1, 2, 3"),
        ("1_industry", "one", "chapter '01_positioning': key 'one' is not of the form '1_name'"),
        (
            "      topics:",
            "      topics: []\n      more:",
            "its keys are lesson, zh, title, topics, m",
        ),
        (
            "zh: 行业\n",
            "zh: 行业\n      zh: 业\n",
            "line 4 is not readable as YAML: key 'zh' twice",
        ),
        ("- chapter", "- {chapter", "curriculum.yml, line .* is not readable as YAML"),
    ],
)
def test_a_broken_rule_is_named_with_its_place(tmp_path, old, new, message):
    with pytest.raises(CurriculumError, match=message):
        read(tmp_path, SOUND.replace(old, new))


def test_every_broken_rule_is_named_at_once(tmp_path):
    with pytest.raises(CurriculumError) as raised:
        read(tmp_path, SOUND.replace('"B15"', '"b15"').replace("1_industry", "one"))
    assert len(str(raised.value).splitlines()) == 2


@pytest.mark.parametrize("text", ["", "chapter: 1", "- text"])
def test_a_file_of_another_shape_is_refused(tmp_path, text):
    with pytest.raises(CurriculumError, match=r"chapter, zh, lessons"):
        read(tmp_path, text)


def test_a_missing_file_is_named_with_the_command_that_brings_it_back(tmp_path):
    with pytest.raises(CurriculumError, match=r"no curriculum.yml in .*git checkout"):
        read_curriculum(tmp_path / "curriculum.yml")


def test_the_courses_own_curriculum_has_seven_chapters_28_lessons_and_140_topics():
    curriculum = read_curriculum(find_house().notebooks / "curriculum.yml")
    lessons, topics = list(curriculum.lessons()), list(curriculum.topics())
    assert (len(curriculum.chapters), len(lessons), len(topics)) == (7, 28, 140)
