# %% [markdown]
# # Exercise: how long do we send catalogues to silent customers?
#
# The lesson followed Qinghe's customers. You get the buyers of another house: a web shop for compact
# discs, whose customers all came in one quarter and then fell silent one by one. The shop sends a
# catalogue each quarter to everybody who ever bought. You find out what the silence means, price a point
# of retention, and say when to stop.
#
# **Time.** 35 minutes: 25 for the numbers (tasks 1 to 4), 10 to write (task 5).
#
# **How it goes.** A task ends in one name, `t1` to `t5`. Replace the line that stops the notebook by your
# answer, and run the check under it whenever you like. The check knows form, units and frequent
# mistakes. Whether the answer is right it keeps to itself.

# %%
import datetime as dt

import pandas as pd

from customer_insight import clv, data, show

cohort = data.load("cdnow_master")
sample = data.load("cdnow_sample")
orders = cohort[~cohort["customer_id"].isin(sample["master_id"])]
transactions = data.transactions(
    orders, customer="customer_id", day="date", amount="dollar_value"
)
stop = dt.date(1998, 6, 30)  # the last day of the data
margin = 15  # dollars that a quarter with a purchase brings
cost = 1.50  # dollars for one catalogue
discount = 0.10  # a year
show.say(
    f"{transactions['customer_id'].nunique():,} customers, {len(transactions):,} orders until {stop}."
)

# %% [markdown]
# ## Task 1: how many of the returns are late? (2 points)
#
# Cut time into quarters. A *return* is a quarter with a purchase after an earlier one. What share of all
# returns comes after **at least one quarter left out**? Give a share from 0 to 1 as `t1`.
#
# `clv.purchase_periods(transactions, as_of=stop, period="quarter")` makes the table that all tasks need,
# and `clv.late_returns(table, longest=...)` gives the share of returns that come later than so many
# quarters.

# %% task="t1" points=2
### BEGIN SOLUTION
table = clv.purchase_periods(transactions, as_of=stop, period="quarter")
t1 = clv.late_returns(table, longest=1)
### END SOLUTION

# %% check="t1"
check.number(
    "t1",
    t1,
    unit="late returns, as a share of all",
    low=0,
    high=1,
    slips={"per cent, not a share": 100},
)

# %% wrong="t1" called="per cent, not a share"
# hint: a share of one half is to be written as 0.5.
t1 = 100 * clv.late_returns(table, longest=1)

# %% wrong="t1" called="two quarters left out, not one"
# hint: your returns come later than two quarters. Who comes in the second quarter has left out one.
t1 = clv.late_returns(table, longest=2)

# %% wrong="t1" called="returns at once, not late ones"
# hint: these are the returns in the very next quarter. The late ones are all the others.
t1 = 1 - clv.late_returns(table, longest=1)

# %% wrong="t1" called="months, not quarters"
# hint: the period decides what is late. You cut time into months.
months = clv.purchase_periods(transactions, as_of=stop, period="month")
t1 = clv.late_returns(months, longest=1)

# %% wrong="t1" called="customers counted, not returns"
# hint: you counted people who ever came back late. One of them may have many returns: count those.
in_order = table.sort_values("periods_ago", ascending=False)
gaps = -in_order.groupby("customer_id")["periods_ago"].diff()
who_late = in_order.loc[gaps > 1, "customer_id"].nunique()
t1 = who_late / in_order["customer_id"].nunique()

# %% wrong="t1" called="who never returned counted as late"
# hint: that is the share of quarters that were followed by none with a purchase. Count returns only: who
# never came back made none.
rates = clv.repurchase_by_recency(table, longest=1)
t1 = float(1 - rates["rate"].iloc[0])

# %% scorer="all"
from customer_insight.course.exercise.judging import (
    close,
    rows_close,
)


# %% scorer="t1"
def score(answer, expected):
    return close(answer, expected, within=0.002)


# %% [markdown]
# ## Task 2: who buys, by silence? (3 points)
#
# Of those who bought last quarter, what share buys in this one? And of those who bought last two, three
# and four quarters ago? Give a table `t2` with the columns `recency` (1 to 4, quarters since the last
# purchase) and `rate` (a share).

# %% task="t2" points=3
### BEGIN SOLUTION
rates = clv.repurchase_by_recency(table, longest=4)
t2 = rates[["recency", "rate"]]
### END SOLUTION

