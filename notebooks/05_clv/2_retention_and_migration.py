# %% [markdown]
# # Lost for good, or only away?
#
# **Question.** A customer of Qinghe has not bought for half a year. Is that customer lost, or only
# away? What may it cost to keep one customer in a hundred more, and after how long a silence should
# the company stop calling?
#
# **Who decides.** The head of customer service, who has the budget for calls and for loyalty.
#
# **Time.** 29 minutes to read, 16 to run and change.
#
# **You will be able to**
#
# - choose the length of a period, and with it the model that fits how customers leave;
# - value a customer by formula, by recursion and by a Markov chain, and know where the three agree;
# - put a price on one point of retention;
# - find the silence at which a contact stops to pay, from a test by lot;
# - recognise an average retention that belongs to nobody.
#
# **What you need first.** Tables in pandas; what discounting is; the map of Qinghe's tables
# (`00_start_here`).
#
# | term | 中文 | what it means here |
# |---|---|---|
# | life-time value | 客户生命周期价值 | what the margins that a customer will bring are worth today |
# | Dwyer's method | DWYER（杜瓦尔）方法 | group customers by their attributes first, then follow each group by the model that fits how its members leave |
# | lost for good | 永久流失型 | whoever leaves out a period is gone and never returns |
# | always a share | 暂时流失型 | whoever leaves out a period may return; the shop keeps a share of what they buy |
# | retention rate | 留存率 | share of the customers of one period who buy in the next |
# | migration | 客户迁移 | from period to period a customer moves between "bought now", "one period silent", "two periods silent" |
# | test by lot | 随机试验 | a drawn part of the customers is left out, so that the difference is the effect |

# %% tags=["parameters"]
discount = 0.10  # a year: what waiting for money costs
call_cost = 6.00  # yuan for one phone call to a silent customer
message_cost = 0.05  # yuan for one message by app or text
longest = 6  # quarters of silence (3 to 7) after which nobody is a customer

# %% [markdown]
# ## How long is a silence?
#
# Nobody tells a shop that they leave. We see periods with a purchase and periods without one. The
# cell loads what people bought (in fen, a hundred to the yuan), learns which share of a sale is left
# after the cost of the goods, the *margin*, and brings the orders into the form of one line an order.

# %%
import datetime as dt

import numpy as np
import pandas as pd

from customer_insight import clv, data, show, stats

stop = dt.date(2024, 12, 31)  # the last day of the data
names = ["order_lines", "products", "customers", "cities"]
lines, goods, people, cities = (data.load(f"company_{name}") for name in names)
transactions = data.company_transactions(side="person")
lines = lines[lines["order_id"].isin(transactions["order_id"])].merge(goods)
cost = lines["unit_cost"] * lines["quantity"] / lines["cost_quantity"]
margin = 1 - cost.sum() / lines["amount"].sum()

# %%
show.say(
    f"{transactions['customer_id'].nunique():,} people placed "
    f"{len(transactions):,} orders until {stop}. Of a yuan that they paid, "
    f"{margin:.2f} is left after the cost of the goods."
)

# %% [markdown]
# Now cut time into periods: in which months, quarters or years did each customer buy? A *return* is a
# purchase in a later period. If it comes in the very next one, nothing was left out. **Guess first:**
# what share of all returns comes after a period without a purchase, by month and by year?

# %%
tables = {
    period: clv.purchase_periods(transactions, as_of=stop, period=period)
    for period in ("month", "quarter", "year")
}
late = pd.DataFrame(
    [
        [period, *(clv.late_returns(table, longest=k) for k in (1, 2, 4))]
        for period, table in tables.items()
    ],
    columns=["period", "left out one", "left out two", "left out four"],
)
shares = tuple(late.columns[1:])
show.table(
    late,
    caption="Returns after at least so many periods without a purchase",
    percent=shares,
)

# %% [markdown]
# So the same people look "lost for good" (永久流失型) or "always a share" (暂时流失型), depending on the
# length of the period. The simulation knows who has really left. How well does a silence tell it?
# This is the first of the cells that ask how far off we were.

# %%
quarterly, yearly = tables["quarter"], tables["year"]
silence = quarterly.groupby("customer_id", as_index=False)["periods_ago"].min()
future = data.load("company_truth_future")
future = future[future["as_of"] == pd.Timestamp(stop)]
silence = silence.merge(future, on="customer_id", validate="one_to_one")
silence["quarters silent"] = silence["periods_ago"].clip(upper=longest)
gone = silence.groupby("quarters silent").agg(
    customers=("alive", "size"), left=("alive", "mean")
)
gone["left"] = 1 - gone["left"]
gone = gone.rename(columns={"left": "have left"})
show.table(
    gone,
    caption=f"Truth: who has left, by silence (the last row: {longest} or more)",
    percent=("have left",),
)

