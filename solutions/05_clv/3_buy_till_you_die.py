# %% [markdown]
# # Exercise: who is worth a catalogue?
#
# The lesson looked at one tenth of a web shop's customers. You get the other nine tenths, whom the
# lesson never saw. The marketing manager has a rule of thumb for the catalogue. You count, forecast,
# put a number on that rule, and answer the manager.
#
# **Time.** 45 minutes: 25 for the numbers (tasks 1 to 4), 20 to write (tasks 5 and 6).
#
# **How it goes.** Each task ends in one name, such as `t1`. Put your answer in place of the line that
# stops the notebook, then run the check below it, as often as you like. A check looks at the form, at
# units, and at mistakes that many people make. It does not tell you whether the answer is right. Cells
# that you add are yours.

# %%
import datetime as dt

import pandas as pd

from customer_insight import data, features, show
from customer_insight.clv import BGNBD

cohort = data.load("cdnow_master")
sample = data.load("cdnow_sample")
orders = cohort[~cohort["customer_id"].isin(sample["master_id"])]
transactions = data.transactions(
    orders, customer="customer_id", day="date", amount="dollar_value"
)
stop = dt.date(1997, 9, 30)  # the last day that a forecast may know
show.say(
    f"{transactions['customer_id'].nunique():,} customers, {len(transactions):,} orders. Amounts are "
    "in cents, days are counted since 1970-01-01."
)

# %% [markdown]
# ## Task 1: how often did they come back? (2 points)
#
# How many **repeat purchases** did all these customers together make until `stop`, that day included?
# A repeat purchase is a day on which a customer bought, after the day of the first purchase. Two
# orders on one day are one purchase. Give a whole number as `t1`.
#
# `features.purchase_summary(transactions, as_of=stop, unit="week")` gives a row for each customer, and
# the next tasks need its table.

# %% task="t1" points=2
### BEGIN SOLUTION
summary = features.purchase_summary(transactions, as_of=stop, unit="week")
summary = summary.sort_values("customer_id", ignore_index=True)
t1 = int(summary["repeat_purchases"].sum())
### END SOLUTION

# %% check="t1"
check.number(
    "t1", t1, unit="repeat purchases", low=1_000, high=200_000, whole=True
)

# %% wrong="t1" called="first purchases counted as repeats"
# hint: everybody has a first purchase, and it is no repeat. Who bought on a single day has none.
t1 = int(summary["repeat_purchases"].sum() + len(summary))

# %% wrong="t1" called="orders counted, not days"
# hint: some customers ordered twice on one day. Both orders together are one purchase.
known = transactions[transactions["day"] <= (stop - dt.date(1970, 1, 1)).days]
t1 = len(known) - known["customer_id"].nunique()

# %% wrong="t1" called="orders counted, and the held-back days too"
# hint: two slips at once. Stop the clock at `stop`, and count days with a purchase, not orders.
t1 = len(transactions) - transactions["customer_id"].nunique()

# %% wrong="t1" called="the stop day left out"
# hint: `stop` itself is the last day that counts. Look at the sign with which you compare days.
before = features.purchase_summary(
    transactions, as_of=stop - dt.timedelta(days=1), unit="week"
)
t1 = int(before["repeat_purchases"].sum())

# %% wrong="t1" called="the held-back days counted too"
# hint: the clock stops at `stop`. What came later is kept to judge the forecast.
later = features.purchase_summary(
    transactions, as_of=dt.date(1998, 6, 30), unit="week"
)
t1 = int(later["repeat_purchases"].sum())

# %% scorer="all"
from customer_insight.course.exercise.judging import (
    close,
    rows_close,
)


# %% scorer="t1"
def score(answer, expected):
    return answer == expected


# %% [markdown]
# ## Task 2: one customer's next 39 weeks (3 points)
#
# Fit the BG/NBD model to all these customers, with the week as unit of time and nothing after `stop`.
# How many purchases does it expect from customer `"00003"` in the 39 weeks after `stop`? Give a number
# with its decimals as `t2`.
#
# `BGNBD().fit(summary)` takes the table of `features.purchase_summary`, and
# `model.expected_purchases(summary, horizon="...")` gives a number for each row, in the order of the
# rows.

