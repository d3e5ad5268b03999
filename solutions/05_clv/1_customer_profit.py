# %% [markdown]
# # Exercise: what did the newcomers bring?
#
# The lesson looked at the members whom Qinghe had at the end of 2023. You get the others: everybody who
# signed up in 2024, with one year of books, and a campaign that the lesson did not touch. The head of
# customer service wants to take the telephone away from newcomers. You price that, check the
# reasons given for it, and answer.
#
# **Time.** 40 minutes: 25 for the numbers (tasks 1 to 4), 15 to write (task 5).
#
# **How it goes.** Each task ends in one name, such as `t1`. Put your answer in place of the line that
# stops the notebook, then run the check below it, as often as you like. A check looks at the form, at
# units, and at mistakes that many people make. It does not tell you whether the answer is right. Cells
# that you add are yours.

# %%
import pandas as pd

from customer_insight import clv, data, show

first, last = pd.Timestamp("2024-01-01"), pd.Timestamp("2024-12-31")
people = data.load("company_customers")
people = people[people["signed_up_on"] >= first]
rates = data.load("company_cost_rates")  # fen a unit of work, by year
calls = data.load("company_service_contacts")
calls = calls[calls["day"] >= first]  # everybody's of the year
show.say(
    f"{len(people):,} newcomers. Money is in fen, 100 to the yuan. The rates of "
    f"work hold for a year: {', '.join(map(str, sorted(rates['year'].unique())))}."
)

# %% [markdown]
# ## Task 1: what would chat have saved? (2 points)
#
# Suppose that every **minute** which the newcomers spent on the **phone** in 2024 had been a minute of
# chat. What would service have cost less, in **yuan**? Give a number as `t1`.
#
# `calls` has a row for each contact of every member, old or new: `channel` and `minutes`. In `rates`
# the activities are called `phone_service` and `chat_service`.

# %% task="t1" points=2
### BEGIN SOLUTION
year = rates[rates["year"] == 2024].set_index("activity")["rate"]
mine = calls[calls["customer_id"].isin(people["customer_id"])]
on_phone = mine.loc[mine["channel"] == "phone", "minutes"]
less = year["phone_service"] - year["chat_service"]
t1 = float(on_phone.sum() * less / 100)
### END SOLUTION

# %% check="t1"
check.number(
    "t1", t1, unit="yuan", low=500, high=60_000, slips={"fen, not yuan": 100}
)

# %% wrong="t1" called="fen, not yuan"
# hint: rates are in fen. A hundred fen are a yuan.
t1 = float(on_phone.sum() * less)

# %% wrong="t1" called="chat for nothing"
# hint: the minutes do not vanish. Somebody answers the chat, and that minute is paid as well.
t1 = float(on_phone.sum() * year["phone_service"] / 100)

# %% wrong="t1" called="contacts counted, not minutes"
# hint: the rate is that of a minute. A long call costs more than a short one.
t1 = float(len(on_phone) * less / 100)

# %% wrong="t1" called="everybody's calls"
# hint: calls holds old members, too. Keep those of the people who signed up in 2024.
t1 = float(calls.loc[calls["channel"] == "phone", "minutes"].sum() * less / 100)

# %% wrong="t1" called="all channels moved to chat"
# hint: who writes in the chat already, or stands in a shop, is not on the phone.
t1 = float(mine["minutes"].sum() * less / 100)

# %% wrong="t1" called="the rates of 2023"
# hint: a rate holds for its year, and these calls are of 2024.
old = rates[rates["year"] == 2023].set_index("activity")["rate"]
less_then = old["phone_service"] - old["chat_service"]
t1 = float(on_phone.sum() * less_then / 100)

# %% wrong="t1" called="the first rate of the table"
# hint: each activity stands in the table once for each year, and you took the oldest. These calls are
# of 2024.
oldest = rates.groupby("activity")["rate"].first()
less_first = oldest["phone_service"] - oldest["chat_service"]
t1 = float(on_phone.sum() * less_first / 100)

# %% wrong="t1" called="the mean rate of all years"
# hint: a rate holds for its year. A mean mixes in what a minute cost before these people signed up.
usual = rates.groupby("activity")["rate"].mean()
less_usual = usual["phone_service"] - usual["chat_service"]
t1 = float(on_phone.sum() * less_usual / 100)

# %% wrong="t1" called="the shop's minutes counted, too"
# hint: somebody who asks at the counter is served there. The question is about minutes on the phone.
there = mine.loc[mine["channel"] != "chat", "minutes"]
t1 = float(there.sum() * less / 100)