# %% [markdown]
# **Reading.** In the first table, read down the first column. By month, a model in which nobody
# returns would rule out a large part of what happens; by year, next to nothing. In the second, no row
# says for certain who has left: after one silent quarter, the lost and the merely absent are about as
# many.
#
# **Decision.** Where customers count as lost for good, take years, because almost nobody returns after
# a year left out. Where they may come back, take quarters. Do not mix a model of one kind with periods
# of the other.
#
# **Where this stops being true.** The share of late returns is too low: those who will return next
# year have not done so yet. With a table of three years, a silence of two is at the edge of what it can show.

# %% [markdown]
# ## Lost for good: what a point of retention may cost
#
# Begin with a published case (Berger and Nasr 1998). A customer brings a margin of 260 a year, the
# first one now. In the middle of each year a promotion costs 50. Three in four stay from year to year,
# and money discounts by a fifth a year. What is this customer worth over ten years? By hand it is one
# line for the margins and one for the promotions.

# %%
years = np.arange(11)
sold = 260 * 0.75**years / 1.2**years
promoted = 50 * 0.75 ** years[:-1] / 1.2 ** (years[:-1] + 0.5)
case = {"retention": 0.75, "discount_per_period": 0.2}
by_formula = clv.value_of_sales(
    260,
    **case,
    compounding="per period",
    sales=10,
    first_margin="now",
    promotion_cost=50,
    promotion_at="middle",
)
show.say(
    f"By hand {sold.sum() - promoted.sum():.2f}, by the library {by_formula:.2f}; "
    "published: 568.78."
)

# %% [markdown]
# Now Qinghe, by year. The retention rate (留存率) is the share of the customers of one year who buy in
# the next. A customer's first year is cut short, so it counts for the rate and not for the money.
# With a rate $r$ and a discount $d$, a margin of 1 comes next year with chance $r$, the year after with
# chance $r^2$, and so on. Together that is the *multiple* of the yearly margin:
#
# $$\frac{r}{1 + d} + \frac{r^2}{(1 + d)^2} + \dots = \frac{r}{1 + d - r}.$$
#
# What may **one point** more of retention cost? If the rate rises for the coming year alone, one
# customer in a hundred stays who would have gone. Such a customer brings a margin in a year (`now` in
# the code counts it), and from then on is worth as much as any; discount that by a year. If the rate
# rises for ever, compare two multiples. **Guess first:** how many yuan a customer?

# %%
rate = clv.retention_by_age(yearly, ages=1).iloc[0]
later = yearly.sort_values("periods_ago", ascending=False)
later = later[later["customer_id"].duplicated()]
brings = later["amount"].mean() / 100 * margin
living = int((yearly["periods_ago"] == 0).sum())


def worth_of_a_point(r):
    after = clv.margin_multiple(r, discount, first_margin="after one period")
    now = clv.margin_multiple(r, discount, first_margin="now")
    more = clv.margin_multiple(
        r + 0.01, discount, first_margin="after one period"
    )
    return brings * np.array([after, 0.01 * now / (1 + discount), more - after])


# %% tags=["C1.2"]
ends = rate[["low", "rate", "high"]].astype(float)
columns = ["life-time value", "a point, one year", "a point, for ever"]
price = pd.DataFrame(map(worth_of_a_point, ends), columns=columns)
price.insert(0, "retention rate", ends.to_numpy())
price.insert(0, "end of the interval", ["low", "estimate", "high"])
show.table(
    price,
    caption=f"Yuan of margin a customer (¥{brings:,.0f} a year), at a discount "
    f"of {discount:.0%}",
    digits=dict.fromkeys(columns, 1),
    percent=("retention rate",),
)

# %% [markdown]
# The price takes for granted that a customer who is kept spends like everybody. Look at those who left out the
# last year: what had they spent in the year before, beside those who stayed? And does the model's sum
# for the coming year agree with what the simulation expects of the same people?

# %%
here = yearly.loc[yearly["periods_ago"] == 0, "customer_id"]
before = later[later["periods_ago"] == 1].set_index("customer_id")["amount"]
stayed = before.index.isin(here)
ratio = before[~stayed].mean() / before[stayed].mean()
one_year = price.loc[1, "a point, one year"]
still = silence["customer_id"].isin(here)
truth = silence.loc[still, "expected_amount"].mean() / 100 * margin
show.say(
    f"Those who left had spent {ratio:.0%} of what the others had. At that, a point "
    f"for one year is worth ¥{one_year * ratio:.1f} a customer and not "
    f"¥{one_year:.1f}; for the {living:,} customers of the last year together, "
    f"¥{one_year * ratio * living:,.0f}. How far off: the model expects a margin of "
    f"¥{rate['rate'] * brings:,.0f} from one of them in the coming year; the truth is "
    f"¥{truth:,.0f}."
)