# %% task="t2" points=3
### BEGIN SOLUTION
model = BGNBD().fit(summary)
one = summary[summary["customer_id"] == "00003"]
t2 = float(model.expected_purchases(one, horizon="39 weeks")[0])
### END SOLUTION

# %% check="t2"
check.number("t2", t2, unit="purchases", low=0, high=39)

# %% wrong="t2" called="weeks read as days"
# hint: the horizon that you asked for is 39 days long. A number needs its unit of time: "39 weeks".
t2 = float(model.expected_purchases(one, horizon="39 days")[0])

# %% wrong="t2" called="the same rate, not the model"
# hint: that is what the customer would buy at the rate seen so far. The model also asks how likely it
# is that the customer has left: let it make the forecast.
rate_of_one = one["repeat_purchases"] / one["weeks_observed"]
t2 = float(rate_of_one.iloc[0] * 39)

# %% wrong="t2" called="RFM recency for BTYD recency"
# hint: in an RFM score, recency is the time since the last purchase. This model wants the time from the
# first purchase to the last: a large number means that the customer came back late.
since = one["weeks_observed"] - one["weeks_first_to_last"]
swapped = one.assign(weeks_first_to_last=since)
t2 = float(model.expected_purchases(swapped, horizon="39 weeks")[0])

# %% wrong="t2" called="the first purchase counted as a repeat"
# hint: x counts purchases after the first one. With the first added, everybody seems to have come back.
added = one.assign(repeat_purchases=one["repeat_purchases"] + 1)
t2 = float(model.expected_purchases(added, horizon="39 weeks")[0])

# %% wrong="t2" called="the held-back days shown to the model"
# hint: the model has seen the weeks that it is to forecast. Stop the clock at `stop` before you fit.
seen = features.purchase_summary(
    transactions, as_of=dt.date(1998, 6, 30), unit="week"
)
told = BGNBD().fit(seen)
t2 = float(
    told.expected_purchases(
        seen[seen["customer_id"] == "00003"], horizon="39 weeks"
    )[0]
)

# %% wrong="t2" called="another customer's number (the first row)"
# hint: that row belongs to somebody else, who bought once. Choose the row by its customer_id.
t2 = float(model.expected_purchases(summary, horizon="39 weeks")[0])

# %% wrong="t2" called="another customer's number (row 3)"
# hint: an id is no place in the table. Rows are counted from 0, and some ids are in the lesson's tenth.
t2 = float(model.expected_purchases(summary, horizon="39 weeks")[3])

# %% wrong="t2" called="the mean of all customers"
# hint: one customer is asked for, who has a history of their own. Choose that row by its customer_id.
t2 = float(model.expected_purchases(summary, horizon="39 weeks").mean())

# %% wrong="t2" called="what a new customer would buy"
# hint: that is the forecast for somebody of whom nothing is known. Give the model this customer's row.
t2 = model.expected_purchases_of_new("39 weeks")


# %% scorer="t2"
def score(answer, expected):
    return close(answer, expected, within=0.005)


# %% [markdown]
# ## Task 3: how far off in total? (3 points)
#
# Now let both rules forecast all customers for the 39 weeks after `stop`, add up each rule's
# purchases, and compare with what came (`features.holdout_purchases`).
#
# - rule `"model"`: the model of task 2;
# - rule `"same rate"`: each customer goes on buying at the rate seen so far, which is repeat purchases
#   over weeks observed.
#
# Give a table `t3` with two rows and the columns `rule` and `off`. `off` is a **share of the actual
# total**: 0.10 for a forecast one tenth too high, -0.10 for one tenth too low.

# %% task="t3" points=3
### BEGIN SOLUTION
actual = features.holdout_purchases(
    transactions, as_of=stop, horizon="39 weeks"
)
came = actual["later_purchases"].sum()
by_model = model.expected_purchases(summary, horizon="39 weeks").sum()
rate = summary["repeat_purchases"] / summary["weeks_observed"]
by_rate = (rate * 39).sum()
t3 = pd.DataFrame(
    {
        "rule": ["model", "same rate"],
        "off": [by_model / came - 1, by_rate / came - 1],
    }
)
### END SOLUTION

