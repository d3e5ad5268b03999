# %% [markdown]
# # What has a customer been worth?
#
# **Question.** The books of two years are closed. Which members of Qinghe (清禾) brought money, which
# cost money, and whom should the service desk serve at lower cost from now on?
#
# **Who decides.** The head of customer service, who has to plan phones and chat for the coming year.
#
# **Time.** 29 minutes to read, 16 to run and change.
#
# **You will be able to**
#
# - write a profit and loss for each customer that adds up to the company's accounts;
# - forecast next year event by event, and say which events you cannot forecast;
# - put past, present and coming value into one ledger without counting any of it twice;
# - sort customers into four kinds by stated rules, and judge an offer by a group left out by lot;
# - choose whom to serve at lower cost, and say what could make the choice wrong.
#
# **What you need first.** Tables in pandas; a mean and its interval. Two models come ready made, and a
# later lesson opens them: BG/NBD expects orders, Gamma-Gamma the money of an order.
#
# | term | 中文 | what it means here |
# |---|---|---|
# | customer profit | 客户利润 | what a customer paid in a period, less all that this customer caused |
# | make-up of customer value | 客户价值的构成 | historical, current and potential value; no money stands in two of them |
# | main steps of value analysis | 分析客户终生价值的主要步骤 | data, investment and profit, groups, strategy |
# | event prediction | 客户事件预测法 | each event to expect of a customer, with chance, date, revenue and cost |
# | grouping of customers | 客户分组 | demanding, hesitant, thrifty, worldly-wise (苛刻的、犹豫不决的、节俭的、久经世故的) |
# | four offers | 交叉销售、向上销售、附带销售、多渠道营销 | cross-selling, up-selling, add-on selling, a second channel |
# | cannibalisation | 蚕食 | what an offer sells in place of something that would have been bought anyway |

# %% tags=["parameters"]
lost = 0.02  # share of a member's profit lost by cheaper service: assumed
chat_minutes = 1.0  # minutes of chat that replace one on the phone: assumed
discount = 0.10  # a year: what waiting for money costs
long_weeks = 156  # how far the ledger looks ahead

# %% [markdown]
# ## Profit and loss of each member
#
# Sales stand in every report. Costs are harder, because most of them carry no customer's name. Qinghe
# knows how often each member used each piece of work (packing, minutes on the phone, returns) and what
# one unit of it costs. The cell loads both and shows the cost of a unit. Tables hold money in fen, a
# hundred to the yuan.

# %%
import datetime as dt

import numpy as np
import pandas as pd

from customer_insight import clv, data, features, show, stats

begin, stop = dt.date(2022, 1, 1), dt.date(2023, 12, 31)  # closed books
current = dt.date(2023, 1, 1)  # where the current year of the ledger begins
after, end = dt.date(2024, 1, 1), dt.date(2024, 12, 31)  # the year that judges
names = ["customers", "orders", "order_lines", "returns", "products", "points"]
names += ["referrals", "cost_rates", "acquisition_spend", "shop_costs"]
names += ["service_contacts"]
people, orders, lines, returns, products, points, *rest = (
    data.load(f"company_{name}") for name in names
)
referrals, rates, advertising, shops, calls = rest
shown = rates[rates["year"] == stop.year].drop(columns="year")
shown["rate"] /= 100
show.table(
    shown, caption=f"What a unit of work costs, yuan of {stop.year}", digits=2
)

# %% [markdown]
# The next five cells of code bring the tables into shape; skim them until the first table of results.
# `lines` gives each order line its owner and what its goods cost. `back` holds returns: goods fit for
# sale are worth their cost again, the others are lost. `used` counts the work: one row says that a
# member used so much of an activity on a day.

# %%
owners = orders.loc[
    orders["side"] == "person",
    ["order_id", "customer_id", "channel", "ordered_at"],
]
goods = products[["product_id", "unit_cost", "cost_quantity"]].assign(
    grams=products["weight_g"].fillna(products["pack"] * products["size_ml"])
)
lines = lines.merge(owners).merge(goods.astype({"grams": int}))
lines["day"] = lines["ordered_at"].dt.normalize()
of_line = ["order_id", "line", "customer_id", "unit_cost", "cost_quantity"]
back = returns.merge(lines[of_line], on=["order_id", "line"])
back = back.rename(columns={"returned_on": "day"})
back["resaleable"] = (back["condition"] == "as_new").astype(int)

# %%
web = lines[lines["channel"] == "web"]
once = lines.drop_duplicates("order_id")
parcels, at_till = (part for _, part in once.groupby(once["channel"] != "web"))
redeemed = points[points["kind"] == "redeem"]
work = [
    ("picking", web, 1),
    ("packing", parcels, 1),
    ("delivery", parcels, 1),
    ("delivery_weight", web, web["quantity"] * web["grams"]),
    ("till", at_till, 1),
    ("payment_fee", lines, lines["amount"]),
    ("return_handling", back, 1),
    ("points_redeemed", redeemed, -redeemed["points"]),
    (calls["channel"] + "_service", calls, calls["minutes"]),
]
used = pd.concat(
    rows[["customer_id", "day"]].assign(activity=activity, volume=volume)
    for activity, rows, volume in work
)
used["period"] = used["day"].dt.year.astype(str)

# %% [markdown]
# Every activity becomes a *cost pool*, and its use is the *key* by which the pool is shared out: who
# used a tenth of the minutes bears a tenth of their cost. Advertising of a month and channel is shared by those who signed up through it; a reward for a
# referral belongs to the member who was won. Rent and wages of the shops get no key: they do not fall
# when one member leaves, so they stay with the company.