# %% [markdown]
# **Reading.** The three rows differ little: the rate is known well. The columns differ much. A point
# for ever has to be paid for every year, so compare what one year costs with the middle column. The
# mean of the coming year is close to the truth.
#
# **Decision.** A programme that keeps one customer in a hundred more may cost, for each customer and
# year, what the point is worth if it keeps those who tend to leave, and no more. Whoever offers one has
# to say which customers it keeps.
#
# **Where this stops being true.** All customers share one rate here. The price of a point says nothing
# of whether anything can be had for it; only a part of the customers left out by lot can show that.

# %% [markdown]
# ## Only away: the chain of recency
#
# Dwyer's second kind of customer may stay away and come back. The published example: of those who
# bought last period, 0.3 buy now; of those whose purchase lies two, three and four periods back, 0.2,
# 0.15 and 0.05. A thousand customers begin. This is migration (客户迁移), and a short loop follows it:
# `standing` is how many customers stand at each silence. The library gives two other ways, which are
# explained below the table.

# %% tags=["B21d"]
chances = np.array([0.3, 0.2, 0.15, 0.05])
standing, by_hand = np.array([1000.0, 0, 0, 0]), [1000.0]
for _ in range(4):
    by_hand.append((standing * chances).sum())
    standing = np.append(by_hand[-1], (standing * (1 - chances))[:-1])
money = {"margin_per_purchase": 40, "contact_cost": 4}
money |= {"discount_per_period": 0.2}
share = clv.always_a_share(
    1000, chances, periods=4, first_margin="now", **money
)
buyers = share[["period"]].assign(
    **{
        "by hand": by_hand,
        "by recursion": share["buyers"],
        "by powers of the matrix": 1000
        * clv.state_shares(chances, periods=4)[:, 0],
    }
)
show.table(
    buyers, caption="Buyers of each period, of a thousand who begin", digits=1
)

# %% [markdown]
# The recursion asks of the buyers of a period when they had bought before, and adds up. The third way
# is a *Markov chain*: where somebody stands next hangs on where they stand now, and on nothing older.
# Its *transition matrix* has a row for each state: buy, and go back to the first state, or stay away,
# and move one on. To follow it for four periods is to multiply it four times by itself.

# %%
states = [f"last bought {ago} ago" for ago in (1, 2, 3, 4)] + ["gone"]
matrix = pd.DataFrame(clv.transition_matrix(chances), columns=states)
matrix.insert(0, "from / to", states)
show.table(matrix, caption="Chances to move in one period", digits=2)

# %% [markdown]
# Where the formulas of both models describe the same customers they must agree. Take one state only:
# whoever does not buy now is gone. That is "lost for good" again.

# %% tags=["C1.2"]
case_one = clv.value_of_sales(
    260, **case, compounding="per period", sales=10, first_margin="now"
)
cohort = clv.lost_for_good(
    1,
    [0.75] * 10,
    margin_per_period=260,
    discount_per_period=0.2,
    first_margin="now",
)
chain = clv.recency_values(
    [0.75],
    margin_per_purchase=260,
    contact_cost=0,
    discount_per_period=0.2,
    periods=10,
)
show.say(
    f"The published case without its promotions: by formula {case_one:.4f}, by "
    f"cohorts {cohort['cumulative'].iloc[-1]:.4f}, by the Markov chain {chain[0]:.4f}."
)

# %% [markdown]
# Now money: a purchase brings 40, and keeping in touch costs 4 a period (Pfeifer and Carraway 2000).
# They let nobody buy who is not contacted. A customer at the longest silence buys five times in a
# hundred. **Guess first:** is that customer worth a contact? *Policy iteration* finds the best rule:
# value a rule, change it wherever that pays, and repeat until nothing changes.

# %%
always = clv.recency_values(chances, periods=None, **money)
best = clv.best_contact_policy(chances, **money)
published = pd.DataFrame(
    {
        "periods since purchase": [1, 2, 3, 4],
        "buys if contacted": chances,
        "worth, all contacted": always[:-1],
        "contact": best.contact,
        "worth, best rule": best.values[:-1],
    }
)
show.table(
    published,
    caption=f"The best rule stops after {best.stop_after} periods",
    digits=3,
)

# %%
fresh, lowest = best.values[0], chances[-1]
show.say(
    f"By hand, at the longest silence: a contact costs 4, and with chance {lowest} it "
    f"makes a fresh customer of {fresh:.2f} a period from now. That is worth "
    f"{lowest * fresh / 1.2:.2f}, so the contact does not pay."
)

# %% [markdown]
# **Reading.** The last line of the table has a negative worth while all are contacted: the contact
# costs more than what it brings, even with all that may follow. Stopping there lifts every line, because
# each customer may get there one day.
#
# **Decision.** Where the chain holds, stop where a contact costs more than its chance times the step up
# to a fresh customer, discounted.
#
# **Where this stops being true.** Two assumptions carry the rule: nobody buys without a contact, and a
# customer who returns is as good as new. The next section tests both.