# %% scorer="all"
from customer_insight.course.exercise.judging import (
    close,
    rows_close,
)


# %% scorer="t1"
def score(answer, expected):
    return close(answer, expected, within=0.001)


# %% [markdown]
# ## The newcomers' profit and loss
#
# The next two cells make `account`, a row for each newcomer, also for those who never ordered: the
# lines of the profit and loss of 2024 in fen, income above 0 and cost below, and `profit`, their sum.
# The first gathers the work that all members caused, the second shares it out, as in the lesson. Run
# both and look at the table; tasks 2 and 3 need `account` and nothing else of them.

# %%
orders = data.load("company_orders")
orders = orders[(orders["side"] == "person") & (orders["ordered_at"] >= first)]
goods = data.load("company_products")
goods["grams"] = goods["weight_g"].fillna(goods["pack"] * goods["size_ml"])
wanted = ["product_id", "unit_cost", "cost_quantity", "grams"]
every = data.load("company_order_lines").merge(goods[wanted])
every = every.astype({"grams": int})
lines = every.merge(orders[["order_id", "customer_id", "channel"]])
owner = data.load("company_orders")[["order_id", "customer_id", "side"]]
back = data.load("company_returns")
back = back[back["returned_on"] >= first].merge(
    every.drop(columns="quantity"), on=["order_id", "line"]
)
back = back.merge(owner[owner["side"] == "person"])
back["resaleable"] = (back["condition"] == "as_new").astype(int)
points = data.load("company_points")
points = points[(points["kind"] == "redeem") & (points["day"] >= first)]
web = lines[lines["channel"] == "web"]
once = lines.drop_duplicates("order_id")
parcels = once[once["channel"] == "web"]
work = [
    ("picking", web, 1),
    ("packing", parcels, 1),
    ("delivery", parcels, 1),
    ("delivery_weight", web, web["quantity"] * web["grams"]),
    ("till", once[once["channel"] != "web"], 1),
    ("payment_fee", lines, lines["amount"]),
    ("return_handling", back, 1),
    ("points_redeemed", points, -points["points"]),
    (calls["channel"] + "_service", calls, calls["minutes"]),
]
used = pd.concat(
    rows[["customer_id"]].assign(activity=name, volume=volume, period="2024")
    for name, rows, volume in work
)

# %%
priced = rates[rates["year"] == 2024].assign(period="2024")
line_of = {f"{where}_service": "service" for where in ("phone", "chat", "shop")}
line_of |= {"points_redeemed": "loyalty"}
priced["line"] = priced["activity"].map(line_of).fillna("fulfilment")
units = priced["driver"].map({"kg": 1000, "100_yuan": 10_000})
priced["units"] = units.fillna(1).astype(int)
pools, keys = clv.activity_pools(priced, used)
spend = data.load("company_acquisition_spend")
spend = spend[spend["month"] >= first].assign(line="acquisition")
spend["key"] = spend["month"].dt.strftime("%m ") + spend["acquisition_channel"]
spend = spend.assign(pool=spend["key"], amount=-spend["spend"])
month = people["signed_up_on"].dt.strftime("%m ")
won = people[["customer_id"]].assign(
    weight=1, key=month + people["acquisition_channel"]
)
reward = data.load("company_referrals")
reward = reward[reward["day"] >= first].assign(line="acquisition")
reward = reward.assign(
    customer_id=reward["referred_id"], amount=-reward["reward"]
)
profit_and_loss = clv.customer_profit(
    pd.concat(
        [
            clv.sales_postings(lines),
            clv.return_postings(back),
            reward[["customer_id", "line", "amount"]],
        ]
    ),
    pd.concat([pools, spend[["pool", "line", "amount", "key"]]]),
    pd.concat([keys, won]),
    currency="CNY",
    first_day=first.date(),
    as_of=last.date(),
)
account = people[["customer_id", "acquisition_channel"]].merge(
    profit_and_loss.statement, how="left"
)
account = account.fillna(dict.fromkeys([*profit_and_loss.lines, "profit"], 0))
show.table(account.head(3), caption="Three newcomers' 2024, fen")

# %% [markdown]
# ## Task 2: who costs money, and why? (3 points)
#
# What share of **all** newcomers had a profit **below zero** in 2024? And what share would have had one if
# it had cost nothing to win them, that is, without the line `acquisition`? Give a table `t2` with the
# columns `counted` and `share` and two rows:
#
# - `"as it was"`: with all lines;
# - `"without acquisition"`: without that line.
#
# `share` is a share, 0.10 for a tenth.