# %% check="t3"
check.table(
    "t3",
    t3,
    columns={"rule": ["same rate", "model"], "off": "number"},
    key="rule",
    rows=(2, 2),
    ranges={"off": (-1, 5)},
    slips={"per cent, not a share": ("off", 100)},
)

# %% wrong="t3" called="the model in days, the rate in weeks"
# hint: your two rules forecast different lengths of time. Give the model's horizon its unit: "39 weeks".
in_days = model.expected_purchases(summary, horizon="39 days").sum()
t3 = t3.assign(off=[in_days / came - 1, by_rate / came - 1])

# %% wrong="t3" called="per cent, not a share"
# hint: one tenth too high is to be written as 0.10.
t3 = t3.assign(off=t3["off"] * 100)

# %% wrong="t3" called="a ratio, not how far off"
# hint: a forecast that is right would stand at 1 in your table. How far off is it then? Take that away.
t3 = t3.assign(off=[by_model / came, by_rate / came])

# %% wrong="t3" called="purchases, not a share"
# hint: these are purchases too many or too few. Set them against the purchases that came.
t3 = t3.assign(off=[by_model - came, by_rate - came])

# %% wrong="t3" called="the two rules exchanged"
# hint: each number stands beside the other rule's name.
t3 = t3.assign(off=t3["off"].to_numpy()[::-1])

# %% wrong="t3" called="a share of the forecast, not of what came"
# hint: the question is how far the forecast is from the truth, so the truth stands below the line.
t3 = t3.assign(off=[1 - came / by_model, 1 - came / by_rate])

# %% wrong="t3" called="weeks read as days"
# hint: 39 days were forecast and compared with 39 weeks of purchases.
short = model.expected_purchases(summary, horizon="39 days").sum()
t3 = t3.assign(off=[short / came - 1, by_rate / came / 7 - 1])

# %% wrong="t3" called="the sign turned round"
# hint: too high is to be positive. Take the forecast minus what came.
t3 = t3.assign(off=-t3["off"])

# %% wrong="t3" called="first purchases counted in the rate"
# hint: the rate is that of coming back. The first purchase is when the watching began.
high = (
    (summary["repeat_purchases"] + 1) / summary["weeks_observed"] * 39
).sum()
t3 = t3.assign(off=[by_model / came - 1, high / came - 1])


# %% scorer="t3"
def score(answer, expected):
    return rows_close(answer, expected, key="rule", within=0.01)


# %% [markdown]
# ## Task 4: what the manager's rule gains (3 points)
#
# *"I send the catalogue to everybody who bought twice in a month; that has always worked."* The cell
# picks these customers: two purchase days at most 30 days apart, at any time until `stop`. It also
# gives what each really spent in the 39 weeks after `stop`, in cents.

# %%
stop_day = (stop - dt.date(1970, 1, 1)).days
days = transactions[transactions["day"] <= stop_day]
days = days.drop_duplicates(["customer_id", "day"])
days = days.sort_values(["customer_id", "day"])
gap = days.groupby("customer_id")["day"].diff()
last = days.groupby("customer_id")["day"].max()
chosen = features.holdout_purchases(
    transactions, as_of=stop, horizon="39 weeks"
)
chosen = chosen[chosen["customer_id"].isin(days.loc[gap <= 30, "customer_id"])]
chosen = chosen[["customer_id", "later_amount"]].reset_index(drop=True)
chosen["days_silent"] = stop_day - chosen["customer_id"].map(last)
cost = 6  # dollars for each catalogue
margin = 0.30  # share of a sale that is left after its direct costs
lift = 0.20  # share by which a catalogue raises what a customer spends: assumed
show.table(chosen.head(3), caption="Three of the manager's customers")

# %% [markdown]
# What would the catalogues have gained, all customers of a row added up, in **dollars**? For one
# customer it is the margin on what the catalogue *adds* to the spending, minus the cost. A loss is a
# negative gain. Give a table `t4` with the columns `sent to` and `gain` and two rows:
#
# - `"all of them"`: every customer in `chosen`;
# - `"bought lately"`: only those of them who were silent for 91 days (13 weeks) or less.