# %%
service = [f"{channel}_service" for channel in ("phone", "chat", "shop")]
line_of = {"points_redeemed": "loyalty"} | dict.fromkeys(service, "service")
rates = rates.assign(
    period=rates["year"].astype(str),
    line=rates["activity"].map(line_of).fillna("fulfilment"),
    units=rates["driver"].map({"kg": 1000, "100_yuan": 10_000}).fillna(1),
).astype({"units": int})
joined = people["signed_up_on"].dt.strftime("%Y-%m")
won_by = pd.DataFrame({"customer_id": people["customer_id"], "weight": 1})
won_by["key"] = joined + " " + people["acquisition_channel"]


def within(frame, first, last, column="day"):
    days = pd.Timestamp(first), pd.Timestamp(last)
    return frame[frame[column].between(*days)]


# %%
def overhead(first, last):
    spend = within(advertising, first, last, "month")
    month = spend["month"].dt.strftime("%Y-%m")
    won = pd.DataFrame({"amount": -spend["spend"], "line": "acquisition"})
    won["pool"] = won["key"] = month + " " + spend["acquisition_channel"]
    rent = within(shops, first, last, "month")
    place = rent["month"].dt.strftime("%Y-%m") + " " + rent["shop_id"]
    kept = pd.DataFrame({"pool": place, "line": "shared", "key": None})
    kept["amount"] = -rent["rent"] - rent["wages"]
    return pd.concat([won, kept])


# %%
def books(first, last):
    paid = within(referrals, first, last)
    reward = {"customer_id": paid["referred_id"], "amount": -paid["reward"]}
    made = clv.sales_postings(within(lines, first, last))
    undone = clv.return_postings(within(back, first, last))
    reward = pd.DataFrame(reward).assign(line="acquisition")
    pools, keys = clv.activity_pools(rates, within(used, first, last))
    pools = pd.concat([pools, overhead(first, last)])
    return pd.concat([made, undone, reward]), pools, pd.concat([keys, won_by])


# %% [markdown]
# Before anybody reads a single customer, check the sum: what members have, and what belongs to none
# of them, must be what the books say, line by line.

# %%
postings, pools, keys = books(begin, stop)
period = {"currency": "CNY", "first_day": begin, "as_of": stop}
past = clv.customer_profit(postings, pools, keys, **period)
booked = pd.concat([postings, pools]).groupby("line")["amount"].sum()
booked = booked.reindex(list(past.lines), fill_value=0).to_dict()
checked = past.reconciliation(booked)
money = checked.columns.drop("line")
checked[money] /= 100
show.table(
    checked, caption=f"Members and books, yuan, {begin} to {stop}", digits=0
)

# %% [markdown]
# `unallocated` is what belongs to no member: rent and wages, in the line `shared`. How did the line
# `service` get to a member? Follow one by hand, the first with three contacts: minutes times the rate
# of their channel and year.

# %%
price = rates.set_index(["activity", "year"])["rate"]
minute = pd.MultiIndex.from_arrays(
    [calls["channel"] + "_service", calls["day"].dt.year]
)
calls["cost"] = calls["minutes"] * price.reindex(minute).to_numpy()
so_far = within(calls, begin, stop)
number = so_far["customer_id"].value_counts()
caller = number.index[number == 3].min()
own = so_far[so_far["customer_id"] == caller].sort_values("day")
own = own.assign(day=own["day"].dt.date, cost=own["cost"] / 100)
here = people.loc[people["signed_up_on"].dt.date <= stop, "customer_id"]
account = past.statement.set_index("customer_id").reindex(here, fill_value=0)
show.table(
    own[["day", "channel", "minutes", "cost"]],
    caption=f"One member's contacts, yuan: ¥{own['cost'].sum():.2f} by hand, "
    f"¥{-account.loc[caller, 'service'] / 100:.2f} in the profit and loss",
    digits={"minutes": 0, "cost": 2},
)

# %% [markdown]
# Now put members in order, the most profitable first, and add up. The *whale curve* (鲸鱼曲线) rises
# while they bring money and falls where they cost it. **Guess first:** what share of the members cost
# money, and how much of the profit do they eat?

# %% tags=["B19"]
whale = stats.whale_curve(account["profit"])
curve = whale.curve.assign(thousand=whale.curve["cumulative_profit"] / 1e5)
top = curve.loc[curve["thousand"].idxmax()]
fig, axes = show.canvas()
axes.plot(curve["share_of_customers"], curve["thousand"])
axes.plot(*top[["share_of_customers", "thousand"]], "o")
axes.axhline(curve["thousand"].iloc[-1], color="0.6", linewidth=0.8)
axes.set_title(
    f"{whale.share_costing:.0%} of members cost money and eat "
    f"{whale.loss / whale.total:.0%} of the profit"
)
axes.set(ylabel="profit added up, thousand yuan", ylim=(0, None))
axes.set_xlabel("share of members, the most profitable first")
axes.xaxis.set_major_formatter("{x:.0%}")
shares = ("share_of_customers", "share_of_total")
places = np.linspace(0, len(curve) - 1, 21).round().astype(int)
show.figure(
    fig,
    alt=f"Profit added up over members rises to {whale.peak_of_total:.1%} of the "
    f"total and falls to it over the last {whale.share_costing:.0%} of them.",
    numbers=curve.iloc[places][[*shares, "thousand"]],
    percent=shares,
)

# %%
below = account["profit"] < 0
before = account["profit"] - account["acquisition"]
show.say(
    f"{below.sum():,} of {whale.customers:,} members cost money "
    f"({whale.share_costing:.1%}), ¥{whale.loss / 100:,.0f} together: the peak is at "
    f"{whale.peak_of_total:.1%} of the profit. Take off what it cost to win them, and "
    f"{(before[below] >= 0).sum():,} of the {below.sum():,} do not cost money: what "
    f"sets them below zero are ¥{-account.loc[below, 'acquisition'].sum() / 100:,.0f} "
    f"that were spent to win them."
)

