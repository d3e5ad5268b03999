# %% [markdown]
# # What will each customer still buy?
#
# **Question.** A shop that sells compact discs has 2,357 customers who all came in the same three
# months. It can afford to send some of them a personal catalogue. Who will still buy enough for the
# catalogue to earn back its cost?
#
# **Who decides.** The marketing manager, once a season, customer by customer.
#
# **Time.** 20 minutes to read, 20 to run and change.
#
# **You will be able to**
#
# - turn a list of purchases into the three numbers that tell what a customer may still do;
# - fit a model of "buy until you stop" and see whether it describes customers it was not shown;
# - put money on the forecast, with a cost, and see who is worth a letter;
# - recognise the error of units that makes such values four times too high.
#
# **What you need first.** Tables in pandas; what a mean and a probability distribution are.
#
# | term | 中文 | what it means here |
# |---|---|---|
# | customer lifetime value | 客户终身价值（终生价值） | money that a customer will still bring, from today on |
# | purchase frequency | 购买频率 | number of days with a purchase after the first one |
# | potential | 消费潜力 | what a customer may spend in the coming year |
# | hold-out | 留出样本 | weeks that the model is not shown, kept to judge it |
# | churn, dropping out | 流失 | the customer stops for good, and nobody tells us |

# %% tags=["parameters"]
as_of = "1997-09-30"  # last day that the models may see
horizon_weeks = 39  # how far ahead we look
margin = 0.30  # share of a sale that is left after its direct costs
lift = 0.20  # by how much a catalogue raises spending: assumed, not measured
catalogue_cost = 6.00  # dollars for each customer who gets one

# %% [markdown]
# ## What the shop knows
#
# The data are real: one tenth of the people who bought for the first time at the web shop CDNOW
# between January and March 1997, with every purchase until June 1998. Each line is one order. The
# first cell loads them and turns them into the form that all chapters use: ids as text, whole days,
# whole cents.

# %%
import datetime as dt

import pandas as pd

from customer_insight import data, features, show

orders = data.load("cdnow_sample")
transactions = data.transactions(
    orders, customer="master_id", day="date", amount="dollar_value"
)
show.table(
    transactions.head(5),
    caption="The first orders; amount in cents, day since 1970-01-01",
)

# %% [markdown]
# The shop sees purchases. It never sees a customer leave: nobody cancels anything. So the only
# evidence is the pattern of the purchases, and three numbers hold all of it that today's models use:
# how many purchase days came after the first, how many weeks lie between the first and the last, and
# how many weeks we have watched the customer. A calendar day with two orders counts once.
#
# We stop the clock on 30 September 1997 and keep the rest of the data for judging.

# %%
stop = dt.date.fromisoformat(as_of)
summary = features.purchase_summary(transactions, as_of=stop, unit="week")
summary = summary.sort_values("customer_id", ignore_index=True)
bands = ["0", "1", "2", "3", "4", "5", "6", "7 or more"]
band = pd.Categorical.from_codes(
    summary["repeat_purchases"].clip(upper=7), bands, ordered=True
)
counts = (
    band.value_counts().rename_axis("repeat purchases").to_frame("customers")
)
counts["share"] = counts["customers"] / len(summary)
show.table(
    counts,
    caption="Customers by repeat purchases until the clock stops",
    percent=("share",),
)

# %%
never = int((summary["repeat_purchases"] == 0).sum())
show.say(
    f"{never:,} of {len(summary):,} customers ({never / len(summary):.0%}) have not come back. "
    f"Together the customers made {summary['repeat_purchases'].sum():,} repeat purchases."
)

# %% [markdown]
# **Reading.** Most customers bought once. A few bought seven times and more, and they made a large
# part of all repeat purchases. An average purchase rate would describe neither group.
#
# **Decision.** Forecast customer by customer. A single rate for everybody is of no use for choosing.
#
# **Where this stops being true.** All these customers arrived within twelve weeks. A base with old
# and new customers mixed has more history for some than for others, and the table above would show
# age as much as liking.

# %% [markdown]
# ## Two coins that nobody sees
#
# Think of a customer who tosses two coins. With the first, each week, the customer decides whether
# to buy. After each purchase comes the second: heads, and the customer stays; tails, and the customer
# never returns. We see only the purchases. Each customer has coins of their own, and the model
# describes how the coins differ between people:
#
# - the purchase rate $\lambda$ follows a gamma distribution with shape $r$ and rate $\alpha$;
# - the chance $p$ to drop out after a purchase follows a beta distribution with $a$ and $b$.
#
# This is the BG/NBD model. Four numbers describe the whole crowd, and an average customer buys
# $E[\lambda] = r / \alpha$ times a week while active. We fit them with `lifetimes`, the package that
# you will meet most often.

