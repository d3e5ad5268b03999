# %% [markdown]
# # Exercise: the same company, a year earlier
#
# The lesson stood at the end of 2024. You stand at the end of 2023, in the middle of a downturn, and you
# know nothing of what came after. The managing director has 60,000 yuan for the coming year, the head of
# sales wants to know who may go on paying after delivery, and there is a quarrel about who may count whom.
#
# **Time.** 50 minutes: 40 for the numbers (tasks 1 to 4), 10 to write (task 5).
#
# **How it goes.** Each task ends in one name, such as `t1`. Put your answer in place of the line that
# stops the notebook, and run the check below it whenever you like. It looks at the form, at units, and at
# mistakes that many people make, and never says whether an answer is right. Add cells of your own where
# you need them.

# %%
import datetime as dt

import pandas as pd

from customer_insight import clv, data, show, stats

stop = dt.date(2023, 12, 31)  # today
end = pd.Timestamp(stop)
margin = 0.35  # share of a sale that is left after its direct costs
discount = 0.10  # a year

orders = data.load("company_orders")
orders = orders[orders["ordered_at"] < end + pd.Timedelta(days=1)]
fen = data.load("company_order_lines").groupby("order_id")["amount"].sum()
orders = orders.assign(fen=orders["order_id"].map(fen))
people = data.load("company_customers")
people = people[people["signed_up_on"] <= end].reset_index(drop=True)
codes = data.load("company_referrals")
codes = codes[codes["day"] <= end]
spent = orders.groupby("customer_id")["fen"].sum()
values = people[["customer_id"]].copy()
values["value"] = values["customer_id"].map(spent).fillna(0).astype("int64")
show.say(
    f"{len(values):,} people have signed up until {stop}, {len(codes):,} of them with a code. "
    "Values in this exercise are what people have spent so far, in fen."
)

# %% [markdown]
# ## Task 1: whose value is it? (2 points)
#
# The two departments agreed on a rule: of what a referrer caused of a referred customer's value, **half** goes
# up to the **referrer and no further**, and the customer keeps the rest. **60 in 100** codes are believed to be
# true. What is
# customer `"C0001548"` worth after this rule, in **yuan**? The customer came by a code and has brought
# others. Give a number with its decimals as `t1`.
#
# `clv.referral_value(values, codes, share=..., depth=..., caused=...)` gives a row for each customer.

# %% task="t1" points=2
### BEGIN SOLUTION
credited = clv.referral_value(values, codes, share=0.5, depth=1, caused=0.6)
mine = credited[credited["customer_id"] == "C0001548"].iloc[0]
t1 = float(mine["with_referrals"]) / 100
### END SOLUTION

# %% check="t1"
check.number(
    "t1",
    t1,
    unit="yuan",
    low=100,
    high=100_000,
    slips={"fen, not yuan": 100},
)

# %% wrong="t1" called="counted twice: received put on top, nothing given"
# hint: this customer came by a code, too. What the referrer is credited with must go down here, or the
# same yuan stands in two lines.
t1 = float(mine["value"] + mine["received"]) / 100

# %% wrong="t1" called="what was received, not the value"
# hint: that is what came in from others. The customer's own value is missing, and what is passed up.
t1 = float(mine["received"]) / 100

# %% wrong="t1" called="the own value alone"
# hint: nothing has been passed on yet. The rule both gives and takes.
t1 = float(mine["value"]) / 100

# %% wrong="t1" called="what was passed up, not the value"
# hint: that goes to somebody else. The value that is left here was asked for, with what came in.
t1 = float(mine["given"]) / 100

# %% wrong="t1" called="nothing received"
# hint: you took off what goes up. This customer has brought others, so something comes in as well.
t1 = float(mine["value"] - mine["given"]) / 100

# %% wrong="t1" called="all of the value passed up, and every code believed"
# hint: you left out both numbers of the rule, the half and the 60 in 100. Each has its own setting.
most = clv.referral_value(values, codes, share=1.0, depth=1, caused=1.0)
t1 = float(most.set_index("customer_id")["with_referrals"]["C0001548"]) / 100