# %% [markdown]
# Kaplan and Narayanan published far steeper whales, with a peak at 150 to 300 per cent of the profit.
# Two things flatten ours. Members order by the basket and not by the truckload, so nobody can eat so
# much. And rent is not shared out. What if it were, by shop order? **Guess first.**
#
# The table after it holds the curve against what followed: did those who had cost money go on doing so?

# %%
in_shop = within(at_till, begin, stop)
by_order = in_shop[["customer_id"]].assign(key="shop orders", weight=1)
rented = pools.assign(
    key=pools["key"].where(pools["line"] != "shared", "shop orders")
)
full = clv.customer_profit(
    postings, rented, pd.concat([keys, by_order]), **period
).statement
users = full["customer_id"].isin(in_shop["customer_id"])
heavy = (full.loc[users, "profit"] < 0).mean()
light = below[below.index.isin(in_shop["customer_id"])].mean()
show.say(
    f"Of the members who use a shop, {light:.0%} cost money. With rent and wages "
    f"shared out by order it would be {heavy:.0%}, and not one fen would be saved by "
    f"losing them."
)


# %%
def statement(first, last):
    span = {"currency": "CNY", "first_day": first, "as_of": last}
    found = clv.customer_profit(*books(first, last), **span).statement
    return found.set_index("customer_id").reindex(here, fill_value=0)


later = statement(after, end)
both = pd.DataFrame(
    {
        "members": below.map({True: "cost money", False: "did not"}),
        "n": 1,
        "so far": account["profit"] / 100,
        "next year": later["profit"] / 100,
        "below 0 next year": (later["profit"] < 0).astype(float),
        "bought next year": (later["gross_sales"] > 0).astype(float),
    }
).groupby("members", as_index=False)
means = both.mean().assign(n=both["n"].sum()["n"])
show.table(
    means,
    caption=f"Cost money so far, and then? Yuan a member; next year is {end.year}",
    digits=0,
    percent=("below 0 next year", "bought next year"),
)

# %% [markdown]
# **Reading.** Start with the column "below 0 next year": it is nearly the same in both rows. Those who
# had cost money bring less than the others next year, and still they bring some: nobody pays a second
# time to win them. The curve says who was won lately and dearly. It hardly says who will cost money.
#
# **Decision.** Nobody is served worse for standing below zero on this curve. What it cost to win
# somebody is spent whatever you do; it is a question to the advertising budget.
#
# **Where this stops being true.** Where one customer takes a warehouse or a sales team of their own,
# those costs do go when the customer goes, and belong into the account. A sum that agrees with the
# books shows that nothing was lost in sharing; a wrong booking would agree as well.

# %% [markdown]
# ## Every event with its chance, its date and its money
#
# A decision is about next year, so forecast it. Event prediction (客户事件预测法) lists what can happen
# to a member: an order, a return, a call, a complaint, a referral, leaving (`lapse` in the tables).
# Orders and leaving come from BG/NBD, which looks at how many orders somebody has placed and how
# lately; money comes from Gamma-Gamma. The other events are brought along by
# orders, at a rate of each member's own. First, who has ordered, and what is an order worth before
# anything else happens? Orders of one member on one day count as one.

# %%
epoch = pd.Timestamp("1970-01-01")
baskets = lines.assign(day=(lines["day"] - epoch).dt.days)
by = ["customer_id", "order_id", "day"]
baskets = baskets.groupby(by, as_index=False)["amount"].sum()
summary = features.purchase_summary(baskets, as_of=stop, unit="week")
summary = summary.sort_values("customer_id", ignore_index=True)
ids, made = summary["customer_id"], summary["repeat_purchases"] + 1
sums, sent = account[list(past.lines)].sum(), within(back, begin, stop)
handling = sent["day"].dt.year.map(price["return_handling"])
paid = sums["gross_sales"] + sums["discount"]
margin = 1 + sums["cost_of_goods"] / paid
effort = -sums["fulfilment"] - sums["loyalty"] - handling.sum()
show.say(
    f"{len(ids):,} members have placed {made.sum():,} orders. Of what they pay, "
    f"{margin:.1%} is left after the goods; an order costs "
    f"¥{effort / made.sum() / 100:.2f} for work, fees and points."
)

# %% [markdown]
# Somebody has ordered once and called once. Will each order bring a call? Hardly: one order tells
# little. The *gamma-Poisson* model learns from all members how much their rates differ (by a gamma
# distribution) and how much a count scatters around its rate (by a Poisson). The rate to expect is
# then a mean of the member's own and everybody's:
#
# $$\text{rate} = \frac{\text{own events} + w \, m}{\text{own orders} + w}.$$
#
# Here $m$ is everybody's rate, and the *prior* $w$ says how many own orders weigh as much as it does.
# For each kind of event, count, fit, and put the mean money of one event beside it. A call costs its
# minutes. A return pays money back and saves goods.

# %%
resold = sent["resaleable"] * sent["quantity"] * sent["unit_cost"]
regained = (resold / sent["cost_quantity"]).mean() - sent["refund"].mean()
about = calls["reason"] == "complaint"
usual = so_far.groupby(about)["cost"].mean()
kinds_of_event = {
    "return": (back, "customer_id", regained, handling.mean()),
    "call": (calls[~about], "customer_id", 0.0, usual[False]),
    "complaint": (calls[about], "customer_id", 0.0, usual[True]),
    "referral": (referrals, "referrer_id", 0.0, 0.0),
}


def count(rows, key, first, last):
    found = within(rows, first, last)[key].value_counts()
    return found.reindex(ids, fill_value=0).to_numpy()


# %%
events, terms = [], []
for name, (rows, key, gain, cost) in kinds_of_event.items():
    seen = count(rows, key, begin, stop)
    rate = clv.GammaPoisson().fit(seen, made)
    worth = {"revenue": float(gain), "cost": float(cost)}
    events.append(clv.OrderEvent(name, rate, seen, **worth))
    everybody, weight = rate.shape_ / rate.exposure_, rate.exposure_
    terms.append([name, seen.sum(), everybody, weight, gain - cost])