# %% tags=["C1.2f"]
from lifetimes import BetaGeoFitter

history = (
    summary["repeat_purchases"],
    summary["weeks_first_to_last"],
    summary["weeks_observed"],
)
model = BetaGeoFitter().fit(*history)
show.table(
    model.params_.rename("estimate").rename_axis("parameter").to_frame(),
    caption="BG/NBD on the CDNOW sample, time in weeks",
    digits=4,
)

# %% [markdown]
# Before you look at a forecast, ask whether the model can at least repeat what it was shown. The next
# cell draws new customers from the fitted coins, watches each as long as the real ones were watched,
# and counts. **Guess first:** will the model see too many or too few customers with no repeat purchase?

# %%
import numpy as np

rng = np.random.default_rng(20240229)
r, alpha, a, b = model.params_[["r", "alpha", "a", "b"]]
drawn, rounds = np.zeros(8), 20
for _ in range(rounds):
    rate = rng.gamma(r, 1 / alpha, len(summary))
    last = rng.geometric(
        rng.beta(a, b, len(summary))
    )  # after it, the second coin says: leave
    bought = np.minimum(rng.poisson(rate * summary["weeks_observed"]), last)
    drawn += np.bincount(np.minimum(bought, 7), minlength=8) / rounds
fit = (
    counts[["customers"]]
    .rename(columns={"customers": "observed"})
    .reset_index()
)
fit["model"] = drawn.round().astype(int)

# %%
gap = (fit["model"] - fit["observed"]).abs()
show.bars(
    fit,
    x="repeat purchases",
    y=["observed", "model"],
    title="The model repeats what it was shown",
    xlabel=f"repeat purchases until {as_of}",
    ylabel="customers",
    alt=f"Bars of customers by repeat purchases, observed and drawn from the model. They differ by "
    f"{gap.max()} customers at most, at {fit['repeat purchases'][gap.argmax()]} repeat purchases.",
)

# %% [markdown]
# **Reading.** Compare the pairs of bars from the left. Each pair is close, also at the two ends, where
# simple models fail: the many who never returned, and the few who returned often. That is a surprise
# for a model with four numbers. The reason is that it lets people differ.
#
# **Decision.** The model is good enough to be tried on weeks that it has not seen. Nothing more: a
# good fit to the past is cheap.
#
# **Where this stops being true.** The coins do not change with time. A shop with a strong season, or
# customers who buy on a fixed rhythm (once a month, say), breaks the first coin.

# %% [markdown]
# ## The weeks that were held back
#
# Now the honest test. For each customer the model predicts purchases in the next weeks, and beside it
# stands the rule that everybody uses without saying so: *each customer goes on at the same rate as
# before*. A model that does not beat this rule has earned nothing.

# %%
actual = features.holdout_purchases(
    transactions, as_of=stop, horizon=f"{horizon_weeks} weeks"
)
judged = summary.merge(actual, on="customer_id", validate="one_to_one")
judged["model"] = model.conditional_expected_number_of_purchases_up_to_time(
    horizon_weeks, *history
)
judged["same rate"] = (
    judged["repeat_purchases"] / judged["weeks_observed"] * horizon_weeks
)

# %%
rules = ["model", "same rate"]
scores = pd.DataFrame(
    {
        "rule": rules,
        "predicted": [judged[rule].sum() for rule in rules],
        "actual": [judged["later_purchases"].sum()] * 2,
        "mean absolute error": [
            (judged[r] - judged["later_purchases"]).abs().mean() for r in rules
        ],
        "rank correlation": [
            judged[r].corr(judged["later_purchases"], method="spearman")
            for r in rules
        ],
    }
)
show.table(
    scores,
    caption=f"Purchases in the {horizon_weeks} weeks after {as_of}",
    digits={"predicted": 0, "actual": 0, "rank correlation": 3},
)

# %%
means = judged.groupby(band, observed=True)[["later_purchases", *rules]].mean()
means = means.rename(columns={"later_purchases": "actual"})
means = means.rename_axis("repeat purchases").reset_index()
most = means.iloc[-1]
show.lines(
    means,
    x="repeat purchases",
    y=["actual", *rules],
    title=f"The best customers: the same rate promises "
    f"{most['same rate'] / most['actual']:.1f} times what comes",
    xlabel=f"repeat purchases until {as_of}",
    ylabel=f"mean purchases, next {horizon_weeks} weeks",
    alt=f"Lines of mean purchases by past repeat purchases. Of those with 7 or more, "
    f"{most['actual']:.1f} came, the model said {most['model']:.1f}, the same rate "
    f"{most['same rate']:.1f}. For customers with none the same rate says 0; they bought too.",
)