# %% task="t2" points=3
### BEGIN SOLUTION
unwon = account["profit"] - account["acquisition"]
t2 = pd.DataFrame(
    {
        "counted": ["as it was", "without acquisition"],
        "share": [(account["profit"] < 0).mean(), (unwon < 0).mean()],
    }
)
### END SOLUTION

# %% check="t2"
check.table(
    "t2",
    t2,
    columns={
        "counted": ["without acquisition", "as it was"],
        "share": "number",
    },
    key="counted",
    rows=(2, 2),
    ranges={"share": (0, 1)},
    slips={"per cent, not a share": ("share", 100)},
)

# %% wrong="t2" called="per cent, not a share"
# hint: one tenth is to be written as 0.10.
t2 = t2.assign(share=t2["share"] * 100)

# %% wrong="t2" called="the cost of winning taken off twice"
# hint: costs stand below zero. To take a cost out of the sum, think about which sign undoes it.
twice = account["profit"] + account["acquisition"]
t2 = t2.assign(share=[(account["profit"] < 0).mean(), (twice < 0).mean()])

# %% wrong="t2" called="zero counted as below zero"
# hint: a newcomer who did nothing stands at zero. That is no loss.
t2 = t2.assign(share=[(account["profit"] <= 0).mean(), (unwon <= 0).mean()])

# %% wrong="t2" called="only those who ordered"
# hint: who never ordered was won for money, too. The question is about all newcomers.
ordered = account["gross_sales"] > 0
t2 = t2.assign(
    share=[
        (account.loc[ordered, "profit"] < 0).mean(),
        (unwon[ordered] < 0).mean(),
    ]
)

# %% wrong="t2" called="a share of those below zero, not of all"
# hint: your second share is one of the newcomers below zero. Both shares are of all newcomers.
below = account["profit"] < 0
t2 = t2.assign(share=[below.mean(), (unwon[below] < 0).mean()])

# %% wrong="t2" called="the difference, not the second share"
# hint: the second row is to say how many would be below zero, not how many fewer.
now, then = (account["profit"] < 0).mean(), (unwon < 0).mean()
t2 = t2.assign(share=[now, now - then])

# %% wrong="t2" called="the profitable counted"
# hint: your shares are those who bring money. Turn the comparison round.
t2 = t2.assign(share=[(account["profit"] > 0).mean(), (unwon > 0).mean()])

# %% wrong="t2" called="revenue taken for margin"
# hint: what a newcomer paid is not what was left of it. Goods and work are lines of the account, too.
paid = account["gross_sales"] + account["discount"] + account["refunds"]
t2 = t2.assign(
    share=[(paid + account["acquisition"] < 0).mean(), (paid < 0).mean()]
)

# %% wrong="t2" called="the two rows exchanged"
# hint: each share stands beside the other row's name.
t2 = t2.assign(share=t2["share"].to_numpy()[::-1])


# %% scorer="t2"
def score(answer, expected):
    return rows_close(answer, expected, key="counted", within=0.001)


# %% [markdown]
# ## Task 3: how often did each channel earn back its cost? (3 points)
#
# Newcomers were won through seven channels. For each one, add up all its newcomers: **how many times** did
# their profit **before** the cost of winning them cover that cost in 2024? Give a table `t3` with the
# columns `acquisition_channel` and `times`, a row a channel: 2.0 where each yuan spent on winning was
# earned back twice.

# %% task="t3" points=3
### BEGIN SOLUTION
sums = account.groupby("acquisition_channel").sum(numeric_only=True)
before = sums["profit"] - sums["acquisition"]
times = before / -sums["acquisition"]
t3 = times.rename("times").reset_index()
### END SOLUTION

# %% check="t3"
check.table(
    "t3",
    t3,
    columns={"acquisition_channel": "text", "times": "number"},
    key="acquisition_channel",
    rows=(7, 7),
    ranges={"times": (-20, 500)},
)

# %% wrong="t3" called="revenue taken for margin"
# hint: what these newcomers paid went to goods, parcels and service, too. Compare the cost with what
# was left.
sold = sums["gross_sales"] + sums["discount"] + sums["refunds"]
t3 = t3.assign(times=(sold / -sums["acquisition"]).to_numpy())