columns = ["event", "so far", "m, an order", "w, orders", "yuan"]
terms = pd.DataFrame(terms, columns=columns)
terms["yuan"] /= 100
show.table(
    terms,
    digits={"m, an order": 3, "w, orders": 1, "yuan": 2},
    caption="Events so far; everybody's rate, and how many own orders weigh as much; "
    "yuan that an event brings",
)

# %%
m, w = terms.set_index("event").loc["call", ["m, an order", "w, orders"]]
by_hand = [(1 + w * m) / (placed + w) for placed in (1, 30)]
fitted = events[1].model.rate([1, 1], [1, 30])
show.say(
    "Two members called once, one after a single order, one after thirty. Calls an "
    f"order to expect, by hand: {by_hand[0]:.3f} and {by_hand[1]:.3f}; by the library: "
    f"{fitted[0]:.3f} and {fitted[1]:.3f}."
)

# %% [markdown]
# A referral brings nothing here: its reward is booked as the cost of winning the new member. Leaving
# costs nothing either, apart from the orders that do not come. Now forecast all members at once, and
# look at one of them, the first with many orders and many calls.

# %%
economics = clv.OrderEconomics(margin=margin, order_cost=effort / made.sum())
models = clv.BGNBD().fit(summary), clv.GammaGamma().fit(summary)
forecast = clv.event_forecast(
    models,
    summary,
    events,
    economics=economics,
    as_of=stop,
    horizon=f"{(end - stop).days} days",
    discount_per_year=discount,
    currency="CNY",
)
coming = forecast.customers

# %% tags=["B21e"]
busy = (made >= 10) & (events[1].counts >= 10)
one = coming[busy].iloc[0]
listed = forecast.statement["event"].drop(forecast.statement.index[-1])
card = pd.DataFrame(
    {
        "event": listed,
        "chance": [one[f"{event}_chance"] for event in listed],
        "number": [one[f"{event}_number"] for event in listed],
        "first one": [f"{one[f'{event}_date']:%Y-%m-%d}" for event in listed],
        "revenue": [one[f"{event}_revenue"] / 100 for event in listed],
        "cost": [one[f"{event}_cost"] / 100 for event in listed],
    }
)
show.table(
    card,
    caption=f"One member's {end.year}: chance, expected number, date if it comes, "
    "yuan",
    percent=("chance",),
)

# %%
reach = 1.96 * one["profit_sd"] / 100
came = later["profit"] - later["acquisition"]
show.say(
    f"Expected profit of this member: ¥{one['profit'] / 100:,.0f}, and chance alone "
    f"makes it ¥{one['profit'] / 100 - reach:,.0f} to "
    f"¥{one['profit'] / 100 + reach:,.0f} (95 % interval). It became "
    f"¥{came[one['customer_id']] / 100:,.0f}."
)

# %% [markdown]
# One member's year is mostly chance. Over thousands of members chance cancels, so look at the sums,
# and now open what came: the events that were counted, and from the truth who really left.

# %%
truth = data.load("company_truth_people").set_index("customer_id")
gone = truth["left_on"].reindex(ids).dt.date.between(after, end)
then = features.holdout_purchases(
    baskets,
    as_of=stop,
    horizon=forecast.horizon,
    observed_until=end,
)
actual = {"order": then["later_purchases"].sum(), "lapse": gone.sum()}
for name, (rows, key, *_) in kinds_of_event.items():
    actual[name] = count(rows, key, after, end).sum()
judged = forecast.statement.set_index("event").drop("total")
judged = judged[["number", "number_low", "number_high"]]
judged["came"] = pd.Series(actual)

# %%
scaled = judged.div(judged["number"], axis=0)
errors = abs(scaled[["number_low", "number_high"]].sub(1)).T
places = np.arange(len(scaled))
held = judged["came"].between(judged["number_low"], judged["number_high"])
fig, axes = show.canvas()
axes.errorbar(
    scaled["number"], places, xerr=errors, fmt="o", capsize=4, label="expected"
)
axes.plot(scaled["came"], places, "D", label="came")
axes.set_yticks(places, scaled.index)
axes.set_ylim(len(scaled) - 0.5, -0.5)
missed = ", ".join(held.index[~held]) or "nothing"
axes.set(title=f"Outside its interval: {missed}", ylabel="event")
axes.set_xlabel("number, as a multiple of the number expected (95 % interval)")
axes.legend()
show.figure(
    fig,
    alt=f"Expected number of each event with its interval, and what came in "
    f"{end.year}. Outside the interval: {missed}.",
    numbers=judged.reset_index(),
    digits=0,
)

# %%
total = forecast.statement.set_index("event").loc["total"] / 100
really = came.reindex(ids).sum() / 100 / (1 + discount) ** 0.5
told = data.load("company_truth_future")
told = told[told["as_of"] == pd.Timestamp(stop)].set_index("customer_id")
on_average = told["expected_orders"].reindex(ids).sum()
a_day = forecast.statement["revenue"].iloc[0] / judged.loc["order", "number"]
dearer_by = then["later_amount"].sum() / actual["order"] / (1 + discount) ** 0.5
show.say(
    f"How far off were we? Profit expected: ¥{total['profit']:,.0f} "
    f"(¥{total['profit_low']:,.0f} to ¥{total['profit_high']:,.0f}); it became "
    f"¥{really:,.0f}, discounted likewise: {really / total['profit'] - 1:+.0%}. An order "
    f"brought {dearer_by / a_day - 1:+.0%} against the forecast. Orders on "
    f"average by the truth: {on_average:,.0f}, by the forecast "
    f"{judged.loc['order', 'number']:,.0f}."
)

