import pytest

from customer_insight.course import writing_structure as rules
from customer_insight.course.writing import of_lesson

from . import good_lesson

MORE = "\n# %% [markdown]\n# ## Idea {0}\n#\n" + good_lesson.ENDING.removeprefix(
    "# %% [markdown]\n"
)
BREAK = "# %% [markdown]\n# ## Break it: days read as weeks"
NEW_SECTIONS = "".join(MORE.format(n) for n in "567") + "\n" + BREAK


@pytest.mark.parametrize(
    ("rule", "old", "new", "said"),
    [
        ("title_cell", "# # How often", "# ## How often", "only title (# ...); it has 0"),
        ("title_cell", "# ## The visits", "# # The visits", "only title (# ...); it has 2"),
        ("title_cell", "**Question.**", "**Query.**", "lacks **Question.**"),
        (
            "title_cell",
            "# **Who decides.** The owner, once in every season.\n#\n",
            "",
            "lacks **Who",
        ),
        (
            "title_cell",
            "The owner, once in every season.",
            "The owner.",
            "**Who decides.** needs a",
        ),
        (
            "title_cell",
            "# **Time.** 15 minutes to read, 20 to run and change.\n#\n# **You",
            "# **You",
            "lacks **Time.**",
        ),
        ("title_cell", "**Question.** A", "**Who decides.** A", "lacks **Question.**"),
        ("time_needed", "20 to run and change", "20 to do", "write the time as: **Time.** 20 min"),
        ("time_needed", "15 minutes", "5 minutes", "takes 30 to 45 minutes, not 25"),
        ("time_needed", "15 minutes", "26 minutes", "takes 30 to 45 minutes, not 46"),
        ("objectives", "# - say how sure the count is.\n", "", "needs 2 to 6 bullets; it has 1"),
        ("objectives", "# - count", "# - a\n# - b\n# - c\n# - d\n# - e\n# - count", "it has 7"),
        ("term_table", "| term | 中文 |", "| word | 中文 |", "of 2 terms or more; it has 0"),
        ("term_table", "| 消费潜力 |", "| potential |", "'potential' lacks: 中文"),
        ("term_table", "| what may still be spent |", "| |", "lacks: what it means here"),
        ("topics_named", "| 客户购买频率 |", "| 频率 |", "term 客户购买频率 does not appear"),
        ("heading_levels", "# ## What a visit", "# #### What a visit", "jumps from level 2 to 4"),
        ("section_order", "# ## What a visit", "# ### What a visit", "this one has 2"),
        ("section_order", BREAK, NEW_SECTIONS, "this one has 6"),
        ("section_order", "Break it: days", "Broken: days", "no section '## Break it: ...'"),
        ("section_order", "## Key points", "## Sources", "one section '## Key points', not 0"),
        ("section_order", "## Key points", "## Sources", "one section '## Sources', not 2"),
        ("closing_sections", 'show.question("Who', 'show.say("Who', "show.question(...); it has 1"),
        ("closing_sections", "# - Count before you judge.\n", "", "needs 3 to 7 bullets; it has 2"),
        ("closing_sections", "(2005)", "(no year)", "bullet with the year"),
        (
            "closing_sections",
            "Set `weeks` to 26 and run all cells again.",
            "Go on.",
            "full sentence",
        ),
        ("section_endings", "**Reading.** The third", "**Look.** The third", "with **Reading.**"),
        (
            "section_endings",
            "**Where this stops being true.** A fair in town changes the last week for everybody.",
            "The end.",
            "does not end with **Where this stops being true.**",
        ),
        (
            "section_endings",
            "Give the second shelf to those who come most often.",
            "Give.",
            "**Decision.** needs at least one full sentence",
        ),
        (
            "section_endings",
            "Give the second shelf to those who come most often.",
            "Give the second shelf to those who come most often",
            "**Decision.** needs at least one full sentence",
        ),
    ],
)
def test_each_rule_finds_what_it_is_for(tmp_path, rule, old, new, said):
    lesson = good_lesson.lesson(tmp_path, (old, new))
    found = list(getattr(rules, rule)(lesson))
    assert any(said in problem.what for problem in found), found
    assert set(found) <= set(of_lesson(lesson))
    good = good_lesson.lesson(tmp_path / "good")
    assert not list(getattr(rules, rule)(good))


def test_labels_of_the_title_cell_keep_their_order(tmp_path):
    swapped = good_lesson.lesson(
        tmp_path,
        ("**Question.** A", "**Swap.** A"),
        ("**Who decides.**", "**Question.**"),
        ("**Swap.**", "**Who decides.**"),
    )
    (problem,) = rules.title_cell(swapped)
    assert "keep to the order Question., Who decides., Time." in problem.what


def test_labels_of_an_ending_keep_their_order(tmp_path):
    swapped = good_lesson.lesson(
        tmp_path,
        ("**Reading.** The first", "**Swap.** The first"),
        ("**Decision.** Give the first", "**Reading.** Give the first"),
        ("**Swap.**", "**Decision.**"),
    )
    (problem,) = rules.section_endings(swapped)
    assert "keep to the order Reading., Decision., Where" in problem.what
    assert problem.section == "The visits"


def test_a_section_ends_with_its_labels_and_a_sentence_may_be_said_between(tmp_path):
    split = (
        "# **Decision.** Give the first",
        "# %%\n{}\n\n# %% [markdown]\n# **Decision.** Give the first",
    )
    said = good_lesson.lesson(tmp_path / "a", (split[0], split[1].format("show.say('It fell.')")))
    assert not list(rules.section_endings(said))
    code = good_lesson.lesson(tmp_path / "b", (split[0], split[1].format("show.table(visits)")))
    (problem,) = rules.section_endings(code)
    assert "code follows **Reading.**" in problem.what


def test_the_last_sections_stand_in_their_order(tmp_path):
    lesson = good_lesson.lesson(
        tmp_path,
        ("## Key points", "## Swap"),
        ("## Sources", "## Key points"),
        ("## Swap", "## Sources"),
    )
    (problem,) = rules.section_order(lesson)
    assert "must be Check yourself, Key points, Sources, What next" in problem.what


def test_a_term_of_the_curriculum_may_lack_its_brackets(tmp_path):
    assert not list(rules.topics_named(good_lesson.lesson(tmp_path)))
    longer = good_lesson.lesson(tmp_path, topics=("消费潜力挖掘",))
    assert len(list(rules.topics_named(longer))) == 1