# %% wrong="t1" called="every code believed"
# hint: 60 in 100 codes are taken to be true. What stands for that chance in the function?
every = clv.referral_value(values, codes, share=0.5, depth=1, caused=1.0)
t1 = float(every.set_index("customer_id")["with_referrals"]["C0001548"]) / 100

# %% wrong="t1" called="all of the value passed up"
# hint: the departments agreed on a half. That is not the chance of a code to be true.
whole = clv.referral_value(values, codes, share=1.0, depth=1, caused=0.6)
t1 = float(whole.set_index("customer_id")["with_referrals"]["C0001548"]) / 100

# %% wrong="t1" called="passed up two links"
# hint: the referrer alone is credited, one link up, and passes nothing on of what came in.
links = clv.referral_value(values, codes, share=0.5, depth=2, caused=0.6)
t1 = float(links.set_index("customer_id")["with_referrals"]["C0001548"]) / 100

# %% wrong="t1" called="given added, received taken off"
# hint: what is given goes away from this customer, what is received comes to this customer.
t1 = float(mine["value"] + mine["given"] - mine["received"]) / 100

# %% wrong="t1" called="another customer's value (the row's number)"
# hint: an id is no place in the table. Choose the row by its customer_id.
t1 = float(credited["with_referrals"].iloc[1549]) / 100

# %% scorer="all"
from customer_insight.course.exercise.judging import (
    close,
    rows_close,
)


# %% scorer="t1"
def score(answer, expected):
    return close(answer, expected, within=0.0005)


# %% [markdown]
# ## Task 2: how often do organisations default? (3 points)
#
# The cell gives the invoices and the credit grades as they stood. One firm is in **default** when an
# invoice is 90 days past due and more than three tenths of it are missing. Give a table `t2` with the
# columns `grade` and `rate` and three rows, `"A B C"`, `"D"` and `"ungraded"`: the defaults **a year at
# risk**.
#
# `clv.Receivables.read(invoices, as_of=...)` reads the book, and `clv.grade_risks(book, firms,
# order="ABCD", thin="pool", seed=1)` pools letters that have too few defaults of their own.

# %%
invoices = data.load("company_invoices")
invoices = invoices[invoices["issued_on"] <= end]
firms = data.load("company_organisations")
firms = firms[firms["since"] <= end].rename(columns={"agency_grade": "grade"})
firms = firms[["customer_id", "grade"]].reset_index(drop=True)
names = {"A": "A B C", "B": "A B C", "C": "A B C", "D": "D"}
group = firms["grade"].map(names).fillna("ungraded")
show.say(
    f"{len(firms)} organisations, {len(invoices):,} invoices issued until {stop}."
)

# %% task="t2" points=3
### BEGIN SOLUTION
book = clv.Receivables.read(invoices, as_of=stop)
risks = clv.grade_risks(book, firms, order="ABCD", thin="pool", seed=1)
t2 = pd.DataFrame(
    {
        "grade": [" ".join(risk.grades) for risk in risks],
        "rate": [risk.rate for risk in risks],
    }
)
### END SOLUTION

# %% check="t2"
check.table(
    "t2",
    t2,
    columns={"grade": ["ungraded", "D", "A B C"], "rate": "number"},
    key="grade",
    rows=(3, 3),
    ranges={"rate": (0, 12)},
    slips={"per cent, not a rate": ("rate", 100)},
)

# %% wrong="t2" called="a share of the firms, not a rate a year"
# hint: some firms were watched for two years and others for a few weeks. Divide by the years at risk.
t2 = t2.assign(rate=[risk.defaults / risk.customers for risk in risks])

# %% wrong="t2" called="the number of defaults"
# hint: these are firms in default. Set them against the years in which a default would have been seen.
t2 = t2.assign(rate=[float(risk.defaults) for risk in risks])