# %% [markdown]
# ## When to stop calling
#
# First the chances at Qinghe, by quarter, each with an interval from drawing customers again. A row is a
# silence; "chances" counts the quarters in which customers stood there.

# %%
rates = clv.repurchase_by_recency(quarterly, longest=longest)
shown = rates.rename(columns={"recency": "quarters since purchase"})
show.table(
    shown,
    caption="Share who buy in a quarter, with 95 % intervals",
    percent=("rate", "low", "high"),
)

# %% [markdown]
# By the book, all these purchases are the fruit of contact, and a call would be worth its chance times
# the step back to the first row. But most of these people never got a call. In autumn 2024 Qinghe
# called members who had been silent for half a year, and drew by lot whom not to call. (A third arm got a
# voucher; a part of its rows was lost, so it is left out.)

# %%
contacts = data.load("company_campaign_contacts")
test = contacts[contacts["campaign_id"] == "CA4"]
called, spared = (test[test["arm"] == arm] for arm in ("call", "control"))
arms = pd.DataFrame(
    [
        [
            name,
            len(arm),
            arm["responded_on"].notna().sum(),
            arm["margin"].mean(),
        ]
        for name, arm in (("called", called), ("not called", spared))
    ],
    columns=["arm", "members", "bought", "margin each"],
)
arms["margin each"] /= 100
show.table(arms, caption="The test by lot: four weeks, margin in yuan a member")

# %%
bought = arms.set_index("arm")["bought"]
lift = stats.share_difference(
    (int(bought["called"]), len(called)),
    (int(bought["not called"]), len(spared)),
)
added = stats.mean_difference(called["margin"] / 100, spared["margin"] / 100)
show.say(
    f"A call adds {100 * lift.estimate:.1f} buyers in a hundred calls "
    f"({100 * lift.low:.1f} to {100 * lift.high:.1f}) and ¥{added.estimate:.2f} of "
    f"margin (¥{added.low:.2f} to ¥{added.high:.2f}). It costs ¥{call_cost:.2f}."
)

# %% [markdown]
# Three ways to price a call follow from this. *By the book:* every purchase is credited to it. *By the
# lift:* only the buyers whom it adds, each then as good as a fresh customer. *By the till:* only the
# margin of the test's own weeks. The test is too small to tell a lift for each silence, so one serves
# all. **Guess first:** how far do the three lie apart?

# %%
quarter = (1 + discount) ** 0.25 - 1
later = quarterly.sort_values("periods_ago", ascending=False)
later = later[later["customer_id"].duplicated()]
of_call = {
    "margin_per_purchase": later["amount"].mean() / 100 * margin,
    "contact_cost": call_cost,
    "discount_per_period": quarter,
}
chance = rates["rate"].to_numpy()
book = clv.best_contact_policy(chance, **of_call)
by_lot = clv.best_contact_policy(
    chance + lift.estimate, repurchase_without=chance, **of_call
)


def gain(chance_added, values):
    step = (values[0] - values[1:]) / (1 + quarter)
    return chance_added * step - call_cost


# %%
gains = pd.DataFrame(
    {
        "quarters since purchase": rates["recency"].astype(str),
        "by the book": gain(chance, book.values),
        "by the lift": gain(lift.estimate, by_lot.values),
        "by the till": added.estimate - call_cost,
        "low": added.low - call_cost,
        "high": added.high - call_cost,
    }
)
gains = gains[rates["recency"] >= 3]

# %%
promised = gains[["by the book", "by the lift"]]
show.lines(
    gains,
    x="quarters since purchase",
    y=["by the book", "by the lift", "by the till"],
    bands={"by the till": ("low", "high")},
    title="One call, three prices: only the till counts what was seen",
    xlabel="quarters since the last purchase",
    ylabel="gain of one call, yuan",
    alt="Lines of the gain of one call by silence. By the book it goes from "
    f"{promised.iloc[0, 0]:.0f} to {promised.iloc[-1, 0]:.0f} yuan, by the lift from "
    f"{promised.iloc[0, 1]:.0f} to {promised.iloc[-1, 1]:.0f}; by the till it is "
    f"{gains['by the till'].iloc[0]:.1f} at all silences, "
    f"{gains['low'].iloc[0]:.1f} to {gains['high'].iloc[0]:.1f}.",
)

# %% [markdown]
# A price leads to a rule: until which silence is a customer called? The next cell names the last silence
# by each price, and what the test leaves open.

# %%
show.say(
    f"By the book: call until {book.stop_after} quarters. By the lift: until "
    f"{by_lot.stop_after}. ({longest} is the longest silence counted.) By the till a "
    f"call gains ¥{added.estimate - call_cost:+.2f} (¥{added.low - call_cost:+.2f} to "
    f"¥{added.high - call_cost:+.2f}) at any silence."
)