# %% check="t2"
check.table(
    "t2",
    t2,
    columns={"recency": "whole", "rate": "number"},
    key="recency",
    rows=(4, 4),
    ranges={"rate": (0, 1)},
    slips={"per cent, not a share": ("rate", 100)},
)

# %% wrong="t2" called="per cent, not a share"
# hint: write a rate of one tenth as 0.1.
t2 = t2.assign(rate=t2["rate"] * 100)

# %% wrong="t2" called="by age, not by silence"
# hint: your rates rise, because your rows say how long somebody has bought without a break. Asked for is
# how long somebody has been silent.
ages = clv.retention_by_age(table, ages=4)
t2 = ages.rename(columns={"age": "recency"})[["recency", "rate"]]

# %% wrong="t2" called="a share of all who began, not of who stood there"
# hint: below the line stand those who had been silent for so long, and not all customers of the shop.
t2 = t2.assign(rate=rates["bought"] / rates["chances"].iloc[0])

# %% wrong="t2" called="customers below the line, not chances"
# hint: one customer can stand at the same silence several times. Each time is a chance to buy.
t2 = t2.assign(rate=rates["bought"] / rates["customers"])

# %% wrong="t2" called="who stays away, not who buys"
# hint: your shares grow with the silence. They count those who did not buy.
t2 = t2.assign(rate=1 - rates["rate"])

# %% wrong="t2" called="recency counted from 0"
# hint: who bought last quarter has recency 1. Your rows begin at 0.
t2 = t2.assign(recency=t2["recency"] - 1)

# %% wrong="t2" called="the rows turned round"
# hint: the longest silence stands in your first row. Recency 1 is who bought last quarter.
t2 = t2.assign(rate=t2["rate"].to_numpy()[::-1])

# %% wrong="t2" called="months, not quarters"
# hint: the table that you counted has months. A quarter is three times as long, and more people buy in it.
months = clv.purchase_periods(transactions, as_of=stop, period="month")
monthly = clv.repurchase_by_recency(months, longest=4)
t2 = monthly[["recency", "rate"]]


# %% scorer="t2"
def score(answer, expected):
    return rows_close(answer, expected, key="recency", within=0.002)


# %% [markdown]
# ## Task 3: what is a point worth? (3 points)
#
# The shop could write to last quarter's buyers, so that one in a hundred **more** of them buys in the
# coming quarter. Nothing changes for the quarters after it. Take customers as lost for good, with the rate
# of recency 1 from your table as retention. A customer who buys brings `margin` dollars in that quarter, a
# quarter from now, and from then on is worth as much as any other. What is the point worth today, in **dollars a
# customer written to**? Give a number as `t3`.
#
# `discount` is a rate a year. `clv.margin_multiple(retention, rate, first_margin=...)` wants a rate a
# quarter; with `first_margin="now"` it counts the margin of the purchase itself, too.

# %% task="t3" points=3
### BEGIN SOLUTION
retention = float(rates["rate"].iloc[0])
quarter = (1 + discount) ** 0.25 - 1
kept = clv.margin_multiple(retention, quarter, first_margin="now")
t3 = 0.01 * margin * kept / (1 + quarter)
### END SOLUTION

# %% check="t3"
check.number(
    "t3",
    t3,
    unit="dollars a customer",
    low=0,
    high=1,
    slips={
        "the worth of a whole customer, not of a point": 100,
    },
)

# %% wrong="t3" called="the worth of a whole customer, not of a point"
# hint: that is what one customer is worth who is kept. A point keeps one in a hundred.
t3 = margin * kept / (1 + quarter)

# %% wrong="t3" called="the discount of a year for each quarter"
# hint: a year has four quarters. Turn the rate into one a quarter first.
wrong_multiple = clv.margin_multiple(retention, discount, first_margin="now")
t3 = 0.01 * margin * wrong_multiple / (1 + discount)

# %% wrong="t3" called="today's purchase, not a quarter from now"
# hint: the margin comes a quarter from now. Bring it to today.
t3 = 0.01 * margin * kept

# %% wrong="t3" called="the margin of one quarter alone"
# hint: who is kept may buy again in the quarters after. You counted the first purchase only.
t3 = 0.01 * margin / (1 + quarter)

# %% wrong="t3" called="the coming purchase left out"
# hint: you counted what follows the coming quarter, and not the purchase of that quarter itself.
after = clv.margin_multiple(retention, quarter, first_margin="after one period")
t3 = 0.01 * margin * after / (1 + quarter)