# %% wrong="t3" called="goods taken off, work forgotten"
# hint: parcels, fees, service and points are paid before anything is earned back. Look at what profit
# holds, and leave out the cost of winning alone.
trade = ["gross_sales", "discount", "refunds", "cost_of_goods"]
gross = sums[[*trade, "returned_goods"]].sum(axis=1)
t3 = t3.assign(times=(gross / -sums["acquisition"]).to_numpy())

# %% wrong="t3" called="the cost of winning taken off already"
# hint: in profit the cost of winning is taken off. Put it back before you ask how often it is covered.
t3 = t3.assign(times=(sums["profit"] / -sums["acquisition"]).to_numpy())

# %% wrong="t3" called="the sign of the cost kept"
# hint: costs stand below zero, and a channel that earns is to have a number above it.
t3 = t3.assign(times=-t3["times"])

# %% wrong="t3" called="turned upside down"
# hint: your number says what share of the profit the winning ate. How often was it covered?
t3 = t3.assign(times=1 / t3["times"])

# %% wrong="t3" called="the cost of winning taken off twice"
# hint: adding a number below zero takes it off once more.
double = sums["profit"] + sums["acquisition"]
t3 = t3.assign(times=(double / -sums["acquisition"]).to_numpy())

# %% wrong="t3" called="the mean of newcomers' own ratios"
# hint: a newcomer who was cheap to win has a huge ratio and little money. Add up the channel first.
own = (account["profit"] - account["acquisition"]) / -account["acquisition"]
t3 = (
    own.groupby(account["acquisition_channel"]).mean().reset_index(name="times")
)


# %% scorer="t3"
def score(answer, expected):
    return rows_close(answer, expected, key="acquisition_channel", within=0.002)


# %% [markdown]
# ## Task 4: what did a call to lapsed members add? (3 points)
#
# In autumn 2024 Qinghe tried to win back members who had stopped buying. The lot decided who was called
# on the phone and who was left alone. The cell loads both arms: `amount` is what a member bought then,
# `margin` what was left of it after the goods, `cost` what the call cost, all in fen.

# %%
contacts = data.load("company_campaign_contacts")
contacts = contacts[contacts["campaign_id"] == "CA4"]
contacts = contacts[contacts["arm"].isin(["call", "control"])]
terms = data.load("company_campaign_arms")[["campaign_id", "arm", "cost"]]
contacts = contacts.merge(terms)
shown = contacts[["customer_id", "arm", "amount", "margin", "cost"]]
show.table(shown.head(3), caption="Three of the members in the test, fen")

# %% [markdown]
# What did a call add, in **yuan a member** of the arm? Give a table `t4` with the columns `measure`,
# `estimate` and `low` (the lower end of the interval of 95 per cent) and two rows: `"added_amount"`, sales
# beside the control, and `"added_margin"`, margin less the cost of the call beside the control.
#
# `clv.offer_effects(contacts)` gives these and other measures, in fen; `help(clv.offer_effects)` says
# what each means.

# %% task="t4" points=3
### BEGIN SOLUTION
effects = clv.offer_effects(contacts).set_index("measure")
wanted = ["added_amount", "added_margin"]
t4 = effects.loc[wanted, ["estimate", "low"]].astype(float) / 100
t4 = t4.reset_index()
### END SOLUTION

# %% check="t4"
check.table(
    "t4",
    t4,
    columns={
        "measure": ["added_margin", "added_amount"],
        "estimate": "number",
        "low": "number",
    },
    key="measure",
    rows=(2, 2),
    ranges={"estimate": (-40, 75), "low": (-90, 75)},
    slips={"fen, not yuan": ("estimate", 100)},
)

# %% wrong="t4" called="fen, not yuan"
# hint: the amounts are in fen. A hundred fen are a yuan.
t4 = t4.assign(estimate=t4["estimate"] * 100, low=t4["low"] * 100)

# %% wrong="t4" called="the cost of the call forgotten"
# hint: somebody was paid for each call, also where nothing was bought.
free = clv.offer_effects(contacts.assign(cost=0)).set_index("measure")
t4 = free.loc[wanted, ["estimate", "low"]].astype(float) / 100
t4 = t4.reset_index()

# %% wrong="t4" called="another interval than that of 95 per cent"
# hint: the estimate does not hang on the width, and the lower end does. Leave confidence as it is.
narrow = clv.offer_effects(contacts, confidence=0.9).set_index("measure")
t4 = narrow.loc[wanted, ["estimate", "low"]].astype(float) / 100
t4 = t4.reset_index()