# %% [markdown]
# Book and lift promise tens of yuan that the till has not seen. Both take a customer who returns for as
# good as new. That can be looked up: how many of those who came back after a silence bought in the
# next quarter, too, and what did they pay in the quarter of their return?

# %%
history = quarterly.sort_values("periods_ago", ascending=False)
ago = history.groupby("customer_id")["periods_ago"]
history["came after"] = (ago.shift(1) - history["periods_ago"]).clip(upper=4)
history["again"] = history["periods_ago"] - ago.shift(-1) == 1
history["paid"] = history["amount"] / 100
history = history[(history["periods_ago"] > 0)].dropna(subset="came after")
back = history.groupby("came after").agg(
    returns=("again", "size"), again=("again", "mean"), paid=("paid", "mean")
)
back.index = pd.Index(["1", "2", "3", "4 or more"], name="came after quarters")
back = back.rename(columns={"again": "next quarter too", "paid": "yuan paid"})
show.table(
    back,
    caption="How good returning customers are",
    digits={"yuan paid": 0},
    percent=("next quarter too",),
)

# %% [markdown]
# A cheaper contact stood two tests by lot in the same year: messages by app or text (campaigns two and
# three). Take the members who had then been silent for half a year or more, as in the test of calls. The
# truth gives the sales of each member on average with and without the contact; the share that stays as
# margin is that of the test.

# %%
stood = data.load("company_orders")[["customer_id", "ordered_at"]]
drawn = contacts[contacts["campaign_id"].isin(["CA2", "CA3"])]
drawn = pd.merge_asof(
    drawn.sort_values(["assigned_at", "customer_id"]),
    stood.sort_values("ordered_at"),
    left_on="assigned_at",
    right_on="ordered_at",
    by="customer_id",
)
quiet = drawn["assigned_at"] - drawn["ordered_at"] >= pd.Timedelta(days=180)
got = drawn["arm"] != "control"
message = stats.mean_difference(
    drawn.loc[quiet & got, "margin"] / 100,
    drawn.loc[quiet & ~got, "margin"] / 100,
)

# %%
kept = contacts.groupby(["campaign_id", "arm"])[["margin", "amount"]].sum()
kept = (kept["margin"] / kept["amount"] / 100).rename("kept").reset_index()
truth_of = data.load("company_truth_campaigns").merge(kept)
truth_of["margin"] = truth_of["expected_amount"] * truth_of["kept"]


def true_gain(members, arms, cost):
    rows = truth_of.merge(members[["campaign_id", "customer_id"]])
    without = rows["arm"] == "control"
    with_it = rows.loc[rows["arm"].isin(arms), "margin"].mean()
    return with_it - rows.loc[without, "margin"].mean() - cost


messages = set(drawn["arm"]) - {"control"}
true = [
    true_gain(drawn[quiet], messages, message_cost),
    true_gain(test, ["call"], call_cost),
]

# %%
both = pd.DataFrame(
    {
        "contact": ["message", "call"],
        "members": [message.n, added.n],
        "costs": [message_cost, call_cost],
    }
)
for name in ("estimate", "low", "high"):
    found = [getattr(one, name) for one in (message, added)]
    both[name] = np.array(found) - both["costs"]
both["truth"] = true
show.table(
    both.rename(columns={"estimate": "gain"}),
    caption="Gain of a contact to silent members by the till, yuan, beside the truth",
)

# %% [markdown]
# **Reading.** The table of returning customers takes the step back apart: those who came after three
# quarters buy again half as often as a regular, and pay half. In the last table the truth lies inside
# both intervals and far below what book and lift promised; for a call it is close to zero. In this
# simulation a call wins a purchase and changes nothing that follows.
#
# **Decision.** Stop paying for calls after two silent quarters: nothing shows that they earn their cost.
# Go on with messages, whose loss is small at worst, and leave a drawn part out each time.
#
# **Where this stops being true.** Nobody tested calls on customers of the last two quarters. Each message also
# tempts somebody to opt out, and that is not in these sums.

# %% [markdown]
# ## Groups first, then the model
#
# Dwyer's order is: group customers by attributes that were known when they were won, then choose a
# model for each group. What does the grouping change? Group by tier of city (1 for the largest cities, 4
# for the smallest), value each group by its own rate and money, and beside it by those of everybody
# (*pooled*). The sums are sales of the coming year, not discounted, as the truth counts them.