# %% wrong="t2" called="years as a customer, not years at risk"
# hint: a firm is watched from its first invoice, and after its first default no more. Nor does a year
# count in which no invoice could yet be so long past due.
begun = data.load("company_organisations").set_index("customer_id")["since"]
served = (end - firms["customer_id"].map(begun)).dt.days / 365.25
served = served.groupby(group).sum()
t2 = t2.assign(
    rate=[
        risk.defaults / served[name]
        for risk, name in zip(risks, t2["grade"], strict=True)
    ]
)

# %% wrong="t2" called="read as of a later day"
# hint: you stand at the end of 2023. With a later day, what is not yet past due looks like a default.
then = clv.Receivables.read(invoices, as_of=dt.date(2024, 12, 31))
t2 = t2.assign(
    rate=[
        risk.rate
        for risk in clv.grade_risks(
            then, firms, order="ABCD", thin="pool", seed=1
        )
    ]
)

# %% wrong="t2" called="the chance within a year"
# hint: a chance cannot exceed 1; a rate a year can. What was asked for is the rate.
t2 = t2.assign(
    rate=[float(risk.probability_of_default("365 days")[0]) for risk in risks]
)

# %% wrong="t2" called="late payment, not default"
# hint: late is from the first day after the due day. A default is a matter of 90 days and of much money.
t2 = t2.assign(rate=[risk.late.estimate for risk in risks])

# %% wrong="t2" called="the high end of the interval"
# hint: that is how bad it may be. The rate itself was asked for.
t2 = t2.assign(rate=[risk.high for risk in risks])

# %% wrong="t2" called="the low end of the interval"
# hint: that is how good it may be. The rate itself was asked for.
t2 = t2.assign(rate=[risk.low for risk in risks])

# %% wrong="t2" called="per cent, not a rate"
# hint: one default in ten years at risk is to be written as 0.10.
t2 = t2.assign(rate=[risk.rate * 100 for risk in risks])

# %% wrong="t2" called="the rows exchanged"
# hint: each number stands beside another grade's name.
t2 = t2.assign(rate=[risk.rate for risk in risks[::-1]])

# %% wrong="t2" called="what came after 2023 known"
# hint: two slips hide in this one: the book is read as of another day than today, and with invoices that
# were not yet written.
later = clv.Receivables.read(
    data.load("company_invoices"), as_of=dt.date(2024, 12, 31)
)
all_firms = data.load("company_organisations")
all_firms = all_firms.rename(columns={"agency_grade": "grade"})
default = later.first_default()
years = pd.Series(later.years_at_risk(default), index=later.customers)
hit = pd.Series(default <= later.as_of, index=later.customers)
letters = all_firms.set_index("customer_id")["grade"].map(names)
by_name = letters.fillna("ungraded").loc[later.customers]
rate = hit.groupby(by_name).sum() / years.groupby(by_name).sum()
t2 = t2.assign(rate=rate.loc[t2["grade"]].to_numpy())


# %% scorer="t2"
def score(answer, expected):
    return rows_close(answer, expected, key="grade", within=0.005)


# %% [markdown]
# ## Task 3: what do terms cost? (4 points)
#
# Ask for the share that is lost in a default (`clv.loss_given_default(book, seed=1)`): it refuses, because too
# few defaults are old enough. So take the published 45 in 100 of the Basel Committee; the cell writes it as
# an interval of no width. It also gives each organisation's **margin of a year** as `value`, in fen.
#
# Payment terms cost two things a year: **waiting**, which is `discount` times what is owed on an average
# day (`exposure`), and the **expected loss** of `clv.expected_losses` over 365 days at that discount. Give a table
# `t3` with the columns `grade` and `cost`, and the rows of task 2 (`group` has the name for each row of
# `firms`): both costs together as a **share of the margin** of these organisations.

# %%
published = stats.Interval(0.45, 0.45, 0.45, 0.95, 0)
of_firms = orders[(orders["side"] == "organisation")]
of_firms = of_firms[of_firms["ordered_at"] > end - pd.Timedelta(days=365)]
sales = of_firms.groupby("customer_id")["fen"].sum()
firms["value"] = margin * firms["customer_id"].map(sales).fillna(0)
show.say(
    f"Margin of the year with organisations: {firms['value'].sum() / 100:,.0f} yuan."
)