# %% [markdown]
# **Reading.** Look at the distance between dot and diamond, row by row. What members *do* is held
# well. Leaving is not: BG/NBD lets a member leave only right after an order, and Qinghe's leave in
# between, too. The profit came out above its interval: orders were a few more, and larger than before.
# A parcel costs no more for a larger order, so profit grows faster than sales. No interval of these
# models holds what moves all members at once.
#
# **Decision.** Plan the number of calls with the forecast. Compare members by its profit, and promise
# nobody the sum. Do not plan with the number of those who leave.
#
# **Where this stops being true.** The models let members act apart from each other. After a bad batch
# they complain together, and such a wave is in no interval. In a growing or shrinking business the
# rates of the past two years are not those of the next.

# %% [markdown]
# ## Was, is, may come: one ledger
#
# The make-up of customer value (客户价值的构成) has three parts. *Historical* is the profit of earlier
# years, *current* that of the present one (here the one that ends today), *potential* what may come,
# near or in the long term. What is booked on the member's own account is *explicit*. *Implicit* is what
# others' accounts will show: here new members whom a member refers, each at the mean profit so far of
# those who were referred. The ledger refuses lines that overlap, so nothing counts twice.

# %%
per_order = clv.unit_money(models[1], summary, events, economics).net
soon, long = (
    models[0].discounted_purchases(
        summary, horizon=span, discount_per_year=discount
    )
    for span in (forecast.horizon, f"{long_weeks} weeks")
)
expected = coming.set_index("customer_id")
expected["beyond"] = (long - soon) * per_order
won = account.index.isin(referrals["referred_id"])
referred = account.loc[won, "profit"].mean()
expected["referred"] = expected["referral_number"] * referred
numbers = expected.select_dtypes("number")
expected = numbers.reindex(here, fill_value=0)
last_day = stop + dt.timedelta(weeks=long_weeks)
beyond = end + dt.timedelta(days=1), last_day
closed = begin, current - dt.timedelta(days=1)
year_by_year = [statement(*closed), statement(current, stop)]

# %% tags=["B19"]
own, yes = "own purchases", "explicit"
was, now = (each["profit"] for each in year_by_year)
pieces = [
    ("closed years", own, yes, *closed, was),
    ("this year", own, yes, current, stop, now),
    ("next year", own, yes, after, end, expected["profit"]),
    ("beyond", own, yes, *beyond, expected["beyond"]),
    ("refers", "referral", "implicit", after, end, expected["referred"]),
]
terms = {"as_of": stop, "current_from": current, "near": forecast.horizon}
ledger = clv.value_ledger(
    list(here),
    [clv.ValueLine(*piece) for piece in pieces],
    **terms,
    discount_per_year=discount,
    currency="CNY",
)
parts = ledger.lines[["line", "kind", "part", "term", "last_day"]]
parts = parts.assign(yuan=ledger.lines["total"] / 100)
show.table(
    parts, caption=f"Value on {stop}, {discount:.0%} discount a year", digits=0
)

# %%
rank = ledger.table[["closed years", "this year"]].sum(axis=1).rank()
potential = ledger.table[["next year", "beyond", "refers"]].sum(axis=1)
fifth = int(0.2 * len(here))
best_past = set(rank.nlargest(fifth).index)
best_coming = set(potential.nlargest(fifth).index)
show.say(
    f"Booked lines: ¥{parts['yuan'].head(2).sum():,.0f}, which is "
    f"¥{abs(account['profit'].sum() / 100 - parts['yuan'].head(2).sum()):,.0f} away "
    f"from the profit of the curve above. Of the best fifth by profit so far, "
    f"{len(best_past & best_coming) / fifth:.0%} are in the best fifth by potential. "
    f"The next year of a member was off by "
    f"¥{abs(expected['profit'] - came).mean() / 100:,.0f} on average, where "
    f"¥{came.mean() / 100:,.0f} came."
)

# %% [markdown]
# **Reading.** Compare the lines of one part, not the sum over all: a yuan in the bank and a yuan hoped
# for are different money. And see the sentence: who has been best is a fair guide to who will be, and
# no more than that.
#
# **Decision.** Decide by the potential. What was earned is earned, whoever is served how.
#
# **Where this stops being true.** The implicit line takes for granted that nobody who was referred
# would have come alone; the lesson on referrals checks that. What lies beyond next year rests on the
# model of leaving, which the section before caught at a mistake.

# %% [markdown]
# ## Four kinds of members, four offers
#
# The source sorts customers (客户分组) into demanding, hesitant, thrifty and worldly-wise
# (苛刻的、犹豫不决的、节俭的、久经世故的). Words alone cannot be checked, so each kind gets a rule on what
# members do, tried in this order: many minutes of service an order, many returns an order, a large
# share of discounts, many orders with hardly any service. The thresholds are ours, and open to
# argument; `taken` counts those whom no earlier rule took.

# %%
habits = summary[["customer_id"]].assign(orders=made.astype(float))
bought = within(lines, begin, stop).groupby("customer_id")
gross = bought["amount"].sum() + bought["discount"].sum()
discounts = (bought["discount"].sum() / gross).reindex(ids).to_numpy()
habits["discount_share"] = discounts
minutes = so_far.groupby("customer_id")["minutes"].sum()
minutes = minutes.reindex(ids, fill_value=0).to_numpy()
habits["service_minutes_per_order"] = minutes / made
habits["returns_per_order"] = events[0].counts / made
kinds = clv.customer_kinds(habits)
show.table(clv.kind_overlap(habits), caption="Four kinds by stated rules")

# %% tags=["B20.3"]
books_of = account.reindex(ids)
of_kind = clv.kind_profits(kinds, books_of["profit"], -books_of["service"])
yuan = ["profit_per_customer", "low", "high", "service_cost_per_customer"]
of_kind[yuan] /= 100
of_kind["of_all_service"] = of_kind["service_cost"] / -sums["service"]
shares = ("of_all_service", "share_costing")
show.table(
    of_kind[["kind", "customers", *yuan, *shares]],
    caption="Yuan a member in two years, mean with 95 % interval; what service costs; "
    "share of members who cost money",
    digits=0,
    percent=shares,
)