# %%
home = people.merge(cities[["city_id", "tier"]], on="city_id")
home = home[["customer_id", "tier", "acquisition_channel"]]
years = {"purchases": yearly.merge(home), "longest": 1, "periods": 1}
quarters = {"purchases": quarterly.merge(home), "longest": 4, "periods": 4}
cases = {
    "tier: lost for good, years": ("tier", "lost for good", years),
    "tier: lost for good, quarters": ("tier", "lost for good", quarters),
    "tier: always a share, quarters": ("tier", "always a share", quarters),
    "channel: lost for good, years": (
        "acquisition_channel",
        "lost for good",
        years,
    ),
}
flat = {"discount_per_period": 0.0, "resamples": 200}
found = {
    name: clv.values_by_group(group=group, behaviour=behaviour, **table, **flat)
    for name, (group, behaviour, table) in cases.items()
}

# %% tags=["B21d"]
tiers = found["tier: lost for good, years"]
told = tiers.rates.dropna(subset="group")
by_tier = tiers.groups.assign(rate=told["rate"].to_numpy())
for column in ("money_per_period", "value", "pooled_value"):
    by_tier[column] /= 100
names = {"group": "tier", "money_per_period": "yuan a year"}
names |= {"value": "own", "pooled_value": "pooled"}
by_tier = by_tier.rename(columns=names)
show.table(
    by_tier[["tier", "living", "rate", "yuan a year", "own", "pooled"]],
    caption="Lost for good by year: sales of the coming year in yuan, by tier",
    digits=0,
    percent=("rate",),
)

# %% [markdown]
# Now the truth, in two ways: all groups together, for both models, and group by group. The first table
# asks whether the total is right; the second, by what share the groups are off when their errors are
# added up without their signs.

# %%
expected = future.merge(home, on="customer_id")
expected = expected[expected["customer_id"].isin(yearly["customer_id"])]
total = expected["expected_amount"].sum() / 100
rows, off = [], []
for name, result in found.items():
    by = expected.groupby(cases[name][0])["expected_amount"].sum().to_numpy()
    own, pooled = (
        (result.groups[column] - by).abs().sum() / by.sum()
        for column in ("value", "pooled_value")
    )
    off.append([name, own, pooled])
    sums = result.value, result.low, result.high, result.pooled_value
    rows.append([name, *(each / 100 / total for each in sums)])

# %%
columns = ["groups: model", "own rates", "low", "high", "pooled"]
totals = pd.DataFrame(rows, columns=columns).head(3)
show.table(
    totals,
    caption=f"Sales of the coming year, in shares of the truth (¥{total:,.0f})",
    percent=("own rates", "low", "high", "pooled"),
)

# %%
errors = pd.DataFrame(off, columns=["groups: model", "own rates", "pooled"])
show.table(
    errors,
    caption="Errors of the groups, added up, as a share of the truth",
    percent=("own rates", "pooled"),
)

# %% [markdown]
# One picture for the tiers, in thousands of yuan: each group by its own rates, by everybody's, and in
# truth. Look for the tier where everybody's average misleads most.

# %%
picture = by_tier[["tier", "own", "pooled"]].rename(
    columns={"own": "own rates"}
)
picture["truth"] = expected.groupby("tier")["expected_amount"].sum().to_numpy()
picture["truth"] /= 100
picture[["own rates", "pooled", "truth"]] /= 1000
distance = (picture["pooled"] / picture["truth"] - 1).abs()
worst = picture.loc[distance.idxmax()]
show.bars(
    picture,
    x="tier",
    y=["own rates", "pooled", "truth"],
    title="Everybody's average misleads most in tier "
    f"{worst['tier']:.0f}: {worst['pooled'] / worst['truth'] - 1:+.0%}",
    xlabel="tier of city (1: the largest cities)",
    ylabel="sales of the coming year, thousand yuan",
    alt="Bars by tier of city: sales of the coming year by own rates, pooled, and in "
    f"truth. Pooled, tier {worst['tier']:.0f} gets {worst['pooled']:.0f} thousand "
    f"yuan; the truth is {worst['truth']:.0f}, and own rates say "
    f"{worst['own rates']:.0f}.",
    digits=0,
)

# %% [markdown]
# **Reading.** *Totals:* by year the truth lies inside the interval; by quarter both models miss low,
# "lost for good" by far, since it lets nobody return, and their intervals know nothing of it. Grouping hardly moves a total. *Groups:* by
# tier, own rates are nearer to the truth; by channel, they add noise, because channels hardly differ.
#
# **Decision.** Budget with the year. Group by tier where money goes to a tier, and leave
# the channels together.
#
# **Where this stops being true.** An interval holds the luck of the draw, never the wrong period. And a
# group that is formed by what was bought in these very years would sort by luck.

# %% [markdown]
# ## Break it: the average over those still there
#
# Marketing asks what a new customer may cost. An analyst finds a retention rate in a report, measured
# on customers who are there, and promises it for newcomers. First see how the rate depends on how long somebody has
# bought without a break. **Guess first:** do customers grow more loyal? The last column is the truth: the
# orders a year that each of them is set to place. Nobody's number changes with time.