# %% wrong="t4" called="a buyer, not a member"
# hint: who was called and bought nothing belongs to the arm. Share the gain over all its members.
called = contacts[contacts["arm"] == "call"]
each = len(called) / (called["amount"] > 0).sum()
t4 = t4.assign(estimate=t4["estimate"] * each, low=t4["low"] * each)

# %% wrong="t4" called="the control forgotten"
# hint: some would have bought without a call. The control says how much; take that off.
called = contacts[contacts["arm"] == "call"]
net = called["margin"] - called["cost"]
t4 = t4.assign(estimate=[called["amount"].mean() / 100, net.mean() / 100])

# %% wrong="t4" called="revenue taken for margin"
# hint: both rows show sales. In the second, what was left of them after goods and call is wanted.
t4 = t4.assign(estimate=t4["estimate"].iloc[0], low=t4["low"].iloc[0])

# %% wrong="t4" called="the two rows exchanged"
# hint: each row of numbers stands beside the other measure's name.
t4 = t4.assign(measure=t4["measure"].to_numpy()[::-1])

# %% wrong="t4" called="the upper end of the interval"
# hint: the pessimist's end is wanted: low is the smaller of the two.
high = effects.loc[wanted, "high"].astype(float) / 100
t4 = t4.assign(low=high.to_numpy())


# %% scorer="t4"
def score(answer, expected):
    return rows_close(answer, expected, key="measure", within=0.002)


# %% [markdown]
# ## Task 5: what do you tell the head of customer service? (5 points)
#
# You get this note: *"Too many newcomers cost us money. From January they reach us by chat only. The
# agents who get free will call lapsed members: calls sell, the test has shown it."*
#
# Answer in 60 to 150 words (120 to 300 Chinese characters), for somebody who runs a service desk and
# reads no statistics. Use your numbers of tasks 1 to 4: what makes newcomers cost money, what the plan
# saves and what it puts at stake, whether calls to lapsed members pay, and what to try instead, and how.
#
# Give the text as `t5`, between three quotation marks on each side, so that it may have several lines.

# %% task="t5" points=5
### BEGIN SOLUTION
t5 = """
Nearly three in ten newcomers are below zero after their first year. Leave out what it cost to win them,
and only one in thirteen is. So the advertisements made the loss, and service cannot undo it. Every
channel has earned its cost back at least three times by now; social advertising and events are the
dearest.

Moving all their calls to chat saves some thousands of yuan and puts the profit of every newcomer at
stake. Nobody has measured how many would leave.

Calls to lapsed members do sell, and still they earn nothing we can see: once goods and the call are
paid, the gain is about zero, and may be below.

Instead, let newcomers who call very often be answered by chat first. One in four of them, drawn by lot,
keeps the phone. In June we compare what both groups have brought.
"""
### END SOLUTION

# %% check="t5"
check.text("t5", t5, words=(60, 150))

# %% [markdown] rubric="t5"
# - 1 point: says by the two shares of task 2 that winning newcomers, not serving them, puts most below
#   zero, and that this money is spent.
# - 1 point: sets the saving of task 1 against the profit that newcomers bring, and says that nobody knows
#   what share would be lost.
# - 1 point: tells sales from margin in task 4: calls sell, and no gain is shown once goods and call are
#   paid.
# - 1 point: names whom to serve at lower cost by what they use, or the channels whose cost is earned
#   back least often, and not by their profit so far.
# - 1 point: proposes a test with members drawn by lot who keep the phone, and when to look.
#
# Take off one point for technical words that the reader cannot know (interval, allocation key).

# %% [markdown]
# ## Done
#
# Run all cells once more from the top, save, and ask `.venv/bin/course progress`: it says which tasks
# are answered and checked. `.venv/bin/course reset t2` gives a task back fresh and keeps what you wrote
# beside the notebook.
#
# **In a class.** Hand this notebook in as `SUBMISSIONS/<your name>/1_customer_profit.ipynb`, in the
# folder that your instructor names. The points of tasks 1 to 4 come from a program, those of task 5
# from a reader.
#
# **On your own.** Copy the notebook to `build/handed_in/me/1_customer_profit.ipynb` in the course's
# folder and call `.venv/bin/course grade build/handed_in --out build/graded` there. It prints the points
# of tasks 1 to 4 and names the file in which your text of task 5 stands beside its rubric. Judge it
# yourself, best on the next day.