# %% task="t3" points=4
### BEGIN SOLUTION
losses = clv.expected_losses(
    book,
    firms,
    risks,
    published,
    horizon="365 days",
    discount_per_year=discount,
)
waiting = discount * losses["exposure"]
total = pd.DataFrame(
    {
        "waiting": waiting,
        "loss": losses["expected_loss"],
        "margin": firms["value"],
        "exposure": losses["exposure"],
        "high": losses["loss_high"],
        "owed": losses["in_default"],
    }
)
total = total.groupby(group.rename("grade")).sum()
t3 = (total["waiting"] + total["loss"]) / total["margin"]
t3 = t3.rename("cost").reset_index()
### END SOLUTION

# %% check="t3"
check.table(
    "t3",
    t3,
    columns={"grade": ["D", "ungraded", "A B C"], "cost": "number"},
    key="grade",
    rows=(3, 3),
    ranges={"cost": (0, 3)},
    slips={"per cent, not a share": ("cost", 100)},
)

# %% wrong="t3" called="the waiting forgotten"
# hint: who pays after delivery also keeps money for weeks that the company has to borrow.
t3 = t3.assign(cost=(total["loss"] / total["margin"]).to_numpy())

# %% wrong="t3" called="waiting alone"
# hint: some of the money will not come. Bad debts are a cost of terms as well.
t3 = t3.assign(cost=(total["waiting"] / total["margin"]).to_numpy())

# %% wrong="t3" called="a share of what is owed, not of the margin"
# hint: the costs are to be set against what the organisations bring in, the margin of their orders.
t3 = t3.assign(
    cost=((total["waiting"] + total["loss"]) / total["exposure"]).to_numpy()
)

# %% wrong="t3" called="a share of sales, not of the margin"
# hint: most of a sale goes to goods and delivery. What pays for terms is the margin.
t3 = t3.assign(
    cost=(
        (total["waiting"] + total["loss"]) / total["margin"] * margin
    ).to_numpy()
)

# %% wrong="t3" called="the high end of the loss"
# hint: that is how bad it may be. The expected loss was asked for.
t3 = t3.assign(
    cost=((total["waiting"] + total["high"]) / total["margin"]).to_numpy()
)

# %% wrong="t3" called="all that is owed taken for lost"
# hint: what is owed comes in, most of it. Only the expected loss of it is a cost.
t3 = t3.assign(
    cost=((total["waiting"] + total["exposure"]) / total["margin"]).to_numpy()
)

# %% wrong="t3" called="the rate taken for the chance"
# hint: a firm defaults for the first time only once, so the chance within a year lies below the rate.
# The function reckons with this, and discounts.
rates = {" ".join(risk.grades): risk.rate for risk in risks}
t3 = t3.assign(
    cost=(
        (total["waiting"] + total.index.map(rates) * 0.45 * total["exposure"])
        / total["margin"]
    ).to_numpy()
)

# %% wrong="t3" called="the loss not discounted"
# hint: a loss of next autumn weighs a little less than one of today. The task gives the discount.
chances = {
    " ".join(risk.grades): risk.probability_of_default("365 days")[0]
    for risk in risks
}
t3 = t3.assign(
    cost=(
        (total["waiting"] + total.index.map(chances) * 0.45 * total["exposure"])
        / total["margin"]
    ).to_numpy()
)

# %% wrong="t3" called="all lost in a default"
# hint: in a default a part is lost, and most of the money still comes. Use the published share.
t3 = t3.assign(
    cost=(
        (total["waiting"] + total["loss"] / 0.45) / total["margin"]
    ).to_numpy()
)

# %% wrong="t3" called="a share of all organisations' margin"
# hint: each row's costs are to be set against the margin of the same row.
t3 = t3.assign(
    cost=((total["waiting"] + total["loss"]) / total["margin"].sum()).to_numpy()
)

# %% wrong="t3" called="old debts counted as loss to come"
# hint: what is in default already is lost or not, whatever terms you grant next year.
t3 = t3.assign(
    cost=(
        (total["waiting"] + total["loss"] + total["owed"]) / total["margin"]
    ).to_numpy()
)