# %% wrong="t3" called="a point in every quarter, not in one"
# hint: that is the worth of a rate that is higher for ever. Here it is higher in the coming quarter alone.
after, more = (
    clv.margin_multiple(rate, quarter, first_margin="after one period")
    for rate in (retention, retention + 0.01)
)
t3 = margin * (more - after)

# %% wrong="t3" called="the catalogue taken off, too"
# hint: the point is worth what the purchases bring. What the letter costs is for the shop to set beside it.
t3 = 0.01 * (margin - cost) * kept / (1 + quarter)

# %% wrong="t3" called="one per cent of the rate, not one point"
# hint: a point is one customer in a hundred. You took a hundredth of those who stay anyway.
t3 = 0.01 * retention * margin * kept / (1 + quarter)


# %% scorer="t3"
def score(answer, expected):
    return close(answer, expected, within=0.005)


# %% [markdown]
# ## Task 4: when to stop (3 points)
#
# Let customers come back now, by the rates of your table `t2`. A catalogue costs `cost` dollars a quarter. At
# which silence is the last catalogue to be sent, if the value of every customer is to be as large as
# possible? The answer hangs on who buys without one:
#
# - `"nobody"`: without a catalogue nobody buys, as Pfeifer and Carraway have it;
# - `"half"`: without a catalogue a customer buys with **half** the rate of the table.
#
# Give a table `t4` with these two rows and the columns `without`, `stop after` (the last recency that gets a
# catalogue, a whole number of quarters) and `value` (in dollars, of a customer who has bought in the present
# quarter, that purchase included, under the best rule and for ever).
#
# `clv.best_contact_policy` has `stop_after` and `values`, and takes `repurchase_without`.

# %% task="t4" points=3
### BEGIN SOLUTION
chance = rates["rate"].to_numpy()
money = {"margin_per_purchase": margin, "contact_cost": cost}
money |= {"discount_per_period": quarter}
nobody = clv.best_contact_policy(chance, **money)
half = clv.best_contact_policy(chance, repurchase_without=chance / 2, **money)
t4 = pd.DataFrame(
    {
        "without": ["nobody", "half"],
        "stop after": [nobody.stop_after, half.stop_after],
        "value": [nobody.values[0], half.values[0]],
    }
)
### END SOLUTION

# %% check="t4"
check.table(
    "t4",
    t4,
    columns={
        "without": ["half", "nobody"],
        "stop after": "whole",
        "value": "number",
    },
    key="without",
    rows=(2, 2),
    ranges={"stop after": (0, 12), "value": (0, 200)},
    slips={"cents, not dollars": ("value", 100)},
)

# %% wrong="t4" called="cents, not dollars"
# hint: margin and cost are in dollars; so is the value.
t4 = t4.assign(value=t4["value"] * 100)

# %% wrong="t4" called="the first silence without a catalogue"
# hint: you name the first silence that gets none. Asked for is the last one that gets a catalogue.
t4 = t4.assign(**{"stop after": t4["stop after"] + 1})

# %% wrong="t4" called="the two rows exchanged"
# hint: each number stands beside the other assumption.
t4 = t4.assign(
    **{
        "stop after": t4["stop after"].to_numpy()[::-1],
        "value": t4["value"].to_numpy()[::-1],
    }
)

# %% wrong="t4" called="the discount of a year for each quarter"
# hint: the rate is one a year, and the chain moves by quarters.
yearly = money | {"discount_per_period": discount}
worse = [
    clv.best_contact_policy(chance, **yearly),
    clv.best_contact_policy(chance, repurchase_without=chance / 2, **yearly),
]
t4 = t4.assign(
    **{
        "stop after": [rule.stop_after for rule in worse],
        "value": [rule.values[0] for rule in worse],
    }
)

# %% wrong="t4" called="half the rate with a catalogue"
# hint: you halved the rate of those who get a catalogue. Halve that of those who get none.
weak = clv.best_contact_policy(chance / 2, **money)
t4 = t4.assign(
    **{
        "stop after": [nobody.stop_after, weak.stop_after],
        "value": [nobody.values[0], weak.values[0]],
    }
)

# %% wrong="t4" called="catalogues to all, for ever"
# hint: that is the value while everybody gets one. The best rule stops at some silence.
always = clv.recency_values(chance, periods=None, **money)
t4 = t4.assign(**{"stop after": [4, 4], "value": [always[0], always[0]]})