# %%
miss = {
    rule: judged[rule].sum() / judged["later_purchases"].sum() - 1
    for rule in rules
}
nothing = judged[judged["repeat_purchases"] == 0]
show.say(
    f"In total the model is off by {miss['model']:+.0%}, the same rate by {miss['same rate']:+.0%}. "
    f"The {len(nothing):,} customers with no repeat purchase still made "
    f"{nothing['later_purchases'].sum() / judged['later_purchases'].sum():.0%} of all later purchases."
)

# %% [markdown]
# **Reading.** *Totals:* the simple rule forgets that customers drop out, so it promises far too much.
# It also says that those who bought once will buy nothing, and they are the largest group.
# *Errors:* the model's are smaller. *Order:* look at the last column of the table. If you only want
# customers in order, from best to worst, the simple rule is as good or a little better: the surprise
# of this lesson.
#
# **Decision.** Use the model wherever the *amount* matters: budgets, break-even, how many letters.
# For a plain ranking, the simple rule will do.
#
# **Where this stops being true.** Here the last column compares two numbers without saying how sure
# they are; a difference this small may turn round in another sample.

# %% [markdown]
# ## What a purchase brings
#
# Purchases are not money. The Gamma-Gamma model does for the amount what the coins did for the count:
# each customer has a usual basket, we see a few noisy baskets, and a customer with few of them is
# pulled towards the average of all. It assumes that how much one spends has nothing to do with how
# often one comes, so look at that first.

# %% tags=["D3.4p"]
from lifetimes import GammaGammaFitter

back = summary[summary["repeat_purchases"] > 0]
mean_spend = back["repeat_amount"] / back["repeat_purchases"] / 100  # dollars
related = mean_spend.corr(back["repeat_purchases"])
spend_model = GammaGammaFitter().fit(back["repeat_purchases"], mean_spend)
mean_spend = mean_spend.reindex(summary.index, fill_value=0)
judged["basket"] = spend_model.conditional_expected_average_profit(
    history[0], mean_spend
)
judged["value"] = judged["model"] * judged["basket"]
value = (
    judged["value"]
    .describe(percentiles=[0.5, 0.9, 0.99])
    .drop(["count", "std"])
)
show.table(
    value.rename("dollars").rename_axis("over all customers").to_frame(),
    caption=f"Expected spend of a customer in the next {horizon_weeks} weeks, in dollars",
)

# %%
spent = judged["later_amount"].sum() / 100
show.say(
    f"Number and size of purchases are nearly unrelated here (correlation {related:.2f}). The models "
    f"expect ${judged['value'].sum():,.0f} in the next {horizon_weeks} weeks; customers spent "
    f"${spent:,.0f}, so the forecast is {judged['value'].sum() / spent - 1:+.0%} off."
)

# %% [markdown]
# **Reading.** Read the table from the middle. Half of the customers are expected to spend less than
# the line marked 50%, and one in a hundred more than the line marked 99%. The mean lies far above the
# median, so "the average customer" is a person whom the shop rarely meets.
#
# **Decision.** Plan the season's income with the total. Plan letters with each customer's own value.
#
# **Where this stops being true.** The forecast of money is lower than what came, because the count was
# lower. And it is *sales*, not profit: goods, post and staff are not paid yet.

# %% [markdown]
# ## Who gets the catalogue?
#
# A catalogue costs money at once. What it brings is margin on *additional* sales. If it raises a
# customer's spending by a share $u$ and the margin is $m$, it pays for a customer whose expected
# spend $v$ satisfies $v \cdot m \cdot u > c$, with $c$ the cost of one catalogue. The line is drawn at
#
# $$v^{*} = \frac{c}{m \, u}.$$
#
# Both rules may choose their customers. Then we look at what these customers really spent.

# %%
judged["same rate, money"] = (
    judged["repeat_amount"] / 100 / judged["weeks_observed"] * horizon_weeks
)
line = catalogue_cost / (margin * lift)
gain = judged["later_amount"] / 100 * margin * lift - catalogue_cost
plan = []
for rule, column in (("model", "value"), ("same rate", "same rate, money")):
    chosen = judged[column] > line
    promised = (
        judged.loc[chosen, column] * margin * lift - catalogue_cost
    ).sum()
    plan.append(
        {"rule": rule, "letters": chosen.sum(), "promised gain": promised}
    )
    plan[-1] |= {
        "gain that came": gain[chosen].sum(),
        "bought nothing": (judged.loc[chosen, "later_amount"] == 0).mean(),
    }