# %% task="t4" points=3
### BEGIN SOLUTION
added = chosen["later_amount"] / 100 * lift
gain = added * margin - cost
lately = chosen["days_silent"] <= 91
t4 = pd.DataFrame(
    {
        "sent to": ["all of them", "bought lately"],
        "gain": [gain.sum(), gain[lately].sum()],
    }
)
### END SOLUTION

# %% check="t4"
check.table(
    "t4",
    t4,
    columns={"sent to": ["bought lately", "all of them"], "gain": "number"},
    key="sent to",
    rows=(2, 2),
    ranges={"gain": (-50_000, 50_000)},
    slips={"cents, not dollars": ("gain", 100)},
)

# %% wrong="t4" called="cents, not dollars"
# hint: the amounts are in cents. Bring everything to dollars.
t4 = t4.assign(gain=t4["gain"] * 100)

# %% wrong="t4" called="cents read as dollars"
# hint: later_amount is in cents and cost in dollars. Bring both to one unit before you subtract.
each = chosen["later_amount"] * lift * margin - cost
t4 = t4.assign(gain=[each.sum(), each[lately].sum()])

# %% wrong="t4" called="losses left out"
# hint: who spends too little costs money, and the shop has sent the catalogue to them as well. Nothing
# may be cut off at zero.
each = gain.clip(lower=0)
t4 = t4.assign(gain=[each.sum(), each[lately].sum()])

# %% wrong="t4" called="all sales credited to the catalogue"
# hint: most of this money comes without a catalogue. Only what the catalogue adds is its gain.
each = chosen["later_amount"] / 100 * margin - cost
t4 = t4.assign(gain=[each.sum(), each[lately].sum()])

# %% wrong="t4" called="the lift taken as 1 + lift"
# hint: spending rises to 1 + lift of what it was, but the shop had the 1 already. What was added?
each = chosen["later_amount"] / 100 * (1 + lift) * margin - cost
t4 = t4.assign(gain=[each.sum(), each[lately].sum()])

# %% wrong="t4" called="sales read as profit"
# hint: goods and post have to be paid from each sale. What is left is the margin.
each = added - cost
t4 = t4.assign(gain=[each.sum(), each[lately].sum()])

# %% wrong="t4" called="the cost forgotten"
# hint: a catalogue costs money, also where nothing is bought.
each = added * margin
t4 = t4.assign(gain=[each.sum(), each[lately].sum()])

# %% wrong="t4" called="the cost of one catalogue for all"
# hint: every customer of a row gets a catalogue of their own, and each is to be paid.
each = added * margin
t4 = t4.assign(gain=[each.sum() - cost, each[lately].sum() - cost])

# %% wrong="t4" called="the mean of a customer, not the sum"
# hint: that is the gain of one catalogue. Add up all customers of a row.
t4 = t4.assign(gain=[gain.mean(), gain[lately].mean()])

# %% wrong="t4" called="the silent ones in place of the others"
# hint: your second row holds those who had been silent for long. Turn the comparison round.
t4 = t4.assign(gain=[gain.sum(), gain[~lately].sum()])

# %% wrong="t4" called="91 weeks, not 91 days"
# hint: nobody was watched for that long. days_silent is in days: your second row leaves nobody out.
t4 = t4.assign(gain=[gain.sum(), gain.sum()])

# %% wrong="t4" called="the two rows exchanged"
# hint: each number stands beside the other row's name.
t4 = t4.assign(gain=t4["gain"].to_numpy()[::-1])


# %% scorer="t4"
def score(answer, expected):
    return rows_close(answer, expected, key="sent to", within=0.001)


# %% [markdown]
# ## Task 5: what do you tell the marketing manager? (5 points)
#
# The manager reads your tables of tasks 3 and 4 and says: *"Your model is wrong too. I keep my rule."*
#
# Answer in 60 to 150 words (120 to 300 Chinese characters), for somebody who runs a shop and reads no
# statistics. Say what the totals of task 3 are good for, who is worth a catalogue by task 4 and why the
# rule misses it, what nobody knows yet about the catalogue, and what to do this season to find out, with the
# day on which you will know.
#
# Give the text as `t5`, between three quotation marks on each side, so that it may have several lines.