# %% wrong="t3" called="per cent, not a share"
# hint: one tenth of the margin is to be written as 0.10.
t3 = t3.assign(cost=t3["cost"] * 100)

# %% wrong="t3" called="the mean of the firms' shares"
# hint: a small firm counts as much as a large one in your mean. Add up money first, then divide.
each = (waiting + losses["expected_loss"]) / firms["value"].where(
    firms["value"] > 0
)
t3 = t3.assign(cost=each.groupby(group).mean().to_numpy())

# %% wrong="t3" called="the rows exchanged"
# hint: each number stands beside another grade's name.
t3 = t3.assign(cost=t3["cost"].to_numpy()[::-1])


# %% scorer="t3"
def score(answer, expected):
    return rows_close(answer, expected, key="grade", within=0.005)


# %% [markdown]
# ## Task 4: where do 60,000 yuan go? (4 points)
#
# The cell takes the year's facts from the books; money is in **fen**. The managing director guesses the
# ceilings: 45 in 1,000 visits won, and 68 in 100 customers kept, if money were no matter.
#
# By how much does customer equity rise with 60,000 yuan more, in **yuan**, against spending as this year?
# Give a table `t4` with the columns `plan` and `gain` and three rows:
#
# - `"all winning"`: all of the new money goes to winning new customers;
# - `"half and half"`: 30,000 yuan for each of the two;
# - `"all keeping"`: all of it goes to keeping customers.
#
# `clv.ResponseCurve.from_answers(spend=..., rate=..., ceiling=...)` makes a curve, the spend a head.
# `clv.AcquireOrRetain(acquisition=..., retention=..., margin=..., discount_per_year=..., prospects=...,
# customers=...)` has the method `equity(spend a prospect, spend a customer)`.

# %%
ads = data.load("company_acquisition_spend")
ads = ads[ads["month"].dt.year == stop.year]
rewards = codes.loc[codes["day"].dt.year == stop.year, "reward"].sum()
of_people = orders[orders["side"] == "person"]
by_year = of_people["ordered_at"].dt.year
before, now = (
    set(of_people.loc[by_year == year, "customer_id"]) for year in (2022, 2023)
)
visits = int(ads["visits"].sum())  # prospects of the year
winning = int(ads["spend"].sum() + rewards)  # fen spent on them
won = int((people["signed_up_on"].dt.year == stop.year).sum())
keeping = 2800  # fen a customer and year, for service and points
kept = len(before & now) / len(before)  # share of customers
each = margin * of_people.loc[by_year == 2023, "fen"].sum() / len(now)
customers = len(now)
show.say(
    f"{visits:,} visits, {won:,} sign-ups for {winning / 100:,.0f} yuan; {customers:,} customers with "
    f"{each / 100:,.0f} yuan of margin each; {kept:.1%} of those of 2022 bought again."
)

# %% task="t4" points=4
### BEGIN SOLUTION
firm = clv.AcquireOrRetain(
    acquisition=clv.ResponseCurve.from_answers(
        spend=winning / visits, rate=won / visits, ceiling=0.045
    ),
    retention=clv.ResponseCurve.from_answers(
        spend=keeping, rate=kept, ceiling=0.68
    ),
    margin=each,
    discount_per_year=discount,
    prospects=visits,
    customers=customers,
)
more = 6_000_000  # fen
today = firm.equity(winning / visits, keeping)


def gain(share, budget=more):
    a_head = (winning + share * budget) / visits
    return float(
        firm.equity(a_head, keeping + (1 - share) * budget / customers) - today
    )


t4 = pd.DataFrame(
    {
        "plan": ["all winning", "all keeping", "half and half"],
        "gain": [gain(share) / 100 for share in (1.0, 0.0, 0.5)],
    }
)
### END SOLUTION