plan = pd.DataFrame(plan)
show.table(
    plan,
    caption=f"Catalogues to customers with an expected spend over ${line:,.0f}; gains in dollars",
    digits=0,
    percent=("bought nothing",),
)

# %%
best, naive = plan.iloc[0], plan.iloc[1]
show.say(
    f"The model sends {best['letters']:,} letters and promises ${best['promised gain']:,.0f}; "
    f"${best['gain that came']:,.0f} came. The same rate sends {naive['letters']:,}, promises "
    f"${naive['promised gain']:,.0f}, and ${naive['gain that came']:,.0f} came. "
    f"A letter to everybody would have brought ${gain.sum():,.0f}."
)

# %% [markdown]
# **Reading.** The two rules agree on the very best customers. They differ in the middle: those with a
# few quick purchases, then a long silence. The simple rule writes to them all, because it cannot
# imagine that they left.
#
# **Decision.** Send catalogues to the customers whom the model places over the line, and keep the
# promised gain as the figure to check at the end of the season.
#
# **Where this stops being true.** The rise in spending is *assumed*, the same for everybody, and
# nobody has measured it. With half of it the line doubles. Only a test with a control group, some
# customers over the line who get no catalogue, can tell.

# %% [markdown]
# ## Break it: weeks read as days
#
# Values are usually quoted for a year. `lifetimes` has a function for this, and it asks for the unit
# of time in which the model was fitted. Ours was fitted in weeks. The function's default is days. Here
# are both calls for the first customer and for all. **Guess first:** how far apart are they?

# %% tags=["C1.2f"]
call = {
    "time": 12,
    "discount_rate": 0.01,
}  # twelve months, one per cent a month
arguments = (model, *history, mean_spend)
right = spend_model.customer_lifetime_value(*arguments, freq="W", **call)
wrong = spend_model.customer_lifetime_value(*arguments, freq="D", **call)
broken = pd.DataFrame(
    {
        "call": ['freq="W", as fitted', 'freq="D", the default'],
        "first customer": [right.iloc[0], wrong.iloc[0]],
        "all customers": [right.sum(), wrong.sum()],
        "over the line": [(right > line).sum(), (wrong > line).sum()],
    }
)
show.table(
    broken,
    caption="Value of the next twelve months in dollars, and customers over the line",
)

# %%
show.say(
    f"Read as days, the first customer is worth ${wrong.iloc[0]:.2f} instead of ${right.iloc[0]:.2f}, "
    f"and all customers together {wrong.sum() / right.sum():.1f} times too much. Catalogues would go "
    f"to {(wrong > line).sum():,} customers instead of {(right > line).sum():,}."
)

# %% [markdown]
# The function multiplies the months by thirty when it believes in days: twelve months become 360
# units. Our unit is a week, so it forecast 360 *weeks*, almost seven years, and called them one year.
# No error, no warning, and every number looks like money.
#
# **Repair.** Carry the unit with the number. The columns of our summary are called
# `weeks_first_to_last` and `weeks_observed`, and our horizons are texts such as "52 weeks", so that
# nothing has to be remembered.
#
# **Reading.** The two totals differ by a factor, and it is smaller than seven, because customers go on
# dropping out during the additional years. The published quick start of the package prints 140.10
# for this customer, and 36.28 is right; our cents differ because its table rounds weeks to two places.
#
# **Decision.** Before any value leaves the house, compare it with what customers spent in the same
# length of time before. A forecast several times as large needs a reason.
#
# **Where this stops being true.** The comparison finds errors of units. It does not find a forecast
# that is a fifth too high.

# %% [markdown]
# ## Key points
#
# - Three numbers describe a customer who can leave without a word: repeat purchases, time from the
#   first to the last, time observed.
# - A forecast is judged on weeks that it was not shown, beside the rule "as before".
# - The model wins on amounts. For a ranking alone, the simple rule is as good.
# - A value is sales times margin times what your action *changes*; the last factor needs a test.
# - A number without its unit of time will be read in the wrong one.
#
# ## Sources
#
# - Fader, P. S., Hardie, B. G. S. and Lee, K. L. (2005). "Counting Your Customers" the Easy Way: An
#   Alternative to the Pareto/NBD Model. *Marketing Science* 24(2), 275–284.
# - Fader, P. S. and Hardie, B. G. S. (2013). *The Gamma-Gamma Model of Monetary Value.* Note at
#   brucehardie.com.
# - CDNOW data: B. Hardie's data page, free for research; the copy inside `lifetimes` 0.11.3 is used.
#
# ## What next
#
# Change `lift` to 0.10 in the first code cell, run all cells again, and see who still gets a
# catalogue. Then set `as_of` to "1997-06-30": does the model still win when it has seen less?