# %% task="t5" points=5
### BEGIN SOLUTION
t5 = """
You are right that the model is wrong: its total was about a seventh too low. Going on at the old rate
was nearly half too high, because it forgets that people leave. So I would plan stock with the model and
keep some room above it.

Your rule is no nonsense, but sent to all of them the catalogue would have lost about 3,000 dollars. Two
purchases within a month tell us that somebody was lively then; many have been silent ever since. Sent
only to those who also bought in the last thirteen weeks, it would have gained about 8,000.

All this assumes that a catalogue adds a fifth to what a person spends, and nobody has measured that.
This season, let us draw one in five of those customers by lot, send them nothing, and compare what both
groups have spent by June.
"""
### END SOLUTION

# %% check="t5"
check.text("t5", t5, words=(60, 150))

# %% [markdown] rubric="t5"
# - 1 point: says what the totals show, with direction: the model too low, the same rate much too high.
# - 1 point: judges the rule by a number of task 4: sent to all of them it loses money.
# - 1 point: names what the rule overlooks, the silence after two quick purchases, and who is worth a
#   catalogue instead.
# - 1 point: says that the lift is assumed, not measured.
# - 1 point: proposes a test with customers drawn by lot who get no catalogue, and when to look.
#
# Take off one point for technical words that the manager cannot know (likelihood, prior, BG/NBD).

# %% [markdown]
# ## Task 6: your own enterprise (4 points)
#
# Take one enterprise that you know well, and keep it for the training of all chapters (the one of
# chapter 1, if you chose it there). Before anybody fits a model to its customers, three things must be
# settled: who can leave without a word, in which unit of time customers come back, and what counts as
# one purchase. Give `t6` as a dictionary with the texts asked for below.
#
# - `"enterprise"`: its name;
# - `"who leaves silently"`: which of its customers can go without a word, and how a long pause could be
#   told from leaving, or why it cannot (15 words or more);
# - `"unit of time"`: `"day"`, `"week"`, `"month"`, `"quarter"` or `"year"`;
# - `"why this unit"`: what in the customers' habits speaks for it (10 words or more);
# - `"one purchase"`: which record of the enterprise is one purchase, and which record looks like one
#   and is none, such as a part delivery or a return (15 words or more).

# %% task="t6" points=4
### BEGIN SOLUTION
t6 = {
    "enterprise": "Qinghe",
    "who leaves silently": "Buyers in the web shop and at the counter: they have no contract. A pause of "
    "months after weekly purchases speaks for leaving; after one purchase nothing can be told.",
    "unit of time": "week",
    "why this unit": "A pack of bottled tea lasts a household one to three weeks, and offers change "
    "every Monday.",
    "one purchase": "All paid orders of one customer on one calendar day. A second parcel of the same "
    "order, an exchange or a return is none, and neither is a free sample.",
}
### END SOLUTION

# %% check="t6"
check.record(
    "t6",
    t6,
    fields={
        "enterprise": 1,
        "who leaves silently": 15,
        "unit of time": ["day", "week", "month", "quarter", "year"],
        "why this unit": 10,
        "one purchase": 15,
    },
)

# %% [markdown] rubric="t6"
# - 1 point: names a group of the enterprise's customers that is free to go, not "the customers".
# - 1 point: says how silence is told from a long pause, or why it cannot be told.
# - 1 point: the unit is argued from how the goods are used or how people shop, not from reports.
# - 1 point: one purchase is a record that this enterprise really keeps, with a look-alike excluded.

# %% [markdown]
# ## Done
#
# Run all cells once more from the top, save, and ask `.venv/bin/course progress`: it says which tasks
# are answered and checked. `.venv/bin/course reset t2` gives a task back fresh and keeps what you wrote
# beside the notebook.
#
# **In a class.** Hand this notebook in as `SUBMISSIONS/<your name>/3_buy_till_you_die.ipynb`, in the
# folder that your instructor names. The points of tasks 1 to 4 come from a program, those of tasks 5
# and 6 from a reader.
#
# **On your own.** Copy the notebook to `build/handed_in/me/3_buy_till_you_die.ipynb` in the course's
# folder and call `.venv/bin/course grade build/handed_in --out build/graded` there. It prints the points
# of tasks 1 to 4 and names the file in which your texts of tasks 5 and 6 stand beside their rubrics.
# Judge them yourself, best on the next day.