# %%
known = data.load("company_truth_demandingness").set_index("customer_id")
known = known["demandingness"].reindex(ids)
demanding = kinds == "demanding"
few = demanding & (made <= 2).to_numpy()
many = demanding & (made >= 6).to_numpy()
year_after = later["service"].reindex(ids)
show.say(
    f"How far off were we? Demandingness by the truth (1 is usual), mean: "
    f"{known[demanding].mean():.1f} for those called demanding, "
    f"{known[~demanding].mean():.1f} for the others. With one or two orders it is "
    f"{known[few].mean():.1f}, with six or more {known[many].mean():.1f}. They are "
    f"{demanding.mean():.0%} of the members who ordered and caused "
    f"{-books_of.loc[demanding, 'service'].sum() / -sums['service']:.0%} of the cost "
    f"of service; in {end.year} it was "
    f"{year_after[demanding].sum() / year_after.sum():.0%}."
)

# %% [markdown]
# Does each kind take another offer? In the spring that followed, Qinghe drew members by lot into five
# arms: nothing at all, cross-selling, up-selling, add-on selling and a second channel
# (交叉销售、向上销售、附带销售、多渠道营销). The members left out, the *control*, show what would have been
# bought anyway. `take_up` is the share who took the offer, `cannibalised` what they bought less of
# besides. The kinds were known before the lot fell, so they may be compared. **Guess first:** which
# offer adds margin after its own cost?

# %%
arms = data.load("company_campaign_arms")
contacts = data.load("company_campaign_contacts")
contacts = contacts[contacts["campaign_id"] == "CA2"]
contacts = contacts.merge(arms[["campaign_id", "arm", "cost"]])
called = {"cross_sell": "cross-selling", "up_sell": "up-selling"}
called |= {"add_on": "add-on selling", "multichannel": "second channel"}
contacts["arm"] = contacts["arm"].replace(called)
named = pd.Series(kinds.astype(object), index=ids)
contacts["kind"] = contacts["customer_id"].map(named).fillna("no order yet")
effects = clv.offer_effects(contacts)
measures = ["take_up", "added_amount", "added_margin", "cannibalised"]
offers = effects[effects["measure"].isin(measures)].set_index("measure")
ends = ["estimate", "low", "high"]
offers.loc[measures[1:], ends] = offers.loc[measures[1:], ends] / 100
show.table(
    offers.loc[measures, ["arm", *ends, "unit"]]
    .assign(unit=lambda t: t["unit"].str.replace("minor units", "yuan"))
    .reset_index(),
    caption="Each offer beside the control, 95 % intervals",
)

# %% tags=["B20.4"]
each = clv.offer_effects(contacts, group="kind")
each = each[each["measure"] == "added_margin"]
each = each.assign(**{end_: each[end_].astype(float) / 100 for end_ in ends})
order = [*kinds.categories, "no order yet"]
fig, panels = show.canvas(1, 4, width=10, height=3.4, sharey=True, sharex=True)
by_group = each.set_index("group").loc[order]
for axes, (arm, part) in zip(panels, by_group.groupby("arm"), strict=True):
    sides = part["estimate"] - part["low"], part["high"] - part["estimate"]
    axes.errorbar(part["estimate"], order, xerr=sides, fmt="o", capsize=3)
    axes.axvline(0, color="0.6", linewidth=0.8)
    sure = ((part["low"] > 0) | (part["high"] < 0)).sum()
    axes.set(title=f"{arm}\n{sure} of {len(part)} sure", xlabel="yuan a member")
fig.supylabel("kind before the lot fell")
panels[0].invert_yaxis()
clear = ((each["low"] > 0) | (each["high"] < 0)).sum()
show.figure(
    fig,
    alt=f"Added margin of four offers for six groups of members, with intervals. "
    f"{clear} of the {len(each)} intervals leave out zero.",
    numbers=each[["group", "arm", *ends, "n", "n_control"]],
    digits=1,
)

# %% [markdown]
# How good is the winner? Each of these intervals misses its truth once in twenty, so the best of four
# has four chances to look good by luck. Allow for that by letting each miss only once in eighty. And open the truth: what each member would have bought in each arm, on average.

# %%
all_arms = data.load("company_truth_campaigns")
all_arms = all_arms[all_arms["campaign_id"] == "CA2"]
by_arm = all_arms.groupby("arm")["expected_amount"].mean().rename(called) / 100
found = offers.loc["added_amount"].set_index("arm")[ends]
found["truth"] = by_arm.drop("control") - by_arm["control"]
strict = clv.offer_effects(contacts, confidence=1 - 0.05 / len(found))
margin_of = effects.set_index(["measure", "arm"]).loc["added_margin"]
best = margin_of["estimate"].idxmax()
low = strict.set_index(["measure", "arm"]).loc[("added_margin", best), "low"]
show.say(
    f"How far off were we? Added sales a member by the {best}: "
    f"¥{found.loc[best, 'estimate']:.0f} in the test, "
    f"¥{found.loc[best, 'truth']:.0f} by the truth of all arms. Its added margin is "
    f"above zero by ¥{margin_of.loc[best, 'low'] / 100:.2f} at the lower end; with "
    f"four chances to be lucky allowed for, that end is at ¥{low / 100:.0f}."
)

# %% [markdown]
# **Reading.** In the table, look at the rows of the added margin: one offer has its whole interval
# above zero, by a hair, and not once luck is allowed for. The winner of a contest looks better than it
# is; compare its test with its truth. Whether an offer sold in place of something else stays open: each
# interval of `cannibalised` holds zero. So do all those by kind in the figure: a few dozen members in
# an arm are too few.
#
# **Decision.** Repeat the second channel in a larger test. Do not give each kind an offer of its own:
# these data cannot tell which. What they do tell is who uses service.
#
# **Where this stops being true.** The kinds are rules, and a rule meets chance: a call after an only
# order makes nobody demanding. Trust the kind of members with many orders.