# %%
chain = quarterly.sort_values("periods_ago", ascending=False)
chain["place"] = chain.groupby("customer_id").cumcount()
chain["start"] = chain.groupby("customer_id")["periods_ago"].transform("max")
chain = chain[chain["start"] - chain["periods_ago"] == chain["place"]]
habits = data.load("company_truth_people")[["customer_id", "orders_a_year"]]
ages = clv.retention_by_age(quarterly, ages=5).set_index("age")
ages = ages[["customers", "rate", "low", "high"]]
seen = chain[chain["periods_ago"] > 0].merge(habits, on="customer_id")
pace = seen.groupby(seen["place"].clip(upper=4) + 1)["orders_a_year"].mean()
ages["true orders a year"] = pace
show.table(
    ages,
    caption="Retention by quarters bought in a row (the last row: 5 or more)",
    percent=("rate", "low", "high"),
    digits={"true orders a year": 1},
)

# %% [markdown]
# The rate rises by itself: those who buy rarely drop out of the row first, and the busy are left. Now
# three constant rates that one finds in reports, as known a year before the end: that of newcomers,
# that of all customers of a quarter, and that of the loyal, who had bought for four quarters. Beside
# them stands a *mixture*, the shifted beta-geometric model: each customer keeps one rate for ever, and
# customers differ, by a beta distribution. All must say how many of the newcomers of 2022 are still
# there, quarter after quarter.

# %%
length = chain.groupby("customer_id")["start"].agg(["max", "size"])
cohorts = {
    start: [int((rows["size"] > k).sum()) for k in range(start + 1)]
    for start, rows in length.groupby("max")
}
known = [left[:-4] for start, left in cohorts.items() if start >= 5]
mixture = clv.ShiftedBetaGeometric().fit(known, periods_per_year=4)
first_year = [left[:9] for start, left in cohorts.items() if start >= 8]
actual = np.sum(first_year, axis=0) / np.sum(first_year, axis=0)[0]
year_ago = quarterly[quarterly["periods_ago"] >= 4]
year_ago = year_ago.assign(periods_ago=year_ago["periods_ago"] - 4)
stayed = sum(sum(left[4:]) for left in known)
asked = sum(sum(left[3:-1]) for left in known)
stay = {
    "newcomers": sum(c[1] for c in known) / sum(c[0] for c in known),
    "all": clv.repurchase_by_recency(year_ago, longest=1)["rate"].iloc[0],
    "the loyal": stayed / asked,
}

# %%
curves = pd.DataFrame({"quarter": range(9), "what came": actual})
curves["mixture"] = mixture.survival(8)
for name, constant in stay.items():
    curves[f"rate of {name}"] = constant ** curves["quarter"]
last = curves.iloc[-1]
show.lines(
    curves,
    x="quarter",
    y=list(curves.columns[1:]),
    title="No constant rate bends as the newcomers do",
    xlabel="quarters after the first purchase",
    ylabel="share who have bought without a break",
    alt="Lines of the share of newcomers still there. After eight quarters "
    f"{last['what came']:.0%} are; the mixture says {last['mixture']:.0%}, the rate "
    f"of the loyal {last['rate of the loyal']:.0%}, that of newcomers "
    f"{last['rate of newcomers']:.0%}.",
    percent=tuple(curves.columns[1:]),
)

# %% [markdown]
# The wrong decision follows in yuan: what are the first two years of a newcomer worth? For each rate,
# the expected quarters times the margin of a quarter, discounted; and by how much a
# budget for all newcomers of the last year would be off, if their value were spent on winning them.

# %%
early = {"discount_per_period": quarter, "first_margin": "now", "periods": 8}
of_quarter = of_call["margin_per_purchase"]
worth = {
    f"rate of {name}": of_quarter
    * clv.margin_multiple(constant, quarter, first_margin="now", periods=8)
    for name, constant in stay.items()
}
error = clv.constant_retention_error(
    mixture, margin_per_period=of_quarter, **early
)
worth["mixture"] = error.value_of_mixture
weights = (1 + quarter) ** -np.arange(9.0)
worth["what came"] = of_quarter * (actual * weights).sum()
newcomers = sum(left[0] for start, left in cohorts.items() if start < 4)
bill = pd.DataFrame({"value": worth}).rename_axis("two years by")
bill["off, all newcomers"] = (bill["value"] - worth["what came"]) * newcomers
show.table(
    bill,
    caption=f"A newcomer's first two years, and the error for {newcomers:,} "
    "newcomers; yuan",
    digits=0,
)