# %% check="t4"
check.table(
    "t4",
    t4,
    columns={
        "plan": ["half and half", "all winning", "all keeping"],
        "gain": "number",
    },
    key="plan",
    rows=(3, 3),
    ranges={"gain": (-500_000, 5_000_000)},
    slips={"fen, not yuan": ("gain", 100)},
)

# %% wrong="t4" called="fen, not yuan"
# hint: the margin is in fen, so equity is, too. Bring the gain to yuan.
t4 = t4.assign(gain=t4["gain"] * 100)

# %% wrong="t4" called="equity, not what is gained"
# hint: most of this equity is there without the new money. Take off what spending as this year brings.
t4 = t4.assign(gain=t4["gain"] + float(today) / 100)

# %% wrong="t4" called="60,000 read as fen"
# hint: the new money is in yuan and the spends a head are in fen. Bring both to one unit.
t4 = t4.assign(
    gain=[gain(share, budget=60_000) / 100 for share in (1.0, 0.0, 0.5)]
)

# %% wrong="t4" called="the new money in place of the old"
# hint: the new money comes on top of what is spent today. Your plans have stopped one of the two.
t4 = t4.assign(
    gain=[
        float(
            firm.equity(share * more / visits, (1 - share) * more / customers)
            - today
        )
        / 100
        for share in (1.0, 0.0, 0.5)
    ]
)

# %% wrong="t4" called="the new money spent twice in the mixed plan"
# hint: half and half is 30,000 yuan for each of the two, not 60,000.
t4 = t4.assign(
    gain=[
        gain(1.0) / 100,
        gain(0.0) / 100,
        float(
            firm.equity((winning + more) / visits, keeping + more / customers)
            - today
        )
        / 100,
    ]
)

# %% wrong="t4" called="45 in 1,000 read as 45 in 100"
# hint: look at the ceiling of winning once more: 45 in 1,000 visits.
wide = clv.AcquireOrRetain(
    acquisition=clv.ResponseCurve.from_answers(
        spend=winning / visits, rate=won / visits, ceiling=0.45
    ),
    retention=firm.retention,
    margin=each,
    discount_per_year=discount,
    prospects=visits,
    customers=customers,
)
t4 = t4.assign(
    gain=[
        float(
            wide.equity(
                (winning + share * more) / visits,
                keeping + (1 - share) * more / customers,
            )
            - wide.equity(winning / visits, keeping)
        )
        / 100
        for share in (1.0, 0.0, 0.5)
    ]
)

# %% wrong="t4" called="those who were won taken for the prospects"
# hint: a prospect is somebody who may still be won. Every visit is one, not only those who signed up.
few = clv.AcquireOrRetain(
    acquisition=firm.acquisition,
    retention=firm.retention,
    margin=each,
    discount_per_year=discount,
    prospects=won,
    customers=customers,
)
t4 = t4.assign(
    gain=[
        float(
            few.equity(
                (winning + share * more) / visits,
                keeping + (1 - share) * more / customers,
            )
            - few.equity(winning / visits, keeping)
        )
        / 100
        for share in (1.0, 0.0, 0.5)
    ]
)

# %% wrong="t4" called="the new money taken off once more"
# hint: equity has the spends in it already. Taking the 60,000 yuan off again pays for them twice.
t4 = t4.assign(gain=t4["gain"] - 60_000)

# %% wrong="t4" called="spend a newcomer, not a visit"
# hint: the curve wants the spend a prospect, and every visit is one. You divided by those who were won.
dear = clv.AcquireOrRetain(
    acquisition=clv.ResponseCurve.from_answers(
        spend=winning / won, rate=won / visits, ceiling=0.045
    ),
    retention=firm.retention,
    margin=each,
    discount_per_year=discount,
    prospects=visits,
    customers=customers,
)
t4 = t4.assign(
    gain=[
        float(
            dear.equity(
                winning / won + share * more / visits,
                keeping + (1 - share) * more / customers,
            )
            - dear.equity(winning / won, keeping)
        )
        / 100
        for share in (1.0, 0.0, 0.5)
    ]
)