# %% [markdown]
# ## The four steps on one table
#
# The main steps (分析客户终生价值的主要步骤) are data, investment and profit, groups, strategy. Three are
# done. Strategy: calls of chosen members are answered by chat, where an agent's minute costs about
# half. That saves a sum $s$ a year, and it may annoy. If a share $a$ of the profit $p$ gets lost by
# it, it pays where
#
# $$s > a \, p.$$
#
# The saving is the expected number of calls, times what a call of that kind costs (the demanding
# talk longer), times the share that comes by phone and the share of a minute's cost that chat saves.
# Nobody has measured $a$; the setting `lost` assumes it. The rule can choose whole kinds, or members
# one by one.

# %%
rate = price.xs(stop.year, level="year")
minute_saved = rate["phone_service"] - chat_minutes * rate["chat_service"]
by_channel = so_far.groupby("channel")["cost"].sum()
phone = by_channel["phone"] / by_channel.sum()
talk = so_far.groupby(so_far["customer_id"].map(named))["cost"].mean()
serving = coming["call_number"] + coming["complaint_number"]
serving = serving * named.map(talk).to_numpy()
saving = serving * phone * minute_saved / rate["phone_service"]
chosen = saving > lost * coming["profit"]
plan = pd.DataFrame(
    {
        "kind": kinds,
        "members": 1,
        "investment": -books_of["acquisition"].to_numpy() / 100,
        "profit so far": books_of["profit"].to_numpy() / 100,
        "expected": coming["profit"] / 100,
        "saving": saving / 100,
        "chosen one by one": chosen.astype(int),
    }
)

# %% tags=["B20"]
table = plan.groupby("kind", observed=True, as_index=False).sum()
table["saving of expected"] = table["saving"] / table["expected"]
cheaper = table["saving of expected"] > lost
table["strategy"] = cheaper.map({True: "chat first", False: "as before"})
show.table(
    table,
    caption="1 data, 2 investment and profit (yuan), 3 groups, 4 strategy",
    digits=dict.fromkeys(table.columns, 0) | {"saving of expected": 2},
    percent=("saving of expected",),
)

# %% [markdown]
# How would it have done? The year that followed knows how many minutes members really phoned and what
# they brought. Set the two choices beside two that people often make: whoever cost money so far, and
# everybody. In `net` the share $a$ of the profit that came is taken off, as it was in the choice.

# %%
phoned = within(calls, after, end)
phoned = phoned[phoned["channel"] == "phone"].groupby("customer_id")["minutes"]
phoned = phoned.sum().reindex(ids, fill_value=0).to_numpy()
dearer = price.xs(end.year, level="year")
less = dearer["phone_service"] - chat_minutes * dearer["chat_service"]
saved = phoned * less / 100
at_stake = came.reindex(ids).to_numpy() / 100
net = saved - lost * at_stake
lists = {
    "chosen one by one": chosen.to_numpy(),
    "demanding": np.asarray(demanding),
    "cost money so far": (books_of["profit"] < 0).to_numpy(),
    "everybody": np.ones(len(ids), dtype=bool),
}

# %%
rows = []
for name, inside in lists.items():
    per_head = stats.mean_interval(net[inside])
    limits = [x * inside.sum() for x in (per_head.low, per_head.high)]
    totals = [x[inside].sum() for x in (saved, at_stake, net)]
    rows.append([name, inside.sum(), *totals, *limits])
columns = ["list", "members", "saved", "profit at stake", "net", "low", "high"]
outcome = pd.DataFrame(rows, columns=columns)
outcome["lost at most"] = outcome["saved"] / outcome["profit at stake"]
show.table(
    outcome,
    caption=f"Chat first in {end.year}: yuan, with a share of {lost:.0%} lost; the "
    "last column is the share at which nothing is gained",
    digits={"lost at most": 2} | dict.fromkeys(columns[1:], 0),
    percent=("lost at most",),
)

# %%
ours = outcome.iloc[1]
more = np.where(chosen, net, 0) - np.where(demanding, net, 0)
gap = stats.mean_interval(more)
low, high = (len(more) * x for x in (gap.low, gap.high))
show.say(
    f"How far off were we? Calls of the demanding were to cost "
    f"¥{saving[demanding].sum() / 100:,.0f} less, and it would have been "
    f"¥{ours['saved']:,.0f}. They brought ¥{ours['profit at stake']:,.0f}: if more than "
    f"{ours['lost at most']:.1%} of that goes, nothing is gained. Choosing one by one "
    f"would have left ¥{gap.estimate * len(more):+,.0f} beside the whole kind "
    f"(¥{low:+,.0f} to ¥{high:+,.0f}, 95 % interval)."
)

# %% [markdown]
# **Reading.** Compare the last column of the table. Members who "cost money so far" call little, so
# there is little to save. Chat for everybody fails: it puts the profit of those who bring most at stake. The surprise is
# the first row: a list drawn up member by member, from a forecast of every event, did no better than
# one plain rule.
#
# **Decision.** Chat first for the demanding, and the phone for all others, as before. One in four of
# the demanding, by lot, keeps the phone, and after half a year their profit is compared.
#
# **Where this stops being true.** The share lost is assumed, and equal for everybody; beyond the share
# in the last column the plan loses. A minute of chat may not replace one on the phone. Only those who
# keep the phone by lot can tell.

# %% [markdown]
# ## Break it: revenue taken for margin
#
# A colleague builds the same list from the sales report: "I have what each member pays, and that is
# close enough." Every rule stays as it was, and revenue stands where profit stood. **Guess first:** how
# many members will the colleague choose?