# %%
endless = clv.constant_retention_error(
    mixture,
    margin_per_period=of_quarter,
    discount_per_period=quarter,
    first_margin="now",
)
show.say(
    "Over a longer time the opposite mistake grows. For ever, the rate of newcomers, "
    f"held constant, makes ¥{endless.value_by_average:,.0f} of what is "
    f"¥{endless.value_of_mixture:,.0f} by the mixture: {endless.relative_error:+.0%}."
)

# %% [markdown]
# **Repair.** Let customers differ. Fit the mixture to cohorts from their first purchase on, and check
# it on quarters that it was not shown.
#
# **Reading.** The loyal's rate lies far above what came, and meets it only at the end; the newcomers'
# rate starts right and falls too fast, because it forgets that the loyal among them stay. The mixture
# was fitted without the last year, and of all lines it keeps nearest to what came.
#
# **Decision.** Ask of each retention rate: over whom? Never carry the rate of old customers over to
# new ones.
#
# **Where this stops being true.** "Without a break" leaves out those who come back, so these values are too low
# in all rows alike. The comparison between the rows is what counts.

# %% [markdown]
# ## Check yourself
#
# A wrong answer tells you which thought leads to it, so open those as well.

# %%
show.question(
    "By month, three returns in ten come after a month left out; by year hardly one in "
    "a hundred. Which kind of customers are these?",
    {
        "Lost for good, because the yearly table is the right one.": (
            False,
            "No table is right by itself: the same people made both. The kind belongs to "
            "the customers and to the length of the period together.",
        ),
        "It depends on the period: by year, lost for good describes them well.": (
            True,
            "A longer period swallows short silences. Choose period and model as a pair.",
        ),
        "Always a share, because three in ten is a lot.": (
            False,
            "By month it is a lot. You took the month for a fact of nature, and it was "
            "somebody's choice.",
        ),
    },
)

# %%
show.question(
    "Retention of those who have stayed for five quarters is higher than that of newcomers. "
    "What has happened?",
    {
        "Our service makes customers loyal over time.": (
            False,
            "It may, but this figure cannot show it: it rises also where nobody changes, "
            "because those who leave readily are gone by then.",
        ),
        "Who leaves readily is gone; the others are left.": (
            True,
            "The average moves because the people in it are others. Follow one cohort, "
            "and let customers differ.",
        ),
        "Newcomers of this year are worse than those of earlier years.": (
            False,
            "You compare ages, not years. Each cohort began with a low rate of its own.",
        ),
    },
)

# %%
show.question(
    "Of customers silent for three quarters, some buy in the next one. A call costs little "
    "beside a purchase. Does it pay to call them all?",
    {
        "Yes: chance times margin is above the cost of the call.": (
            False,
            "You credited the call with purchases that come without it. Members who were "
            "not called bought, too.",
        ),
        "No: who has been silent for so long never returns.": (
            False,
            "Some do return, called or not; the table of chances counts them.",
        ),
        "Only if a test by lot shows that the call adds more than it costs.": (
            True,
            "The difference between called and not called is the effect. Its interval says "
            "whether the test was large enough.",
        ),
    },
)

# %% [markdown]
# ## Key points
#
# - "Lost for good" and "always a share" are kinds of model *for a length of period*; late returns tell
#   which one fits.
# - Formula, recursion and Markov chain agree wherever they describe the same customers.
# - A point of retention is worth what those spend who would have left, not what the average spends.
# - A chance of repurchase is no effect of a contact. Stop where a test by lot finds no gain.
# - Groups set the level of each group right, if they really differ; the total hardly moves.
# - Average retention rises by itself, because the people in the average change.
#
# ## Sources
#
# - Dwyer, F. R. (1989). Customer Lifetime Valuation to Support Marketing Decision Making. *Journal of
#   Direct Marketing* 3(4), 8–15.
# - Berger, P. D. and Nasr, N. I. (1998). Customer Lifetime Value: Marketing Models and Applications.
#   *Journal of Interactive Marketing* 12(1), 17–30.
# - Pfeifer, P. E. and Carraway, R. L. (2000). Modeling Customer Relationships as Markov Chains.
#   *Journal of Interactive Marketing* 14(2), 43–55.
# - Gupta, S. and Lehmann, D. R. (2003). Customers as Assets. *Journal of Interactive Marketing* 17(1),
#   9–24.
# - Fader, P. S. and Hardie, B. G. S. (2007). How to Project Customer Retention. *Journal of Interactive
#   Marketing* 21(1), 76–90; and (2010). Customer-Base Valuation in a Contractual Setting: The Perils of
#   Ignoring Heterogeneity. *Marketing Science* 29(1), 85–93.
#
# ## What next
#
# Lower `call_cost` in the first code cell until the whole interval of a call's gain lies above zero: that
# is the price to ask of the call centre. The exercise,
# `exercises/05_clv/2_retention_and_migration.ipynb`, takes the chain to a shop for compact discs, where
# one cohort of customers falls silent; `.venv/bin/course progress` keeps count of your tasks.