# %% wrong="t4" called="half and half taken for the mean of the other two"
# hint: the curves bend, and half of the money brings more than half of the gain. Ask the model for that
# plan, too.
t4 = t4.assign(
    gain=[
        gain(1.0) / 100,
        gain(0.0) / 100,
        (gain(1.0) + gain(0.0)) / 200,
    ]
)

# %% wrong="t4" called="the plans exchanged"
# hint: two gains stand beside each other's names.
t4 = t4.assign(gain=[gain(share) / 100 for share in (0.0, 1.0, 0.5)])

# %% wrong="t4" called="sales read as margin"
# hint: goods and delivery have to be paid from each sale. `each` is the margin already: use it as it is.
rich = clv.AcquireOrRetain(
    acquisition=firm.acquisition,
    retention=firm.retention,
    margin=each / margin,
    discount_per_year=discount,
    prospects=visits,
    customers=customers,
)
t4 = t4.assign(
    gain=[
        float(
            rich.equity(
                (winning + share * more) / visits,
                keeping + (1 - share) * more / customers,
            )
            - rich.equity(winning / visits, keeping)
        )
        / 100
        for share in (1.0, 0.0, 0.5)
    ]
)


# %% scorer="t4"
def score(answer, expected):
    return rows_close(answer, expected, key="plan", within=0.005)


# %% [markdown]
# ## Task 5: what do you tell the managing director? (5 points)
#
# The head of sales guesses that asking for money first drives away one order in ten. The managing director
# says: *"Everybody must pay first now, it is a downturn. The 60,000 go to keeping, your own table says so. And
# in the report, please show our referrers with all that they brought, on top of their own value: it looks
# better."*
#
# Answer in 70 to 160 words (140 to 320 Chinese characters), for somebody who reads no statistics. Say who
# should pay first by task 3 and who should not; what the company would report if the referrers were shown
# like that; where the money should go by task 4; and which of your numbers rest on a guess, with a test that
# would find one of them out.
#
# Give the text as `t5`, between three quotation marks on each side.

# %% task="t5" points=5
### BEGIN SOLUTION
t5 = """
Only organisations of grade D should pay first. Letting them pay later costs about a sixth of what we earn with
them, more than the one order in ten that we might lose. For all others terms cost four to six in a hundred
of the margin, so asking for money first would cost us more than it saves.

Please do not add what referrers brought to their own value. The friends stand in the sum as customers
already; the report would show money that nobody pays.

By my table half and half gains most, with keeping alone close behind. But it hangs on your two ceilings, and
on a published loss of 45 in 100, because we have too few old defaults. This year, let us spend a part of
both halves in cities drawn by lot and not in others, and compare sign-ups and returns in December.
"""
### END SOLUTION

# %% check="t5"
check.text("t5", t5, words=(70, 160))

# %% [markdown] rubric="t5"
# - 1 point: only the grade whose terms cost more than a tenth of the margin pays first, with the number.
# - 1 point: says why the others keep their terms: cost below what money first would drive away.
# - 1 point: refuses the sum of own value and referrals, because the same money stands in it twice.
# - 1 point: reads task 4 rightly: the mixed plan gains most, keeping alone is second.
# - 1 point: names a guess (a ceiling, the share lost, the share driven away, the believed codes) and a
#   test with customers, cities or firms drawn by lot.
#
# Take off one point for technical words that the managing director cannot know (hazard, exposure,
# response curve).

# %% [markdown]
# ## Done
#
# Run the notebook from the top once more and save it; `.venv/bin/course progress` then says which tasks are
# answered and checked. To begin a task anew, call `.venv/bin/course reset t3`: your old answer is kept beside
# the notebook.
#
# **In a class.** Hand it in as `SUBMISSIONS/<your name>/4_beyond_purchases.ipynb`, in the folder that your
# instructor names. A program scores tasks 1 to 4, a reader task 5.
#
# **On your own.** Copy it to `build/handed_in/me/4_beyond_purchases.ipynb` in the course's folder and call
# `.venv/bin/course grade build/handed_in --out build/graded` there. You get the points of tasks 1 to 4, and a
# file with the rubric of task 5 beside your text: wait a day, then judge it yourself.