# %%
revenue = account[["gross_sales", "discount", "refunds"]].sum(axis=1)
paying = coming["order_revenue"] + coming["return_revenue"]
per_kind = saving.groupby(named.to_numpy()).sum()
by_sales = per_kind / paying.groupby(named.to_numpy()).sum() > lost
second = offers.loc[["added_amount", "added_margin"]].reset_index()
second = second.set_index(["measure", "arm"])["estimate"].xs(best, level="arm")
cost_money = [(revenue + account["acquisition"] < 0).sum(), below.sum()]
rows = {
    "members who cost money": cost_money,
    "value of the next year, yuan": [paying.sum() / 100, total["profit"]],
    "kinds with chat first": [by_sales.sum(), cheaper.sum()],
    "added by the second channel, yuan a member": second.to_list(),
}
wrong = pd.DataFrame(rows.values(), columns=["by revenue", "by profit"])
wrong.insert(0, "number", list(rows))
show.table(wrong, caption="The same rules, by revenue and by profit", digits=0)

# %%
for_chat = named.map(cheaper.set_axis(table["kind"])).to_numpy(dtype=bool)
promise = named.map(by_sales).to_numpy(dtype=bool)
show.say(
    f"The colleague's list names {promise.sum():,} members in place of "
    f"{for_chat.sum():,}. Each yuan of sales counts as earned, and "
    f"{total['profit'] * 100 / paying.sum():.0%} of it is: the year seems worth "
    f"{paying.sum() / 100 / really:.1f} times what it became. Of ¥"
    f"{saved[for_chat].sum():,.0f} that chat would have saved, "
    f"¥{saved[promise].sum():,.0f} are left. Rank correlation of revenue and profit so "
    f"far: {stats.spearman(revenue, account['profit']):.2f}."
)

# %% [markdown]
# Nothing looks wrong, since revenue and profit put members into a similar order. It is the *level* that
# decides wherever something is set against a cost, be it a minute on the phone, an advertisement or
# an offer. A level three times too high lets every expense pass.
#
# **Repair.** Set a cost against what is left of the sale, never against the sale. In the library the
# name of the line says which it is: `gross_sales`, `profit`.
#
# **Reading.** Each row errs on the same side. By revenue fewer members cost money, more seems to come,
# and no service seems too dear.
#
# **Decision.** The list is drawn up from the profit and loss. A report of revenue per customer gets
# its margin beside it before it leaves the house.
#
# **Where this stops being true.** For an order among members who buy alike, revenue will do. Where
# goods differ much in margin, or some members send half of it back, even the order is lost.

# %% [markdown]
# ## Check yourself

# %%
show.question(
    "A member has cost ¥60 so far: ¥90 for the advertisement that won them, less ¥30 "
    "from two orders. What do you do?",
    {
        "Stop serving members below zero.": (
            False,
            "What won the member is spent either way. From now on two orders a year "
            "bring money, and stopping gives that up.",
        ),
        "Serve them as others, and look at the advertising.": (
            True,
            "The loss was made when the advertisement was bought. Service can only save "
            "what service costs.",
        ),
        "Share the rent out, to see the full cost.": (
            False,
            "Rent does not fall when the member leaves, so it says nothing about "
            "what to do with this member.",
        ),
    },
)

# %%
show.question(
    "Two members called once. One has ordered once, the other thirty times. The forecast "
    "gives the first one a higher rate of calls an order, though not thirty times. Why?",
    {
        "The first one's single call is partly taken for chance.": (
            True,
            "One order weighs little against everybody's rate, thirty weigh much, so the "
            "first is pulled towards all others.",
        ),
        "The model forgets calls that are long ago.": (
            False,
            "It counts all calls alike, whenever they came. What differs is how much "
            "each rate rests on.",
        ),
        "Members with many orders call more.": (
            False,
            "In total, perhaps; but the rate is calls an order, and theirs is the lower "
            "one here.",
        ),
    },
)

# %%
show.question(
    "Of four offers, one has an interval above zero. The manager wants to roll it out "
    "and books its estimate as the gain. What do you say?",
    {
        "Book the estimate: it is the best guess.": (
            False,
            "For one offer fixed beforehand it would be. The best of four was chosen "
            "because it came out high, and some of that was luck.",
        ),
        "Test it again, and book less than the estimate.": (
            True,
            "A winner's estimate is too high on average. Here the truth is a fraction "
            "of it.",
        ),
        "Roll it out to the kind with the highest estimate.": (
            False,
            "That is picking the luckiest of many more: the groups are small, and their "
            "intervals all hold zero.",
        ),
    },
)

# %% [markdown]
# ## Key points
#
# - A profit and loss by customer adds up to the books, or it is not one; rent stays with the company.
# - Below zero so far means dearly won. It hardly says who will cost money.
# - Forecast events, not customers: the sum is held to what came, event by event.
# - Past, present and potential stand apart; decisions rest on the potential.
# - Four kinds by stated rules can be checked, and the plain rule was as good as the forecast.
# - Set a cost against profit. Set against revenue, every cost looks small.
#
# ## Sources
#
# - Kaplan, R. S. and Narayanan, V. G. (2001). Measuring and Managing Customer Profitability. *Journal
#   of Cost Management* 15(5), 5–15.
# - Greenwood, M. and Yule, G. U. (1920). An Inquiry into the Nature of Frequency Distributions
#   Representative of Multiple Happenings. *Journal of the Royal Statistical Society* 83(2), 255–279.
# - Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting Your Customers" the Easy Way.
#   *Marketing Science* 24(2), 275–284.
# - The tables of Qinghe, their columns, traps and mechanisms: `datasets/README.md`, part "The company".
#
# ## What next
#
# Set `lost = 0.04` in the first code cell and run all cells: does any kind still get chat first? Then
# set `chat_minutes = 1.5`. The exercise, `exercises/05_clv/1_customer_profit.ipynb`, does the same
# work for other members and another campaign, with an answer at the end that somebody has to sign.