# %% wrong="t4" called="the value of a customer silent for a quarter"
# hint: the first value belongs to somebody who has bought in the present quarter; you took the second.
t4 = t4.assign(value=[nobody.values[1], half.values[1]])

# %% wrong="t4" called="the catalogue paid twice"
# hint: the cost of a catalogue has a place of its own, contact_cost. Leave the margin as it is.
less = money | {"margin_per_purchase": margin - cost}
paid_twice = [
    clv.best_contact_policy(chance, **less),
    clv.best_contact_policy(chance, repurchase_without=chance / 2, **less),
]
t4 = t4.assign(
    **{
        "stop after": [rule.stop_after for rule in paid_twice],
        "value": [rule.values[0] for rule in paid_twice],
    }
)

# %% wrong="t4" called="the present purchase left out"
# hint: the customer has bought in the present quarter, and that margin is part of the value.
t4 = t4.assign(value=t4["value"] - margin)

# %% wrong="t4" called="as many buy without a catalogue as with one"
# hint: in your second row a catalogue adds nothing. Without one, half of the rate is left.
idle = clv.best_contact_policy(chance, repurchase_without=chance, **money)
t4 = t4.assign(
    **{
        "stop after": [nobody.stop_after, idle.stop_after],
        "value": [nobody.values[0], idle.values[0]],
    }
)

# %% wrong="t4" called="the same rule for both"
# hint: you gave the second row nothing of those who buy without a catalogue. See repurchase_without.
t4 = t4.assign(
    **{
        "stop after": [nobody.stop_after] * 2,
        "value": [nobody.values[0]] * 2,
    }
)


# %% scorer="t4"
def score(answer, expected):
    return rows_close(answer, expected, key="without", within=0.005)


# %% [markdown]
# ## Task 5: what do you tell the owner? (5 points)
#
# The owner says: *"Of those who have been silent for a year, some still buy every quarter. They do it because we
# send them catalogues. So we go on for ever."*
#
# Answer in 60 to 150 words (120 to 300 Chinese characters), for somebody who runs a shop. Say what task 1
# means for writing customers off, when to stop by task 4 and on which assumption that hangs, why the
# owner's "because" does not follow from these data, and what to do to find out. Give the text as `t5`,
# between three quotation marks on each side.

# %% task="t5" points=5
### BEGIN SOLUTION
t5 = """
You are right not to write people off early: more than a third of all returns come after a quarter
without a purchase, so a silent quarter does not mean that somebody is lost.

But we cannot go on for ever. If nobody bought without a catalogue, the last one should go to those silent for
three quarters. If half of them bought anyway, we should stop after two, because then a catalogue brings
only the other half. And which of the two is true, nobody knows: all our customers got catalogues, so we
have never seen what people do without one.

This autumn, let us draw one in five of the customers of each silence by lot and send them nothing. At
the end of the quarter we compare how many of both groups bought. Where the difference does not pay for
the catalogues, we stop.
"""
### END SOLUTION

# %% check="t5"
check.text("t5", t5, words=(60, 150))

# %% [markdown] rubric="t5"
# - 1 point: says with the number of task 1 that a quarter left out does not mean lost.
# - 1 point: gives both rules of task 4, or says that the stop moves with the assumption.
# - 1 point: says that everybody got catalogues, so that these purchases prove no effect.
# - 1 point: proposes customers drawn by lot who get no catalogue, at each silence, and when to look.
# - 1 point: ends in a decision that the owner can take now.
#
# Take off one point for technical words that the owner cannot know (Markov chain, policy iteration).

# %% [markdown]
# ## Done
#
# Run everything once from the first cell to the last, save, and call `.venv/bin/course progress`.
# `.venv/bin/course reset t4` brings a fresh copy of a task and keeps your own beside the notebook.
#
# **In a class.** Hand this notebook in as `SUBMISSIONS/<your name>/2_retention_and_migration.ipynb`, where
# your instructor says. A program gives the points of tasks 1 to 4, a reader those of task 5.
#
# **On your own.** Put a copy at `build/handed_in/me/2_retention_and_migration.ipynb` in the course's folder
# and call `.venv/bin/course grade build/handed_in --out build/graded`. It prints the points of tasks 1 to 4, and
# names the file where your text of task 5 stands beside its rubric, for you to judge.
