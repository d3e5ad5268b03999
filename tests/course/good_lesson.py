"""A small lesson that passes every rule of the writing gate, to be spoiled one rule at a time."""

from customer_insight.course import notebook as notebooks
from customer_insight.course.writing_lesson import read_lesson

NAME = "05_clv/1_visits"
TOPICS = ("客户购买频率", "消费潜力（本课）")
ENDING = """\
# %% [markdown]
# **Reading.** The {0} column falls from left to right without a jump.
#
# **Decision.** Give the {0} shelf to those who come most often.
#
# **Where this stops being true.** A fair in town changes the {0} week for everybody.
"""
GOOD = f"""\
# %% [markdown]
# # How often do they come?
#
# **Question.** A small tea house wants to know who comes back. Whom should it write to?
#
# **Who decides.** The owner, once in every season.
#
# **Time.** 15 minutes to read, 20 to run and change.
#
# **You will be able to**
#
# - count visits from a list of purchases;
# - say how sure the count is.
#
# **What you need first.** Tables in pandas, and what a mean is.
#
# | term | 中文 | what it means here |
# |---|---|---|
# | purchase frequency | 客户购买频率 | days with a purchase in a week |
# | potential | 消费潜力 | what may still be spent |

# %% tags=["parameters"]
weeks = 39  # how far ahead we look
margin = 0.30  # share of a sale that is left
# The days that count, each as people write it.
days = ["1997-09-30", "1997-10-01"]

# %% [markdown]
# ## The visits
#
# The tea house wrote down each visit for two years, from 1996 to 1997. The next cell counts them
# and shows how many customers came once, and how many came more often.

# %%
import numpy as np
import pandas as pd

from customer_insight import show

visits = pd.DataFrame({{"times": ["once", "more"], "customers": [1411, 946]}})
show.table(
    visits,
    caption="Customers by visits",
)

{ENDING.format("first")}
# %% [markdown]
# ## Two coins that nobody sees
#
# Each customer tosses two coins, $\\lambda = 1,411$ and $p = 8\\%$. The published table prints 8 %
# for those who leave, and three numbers are enough to describe the rest of the crowd:
#
# 1. the purchase rate;
# 2. the chance to leave.

# %%
rng = np.random.default_rng(7)
drawn = rng.poisson(2, 20)
visits["share"] = visits["customers"] / visits["customers"].sum()
show.bars(
    visits,
    x="times",
    y=["customers"],
    title="Most came once",
    xlabel="visits",
    ylabel="customers",
    alt=f"Bars of customers by visits. {{visits['customers'][0]}} came once, fewer came again.",
)

{ENDING.format("second")}
# %% [markdown]
# ## What a visit brings
#
# A visit is not yet money. The owner knows what is left of each sale, so a share of the
# till is all that is needed to see what one more visit would bring to the house.

# %%
show.say(f"{{visits['customers'][0]:,}} customers ({{0.083:.1%}}) came once.")

{ENDING.format("third")}
# %% [markdown]
# ## Break it: days read as weeks
#
# Now read the days as weeks, as people do who forget the unit, and see how the number of visits
# grows until nobody could ever drink so much tea in one year.

# %%
wrong = visits["customers"] * 7
show.table(wrong.to_frame(), caption="Visits when days are read as weeks")

{ENDING.format("last")}
# %% [markdown]
# ## Check yourself

# %%
show.question("Who comes back?", {{"All": (False, "Most came once."), "Some": (True, "Yes.")}})

# %%
show.question("Which unit?", {{"Days": (False, "Look again."), "Weeks": (True, "Yes.")}})

# %% [markdown]
# ## Key points
#
# - Count before you judge.
# - Carry the unit with the number.
# - Ask what a letter changes.
#
# ## Sources
#
# - Fader, P. S. and Hardie, B. G. S. (2005). Counting your customers the easy way, all 1,411.
#
# ## What next
#
# Set `weeks` to 26 and run all cells again.
"""
FIGURE = (
    '<figure><img alt="Bars of customers by visits: 1411 came once" src="data:image/png;base64,">'
    "</figure>"
)
SHOWN = {
    'caption="Customers by visits"': ("once 1,411\nmore 946", "<table></table>"),
    "show.bars(": ("Figure. Bars of customers by visits: 1,411 came once.", FIGURE),
    "show.say(": ("1,411 customers (8.3%) came once.", "<p>1,411 customers</p>"),
    "days are read as weeks": ("times 9,877", "<table></table>"),
}


def shown(plain, html="<p></p>", **more):
    """Return an output as a cell stores it."""
    data = {"text/plain": plain, "text/html": html, **more}
    return {
        "output_type": "execute_result",
        "data": data,
        "metadata": {},
        "execution_count": 1,
    }


def stored(path, outputs):
    """Write the notebook beside a text; each output goes to the first cell that holds its key."""
    from nbformat import from_dict

    notebook = notebooks.read_text(path)
    for key, output in outputs.items():
        cells = [c for c in notebook.cells if c.cell_type == "code" and key in c.source]
        for cell in cells[:1]:
            cell.outputs = [from_dict(output)]
    path.with_suffix(".ipynb").write_bytes(notebooks.to_bytes(notebook))


def lesson(folder, *changes, name=NAME, outputs=None, built=True, topics=TOPICS):
    """Return the good lesson, parsed, after replacing each (old, new) of its text.

    ``outputs`` are put in place of the good ones, or beside them; None takes one away.
    """
    text = GOOD
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    path = folder / f"{name}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if built:
        told = {key: shown(*said) for key, said in SHOWN.items()} | (outputs or {})
        stored(path, {k: o for k, o in told.items() if o is not None})
    return read_lesson(path, name=name, topics=topics)


def line_of(lesson, folder, part):
    """Return the line of the lesson's text that holds this."""
    lines = (folder / f"{lesson.name}.py").read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if part in line)
