# %% [markdown]
# # What is a customer worth beyond their own purchases?
#
# **Question.** Qinghe (清禾) knows what each customer will probably buy. Customers also bring friends,
# pay late, and leave. Where should the next 100,000 yuan go, to keeping customers or to winning new
# ones? And which organisations may pay after delivery?
#
# **Who decides.** The managing director splits the money once a year; the head of sales and the
# accountant grant payment terms, organisation by organisation.
#
# **Time.** 31 minutes to read, 14 to run and change.
#
# **You will be able to**
#
# - credit a referral to somebody without adding the same money twice;
# - say how bad a bad year may be, in money, and why a padded discount rate does not say it;
# - put a price on payment terms, by credit grade, with an interval;
# - read a value card of four parts, and find out when two parts say the same;
# - split a budget between winning and keeping when nobody knows the two ceilings.
#
# **What you need first.** The lesson on purchase models, up to the value of a year; what a quantile is.
#
# | term | 中文 | what it means here |
# |---|---|---|
# | referral value | 客户推荐价值 | value of those whom a customer brought and who would not have come otherwise |
# | customer risk assessment | 客户风险评估 | how much less than expected a customer, or all of them, may bring |
# | conditional value at risk | 条件风险价值 | mean of the worst outcomes, here of the worst 5 in 100 |
# | credit risk | 信用风险 | that an organisation pays late or never |
# | credit grade | 信用评估等级 | letter from A to D that a third party gives an organisation |
# | value card | 客户价值评估模型 | life-time value, frequency, referral and risk of one customer side by side |
# | complexity of customer value | 客户终生价值的复杂性和变化性 | what one lost customer costs in the books, and as cash flow |
# | customer equity | 客户资产 | value of today's customers and of those still to come |
# | acquire or retain | 投资于新业务与留住客户的取舍 | which share of a budget wins customers, and which keeps them |

# %% tags=["parameters"]
margin = 0.35  # share of a sale left after goods, returns and delivery: from the accounts
discount = 0.10  # a year: what waiting for money costs
year = "52 weeks"  # horizon of a customer's value
long = "260 weeks"  # horizon of what is lost with a customer
believed = 0.60  # share of referral codes taken to be true: assumed
prepay_loss = 0.10  # share of orders lost by asking for money first: a guess
keeping_cost = 28.0  # yuan a customer and year, service and points: accounts
winning_ceiling = 0.04  # share of visitors won if money were no matter: a guess
keeping_ceiling = 0.62  # share of customers kept, likewise: a guess
next_money = 100_000  # yuan to spend

# %% [markdown]
# ## What is a customer's word worth?
#
# Who signs up may type in the code of a customer, who gets a reward. The cells load the orders of
# people and the codes until today, the end of 2024. Amounts in the tables are fen, hundredths of a yuan;
# what we show is yuan.

# %%
import datetime as dt

import numpy as np
import pandas as pd

from customer_insight import clv, data, features, show, stats

stop = dt.date(2024, 12, 31)  # today; the tables end with this day
end = pd.Timestamp(stop)
transactions = data.company_transactions(side="person")
people = data.load("company_customers")
codes = data.load("company_referrals")

# %%
first = codes[["referrer_id", "referred_id", "day"]].head(3)
first["day"] = first["day"].dt.date
show.table(first, caption="Codes used at sign-up: whose code, by whom, when")

# %% [markdown]
# First each customer's *own* value: the margin of the coming year, from the models of purchases and
# spend that you know. The cell sets it beside the truth. Qinghe is a simulated company, and its hidden
# tables say what every customer will spend on average. A method is marked with them, and never fed.


# %%
def fitted(transactions, day):
    summary = features.purchase_summary(transactions, as_of=day, unit="week")
    summary = summary.sort_values("customer_id", ignore_index=True)
    back = summary[summary["repeat_purchases"] > 0]
    return summary, (clv.BGNBD().fit(summary), clv.GammaGamma().fit(back))


summary, (purchases, spend) = fitted(transactions, stop)
basket = margin * spend.expected_spend(summary)
own, own_long = (
    purchases.discounted_value(
        summary, basket, horizon=length, discount_per_year=discount
    )
    for length in (year, long)
)

# %%
future = data.load("company_truth_future")
truth = future[future["as_of"] == end].set_index("customer_id")
true_own = margin * truth["expected_amount"]
show.say(
    f"The model expects {own.sum() / 100:,.0f} yuan of margin in the year after "
    f"{stop}; the true expectation is {true_own.sum() / 100:,.0f} yuan "
    f"({own.sum() / true_own.sum() - 1:+.0%})."
)

# %% [markdown]
# Now the referrals. We need a rule that says *whose* value a referred customer's is, and the rule must
# not make more of it. Ours: a referred customer passes the part that the referrer caused up to the
# referrer and keeps the rest. A code does not prove a cause, so only a believed share counts.
#
# The call has three settings. `caused` is the chance that a code is true; `share` is how much of the
# caused value goes up, here all of it; `depth` is how many links up it goes, here one: to the referrer
# and no further. **Guess first:** what does this do to the sum over all customers?

# %% tags=["C1.2r"]
whole = dict(zip(summary["customer_id"], np.rint(own), strict=True))
values = people[["customer_id"]].reset_index(drop=True)
values["value"] = values["customer_id"].map(whole).fillna(0).astype("int64")
credited = clv.referral_value(
    values, codes, share=1.0, depth=1, caused=believed
)
best = credited.nlargest(5, "received").set_index("customer_id") / 100
show.table(
    best.rename_axis("customer"),
    caption="The five who receive most for those they brought; yuan of margin a year",
    digits=0,
)

# %%
total = credited.sum(numeric_only=True) / 100
both = best[best["given"] > 0].iloc[0]
show.say(
    f"{both.name} came by a code and has brought others. Own value "
    f"{both['value']:,.0f} yuan; {believed:.0%} of it, {both['given']:,.0f}, is "
    f"given to the referrer; {both['received']:,.0f} is received; "
    f"{both['with_referrals']:,.0f} is left. The sum over all: "
    f"{total['value']:,.0f} yuan before and {total['with_referrals']:,.0f} after. "
    f"{total['given']:,.0f} yuan were given by some and received by others."
)

# %% [markdown]
# The rule moves money and makes none. **How far off were we?** The truth names for each arrival the
# person who caused it, if anybody did. Set the codes beside it: how many people, and what they are worth.

# %%
hidden = data.load("company_truth_referrals")
caused = hidden.dropna(subset="caused_by")[["referred_id", "caused_by"]]
caused = caused.rename(columns={"caused_by": "referrer_id"})
claims = clv.check_claims(values, codes, caused)
true_credit = clv.referral_value(values, caused, share=1.0, depth=1, caused=1.0)
people_worth = {
    "used a code": (claims.claimed, claims.claimed_value),
    "truly won by somebody": (claims.caused, claims.caused_value),
    "both, by the same person": (claims.confirmed, claims.confirmed_value),
}
lists = pd.DataFrame(people_worth, index=["people", "own value, yuan"]).T
lists["own value, yuan"] /= 100
show.table(
    lists.rename_axis("who"),
    caption="Those who came by a code, and those who truly were won",
    digits=0,
)

# %%
twenty = [
    set(table.nlargest(20, "received")["customer_id"])
    for table in (credited, true_credit)
]
show.say(
    f"{claims.confirmed_share:.0%} of the codes are true (we believed "
    f"{believed:.0%}). The codes miss {claims.unclaimed_share:.0%} of those who "
    f"were won. So we credited {total['received']:,.0f} yuan, and "
    f"{claims.caused_value / 100:,.0f} would be true. Of the 20 best referrers "
    f"by code, {len(twenty[0] & twenty[1])} are among the true 20."
)

# %% [markdown]
# One share corrects what the codes claim too much. It brings back neither those whom they miss nor the
# right names.
#
# What does an arrival cost, then? Each used code costs a reward, true or not, so the price of a *caused*
# arrival is the cost of a code over the share that is true. The cells compare it with the channels of the
# last year. Of an advertisement we take all sign-ups to be caused, which makes it look cheaper than it is.

# %%
bought_ads = data.load("company_acquisition_spend")
bought_ads = bought_ads[bought_ads["month"].dt.year == stop.year]
ads = bought_ads.groupby("acquisition_channel")[["spend", "visits"]].sum()
this_year = people[people["signed_up_on"].dt.year == stop.year]
ads["sign-ups"] = this_year["acquisition_channel"].value_counts()
recent = codes[codes["day"].dt.year == stop.year]
rewards = recent["reward"].sum()
ads.loc["referral", "spend"] += rewards
ads["yuan a sign-up"] = ads["spend"] / ads["sign-ups"] / 100
ads["spend"] /= 100
friend = ads.loc["referral", "yuan a sign-up"]
show.table(
    ads.sort_values("yuan a sign-up").rename_axis("channel"),
    caption=f"Winning customers in {stop.year}: yuan spent, rewards included",
    digits=1,
)

# %%
dear = ads.drop(index="referral")["yuan a sign-up"]
show.say(
    f"A code costs {friend:.0f} yuan. If {believed:.0%} of the codes are true, a "
    f"caused arrival costs {friend / believed:.0f} yuan; "
    f"{(dear > friend / believed).sum()} of {len(dear)} other channels are dearer."
)

# %% [markdown]
# **Reading.** The first table has customers whose own value is small and who receive much: they are
# invisible in any list by purchases. In the second, one code in three names somebody who did not win that
# person, and one in three of those who were won typed no code, or another's.
#
# **Decision.** Keep the reward: even at the price of a caused arrival it is cheaper than most
# advertising. Send no personal thanks to "our best referrers": too many of the names are wrong. Where
# hundreds are chosen at once, the codes still help, as the value card will show.
#
# **Where this stops being true.** The believed share comes from outside the data. Only a test gives
# it, such as months drawn by lot in which no code is offered; here the truth was at hand.

# %% [markdown]
# ## How sure is the money?
#
# An expected value says nothing of a bad year. The *distribution* does: draw what customers will buy and
# spend, many times, and look at the bad end. As a measure we take the conditional value at risk, the mean
# of the worst 5 in 100 outcomes. To be judged, the model stands one year back and forecasts the
# year that we know. **Guess first:** what is the bad end of one customer, in per cent of the mean?

# %%
back_day = dt.date(stop.year - 1, 12, 31)
past, past_models = fitted(transactions, back_day)
chance = {
    "horizon": f"{(stop - back_day).days} days",
    "discount_per_year": 0.0,
    "margin_rate": margin,
    "draws": 400,
    "seed": 1,
}
drawn = np.random.default_rng(20240229).permutation(len(past))
single = clv.customer_value_risk(past_models, past.iloc[drawn[:300]], **chance)
alone = [single[n].sum() for n in ("mean", "conditional_value_at_risk")]
rows = [("300, each alone", *alone)]
for size in (10, 100, len(past)):
    group = clv.group_value_risk(past_models, past.iloc[drawn[:size]], **chance)
    ends = group.mean, group.conditional_value_at_risk
    rows.append((f"{size:,} together", *ends))

# %% tags=["C1.2k"]
sizes = pd.DataFrame(rows, columns=["customers", "mean", "bad end"])
sizes[["mean", "bad end"]] /= 100
sizes["bad end / mean"] = sizes["bad end"] / sizes["mean"]
show.table(
    sizes,
    caption=f"Margin of {stop.year} as seen on {back_day}: mean and mean of the "
    f"worst 5 in 100, yuan",
    digits=0,
    percent=("bad end / mean",),
)

# %% [markdown]
# Alone, nearly everybody's bad end is nothing: a year without a purchase. (The first row adds up these
# ends.) Together, chance averages out, and a large group looks safe. Is it? **How far off were we?** The
# truth knows segments that no table of the company shows; we take three. Steady people buy at random
# times and leave at random, as the model supposes. Families take more tea in summer. People with a
# rhythm buy at regular gaps. Each gets a model of its own, and its interval is set beside what came.

# %%
segment = data.load("company_truth_people").set_index("customer_id")["segment"]
came = margin * future[future["as_of"] == pd.Timestamp(back_day)].set_index(
    "customer_id"
)["actual_amount"].fillna(0)
rows = [["all", group, came[past["customer_id"]].sum()]]
for name in ("steady", "family", "rhythm"):
    ids = transactions["customer_id"].map(segment) == name
    part, part_models = fitted(transactions[ids], back_day)
    found = clv.group_value_risk(part_models, part, **chance)
    rows.append([name, found, came[part["customer_id"]].sum()])
judged = pd.DataFrame(
    [
        [name, *(found.quantiles / found.mean), actual / found.mean]
        for name, found, actual in rows
    ],
    columns=["segment", "low", "middle", "high", "came"],
)
low, high = judged["low"], judged["high"]
outside = judged[~judged["came"].between(low, high)]

# %%
fig, axes = show.canvas(height=3.2)
places = np.arange(len(judged))
axes.hlines(places, low, high, lw=7, alpha=0.35, label="90 % of draws")
label = f"came in {stop.year}"
axes.plot(judged["came"], places, "D", color=show.PALETTE[1], label=label)
axes.axvline(1, color="black", lw=0.8)
axes.set_yticks(places, judged["segment"])
axes.set(
    title=f"What came lies outside the interval in {len(outside)} of {len(judged)} cases",
    xlabel="margin, as a multiple of the mean forecast",
    ylabel="segment",
    ylim=(len(judged) - 0.4, -0.6),
)
axes.legend(loc="upper left", bbox_to_anchor=(1, 1))
show.figure(
    fig,
    alt=f"Intervals of drawn margins by segment, and what came. Outside of its interval: "
    f"{', '.join(outside['segment']) or 'none'}.",
    numbers=judged,
)

# %% [markdown]
# The segment called steady buys as the model supposes, and there the interval holds. Elsewhere the model
# is wrong, and more draws do not help: they repeat the error. The interval is of chance, not of models.
#
# Many firms say risk otherwise: they *pad the discount rate*, ten points for the bank and some for the
# danger. Take flows of which every year a tenth is lost to bad debts. Which premium takes off as much
# as that loss? If a share q is lost, (1 - q) / (1 + rate) must equal 1 / (1 + rate + premium) over one
# year; over more years, the sums of such terms must be equal. And which premium if the loss grows, a
# tenth of what is left each year?

# %%
flows, years = np.full(5, 1000.0), np.arange(1, 6)
lost = {
    "a steady loss of a tenth": flows * 0.9,
    "a loss that grows": flows * 0.9**years,
}
premium = pd.DataFrame(
    {
        name: clv.equivalent_premium(flows, sure, discount_per_year=discount)
        for name, sure in lost.items()
    },
    index=pd.Index(years, name="years"),
)
show.table(
    premium,
    caption="Points to add to the discount rate, to take off the same, by horizon",
    percent=tuple(lost),
)

# %%
steady_loss = premium["a steady loss of a tenth"]
show.say(
    f"The same loss is worth {steady_loss.iloc[0]:.1%} of premium over one year and "
    f"{steady_loss.iloc[-1]:.1%} over five. No single padded rate is right for both."
)

# %% [markdown]
# **Reading.** Going down the first table, the bad end rises from almost nothing to nearly the mean. In
# the figure, the base as a whole came in above its interval: the year's surprise was the model, not
# luck. In the last table only a loss that grows has one premium for all horizons.
#
# **Decision.** Quote the base with its bad end in yuan, and add how far last year's forecast was off.
# Take bad debts off as money; leave the discount rate to time.
#
# **Where this stops being true.** The draws let customers act each on their own. A scandal or a recession
# hits all at once; it is in none of these numbers, and it would lie on the other side.

# %% [markdown]
# ## Who may pay later?
#
# Organisations buy on an invoice and pay in 30 to 60 days. An agency grades them: a credit
# assessment (信用评估) by a third party. *Default* means that an invoice is 90 days past due with more than
# three tenths of it missing. Who has no default yet may still get one, so we do not count defaults per
# firm but per *year at risk*: a year in which one firm could have had its first default before our eyes. A
# firm that defaults after two months adds a sixth of a year, and so a rate may exceed 1. The letters A
# and B have so few defaults that they share a row.

# %%
invoices = data.load("company_invoices")
firms = data.load("company_organisations")
firms = firms.rename(columns={"agency_grade": "grade"})
book = clv.Receivables.read(invoices, as_of=stop)
risks = clv.grade_risks(book, firms, order="ABCD", thin="pool", seed=1)
by_grade = pd.DataFrame(
    {
        "grade": [" ".join(risk.grades) for risk in risks],
        "firms": [risk.customers for risk in risks],
        "in default": [risk.defaults for risk in risks],
        "years at risk": [risk.years_at_risk for risk in risks],
        "a year": [risk.rate for risk in risks],
        "low": [risk.low for risk in risks],
        "high": [risk.high for risk in risks],
        "paid late": [risk.late.estimate for risk in risks],
    }
)

# %% tags=["C2.3k"]
show.table(
    by_grade,
    caption="Organisations by credit grade: firms ever in default, defaults a "
    "year at risk with 95 % interval, and share of invoices paid late",
    digits={"years at risk": 1},
    percent=("paid late",),
)

# %% [markdown]
# A default is not the end: most of the money still comes. The expected loss of a firm is the chance of a
# default within the year, times the share lost in one, times what is owed on an average day (`exposure`),
# discounted. At a rate $h$ that chance is $1 - e^{-h}$. Terms have a second cost, which nobody sees on an
# invoice: waiting, the discount rate times the exposure.
#
# Asking for money first saves both costs and drives orders away, with their margin. So we divide the costs
# by the margin: **it is the share of the orders that may stay away before asking for money first is the
# worse choice**. Few defaults make a rough rate, so terms are granted where even the high end of the cost
# stays below the share that the head of sales expects to lose.

# %%
given = clv.loss_given_default(book, seed=1)  # the share lost
ordered = data.company_transactions(side="organisation")
latest = pd.to_datetime(ordered["day"], unit="D").dt.year == stop.year
sales = ordered[latest].groupby("customer_id")["amount"].sum()
firms["value"] = firms["customer_id"].map(sales).fillna(0) * margin
losses = clv.expected_losses(
    book, firms, risks, given, horizon="365 days", discount_per_year=discount
)
account = firms[["customer_id", "grade", "value"]].merge(
    losses.drop(columns="value_after_loss"), on="customer_id"
)
account["grade"] = account["grade"].fillna("ungraded")
account["waiting"] = discount * account["exposure"]

# %%
terms = account.groupby("grade").sum(numeric_only=True) / 100
terms = terms.rename(columns={"value": "margin"})
for name, size in (("cost", "expected_loss"), ("at worst", "loss_high")):
    terms[name] = (terms["waiting"] + terms[size]) / terms["margin"]
terms["terms"] = np.where(terms["at worst"] < prepay_loss, "yes", "no")
show.table(
    terms.drop(columns=["in_default", "loss_low"]).rename(
        columns={"expected_loss": "expected loss", "loss_high": "high end"}
    ),
    caption=f"Payment terms by grade, yuan a year; cost (waiting and loss) as a "
    f"share of the margin, terms where it is at worst below {prepay_loss:.0%}",
    digits=0,
    percent=("cost", "at worst"),
)

# %%
worst_risk = next(risk for risk in risks if risk.grades == ("D",))
chance_d = worst_risk.probability_of_default("365 days")[0]
show.say(
    f"A default cost {given.estimate:.0%} of what was owed ({given.low:.0%} to "
    f"{given.high:.0%}, from {given.n} firms whose default is 90 days old). By "
    f"hand, for D: a chance of {chance_d:.0%} x {given.estimate:.1%} lost x "
    f"{terms.loc['D', 'exposure']:,.0f} yuan owed = "
    f"{chance_d * given.estimate * terms.loc['D', 'exposure']:,.0f}; discounted "
    f"{terms.loc['D', 'expected_loss']:,.0f}."
)

# %% [markdown]
# **How far off were we?** The truth holds the chance of every organisation to *fail*, to go out of
# business, within the year. That is much rarer than a default: most defaults are slow payers who pay in
# the end. But of what a failed firm owes, about seven eighths are lost. Rare and large against often and
# small: the products should agree. The cell adds up the true ones of those who are still customers.

# %%
fate = data.load("company_truth_organisations").set_index("customer_id")
at = account.set_index("customer_id").join(fate)
still = at[at["left_on"].isna()]
lost_share = 1 - 0.35 * 0.35  # 35 in 100 invoices bring in 35 % of their sum
true_loss = (
    lost_share * (still[f"default_{stop.year}"] * still["exposure"]).sum()
)
show.say(
    f"Expected loss: {still['expected_loss'].sum() / 100:,.0f} yuan, with ends of "
    f"{still['loss_low'].sum() / 100:,.0f} and {still['loss_high'].sum() / 100:,.0f}; "
    f"true: {true_loss / 100:,.0f}."
)

# %%
refused = terms.index[terms["terms"] == "no"]
close_call = terms.index[
    (terms["cost"] < prepay_loss) & (terms["at worst"] >= prepay_loss)
]
waits = terms["waiting"].sum() / terms[["waiting", "expected_loss"]].sum().sum()
show.say(
    f"Money first from grade: {', '.join(refused) or 'none'}. All others get "
    f"terms. Close calls, where terms pay by the estimate and not at the high "
    f"end: {', '.join(close_call) or 'none'}. Of the whole cost of terms, "
    f"{waits:.0%} is waiting."
)

# %% [markdown]
# **Reading.** The rate rises from letter to letter, and its intervals are wide: few firms, few years. The
# surprise is in the money: waiting costs more than bad debts do, and even at the high end the poorest
# letter earns more margin than it loses. It is not refused because it loses money, but because asking for
# money first may lose less.
#
# **Decision.** Terms where their cost stays below the margin that money first would drive away, at the
# high end too; the others pay first. For good payers, shorten the days rather than check them harder.
#
# **Where this stops being true.** The rates hold a downturn year (2023) and are those of no single year.
# And the share that asking for money first drives away is a guess of the head of sales: ask some firms by
# lot, and count.

# %% [markdown]
# ## Four parts on one card, and one customer gone
#
# A value card (客户价值评估模型) sets four parts side by side: life-time value, frequency, referral
# and risk. They have different units, so each customer gets a rank under each part (1 is best, equals
# share a place), and the ranks are added up with weights; the best sum has the joint rank 1. For risk we
# take the chance of a year without a purchase, and little is good. Mean less bad end would tell nothing
# new: the bad end of almost everybody is nothing, so it would be the value once more.

# %%
weights = {"lifetime_value": 40, "frequency": 20, "referral": 20, "risk": 20}
received = credited.set_index("customer_id")["received"]
parts = pd.DataFrame(
    {
        "customer_id": summary["customer_id"],
        "lifetime_value": own / 100,
        "frequency": purchases.expected_purchases(summary, horizon=year),
        "referral": summary["customer_id"].map(received) / 100,
        "risk": purchases.conditional_count_distribution(
            summary, horizon=year, most=0
        )[:, 0],
    }
)
card = clv.value_card(parts, weights=weights)

# %% tags=["C1.2m"]
tops = [f"rank_{part}" for part in weights]
whose = {
    "best value": "rank_lifetime_value",
    "best referrer": "rank_referral",
    "safest": "rank_risk",
    "best of all four": "rank",
}
four = pd.concat(
    [card.nsmallest(1, [name, "rank"]) for name in whose.values()]
).set_index(pd.Index(whose, name="customer"))
show.table(
    four[[*weights, *tops, "rank"]].rename(
        columns=lambda name: name.replace("_", " ")
    ),
    caption=f"Four customers of {len(card):,}: parts (yuan, purchases, yuan, chance), "
    f"ranks under each, and together",
    digits={"risk": 3},
)

# %% [markdown]
# Weights are somebody's opinion, so move them. And look at how the parts hang together: if two of them
# rank alike, they are one part with two names. *Rank correlation* says how alike: 1 for the same order,
# near 0 if one order tells nothing of the other. **Guess first:** which part can be left out with the
# fewest changes on top?

# %%
moved = clv.weight_sensitivity(card, weights=weights, top=0.10)
show.table(
    moved.scenarios.rename(
        columns={
            "rank_correlation": "rank correlation",
            "top_kept": "top tenth kept",
        }
    ),
    caption="Other weights: how like the joint rank stays, and who stays on top",
    percent=("top tenth kept",),
)

# %%
alike = {
    part: stats.spearman(parts["lifetime_value"], sign * parts[part])
    for part, sign in (("frequency", 1), ("risk", -1), ("referral", 1))
}
changes = moved.scenarios.set_index("scenario")["top_kept"]
changes = changes.filter(like="without")
show.say(
    f"The fewest changes on top: {changes.idxmax()}, {changes.max():.0%} of the "
    f"top tenth stay. Rank correlation with life-time value: "
    + ", ".join(f"{part} {score:.2f}" for part, score in alike.items())
    + " (safest first for risk)."
)

# %% [markdown]
# Three of the four parts are nearly one. **How far off were we?** Choose a tenth of the customers by the card,
# and a tenth by money. Which tenth holds more of the true value, true referrals credited by our rule?

# %%
true_values = values.assign(
    value=values["customer_id"].map(true_own).round().astype("int64")
)
credit = {"share": 1.0, "depth": 1, "caused": 1.0}
true_total = clv.referral_value(true_values, caused, **credit)
goal, money = (
    summary["customer_id"].map(table.set_index("customer_id")["with_referrals"])
    for table in (true_total, credited)
)
choices = {
    "points of the card": card["points"],
    "own value": parts["lifetime_value"],
    "value with referrals": money,
}
tenth = len(goal) // 10
caught = {
    name: goal[score.nlargest(tenth).index].sum() / goal.sum()
    for name, score in choices.items()
}
caught = pd.Series(caught, name="share").rename_axis("a tenth by").to_frame()

# %%
show.table(
    caught,
    caption="Share of the true value, referrals credited, in the tenth chosen",
    percent=("share",),
)

# %% [markdown]
# The last topic of this section is what happens when somebody goes. The books show a year without the
# customer's sales and margin. As cash flow, all years to come are gone, and with them the friends that
# the customer would *still* bring; those who came already stay. A newcomer may take the place, at a price
# and with a delay. We take three customers: one who buys often, one who has been silent for half a year,
# and one who brought others this year.

# %%
ids = summary["customer_id"]
last_day = (back_day - dt.date(1970, 1, 1)).days
bought = transactions[transactions["day"] > last_day]
revenue = ids.map(bought.groupby("customer_id")["amount"].sum()).fillna(0)
spent = ids.map(transactions.groupby("customer_id")["amount"].sum())
joined = ids.isin(this_year["customer_id"])
newcomer = (margin * spent + own_long)[joined].sum() / len(this_year)
brings = ids.map(recent["referrer_id"].value_counts()).fillna(0)
base = pd.DataFrame(
    {
        "customer_id": ids,
        "period_revenue": revenue,
        "period_margin": margin * revenue,
        "lifetime_value": own_long,
        "referral_value": believed * newcomer * brings,
    }
)

# %% tags=["B21c"]
cost = 100 * ads["spend"].sum() / ads["sign-ups"].sum()
loss = clv.cost_of_loss(
    base,
    replacement_cost=cost,
    replacement_value=newcomer,
    replacement_delay="26 weeks",
    discount_per_year=discount,
)
silent = summary["weeks_observed"] - summary["weeks_first_to_last"]
booked = loss["period_margin"]
regular, gone = booked[silent < 4].idxmax(), booked[silent > 26].idxmax()
three = loss.loc[[regular, gone, loss["referral_value"].idxmax()]]
three = three.drop(columns="customer_id")
three.iloc[:, :6] /= 100
three.insert(0, "customer", ["buys often", "silent", "brings friends"])
three.columns = three.columns.str.replace("_", " ")
show.table(
    three,
    caption=f"What is lost with one customer, in yuan: the books of a year, and "
    f"cash flow of {long}",
    digits={"times books": 1} | dict.fromkeys(three.columns[1:-1], 0),
)

# %%
replaced = (three["loss if not replaced"] - three["loss if replaced"]).iloc[0]
show.say(
    f"A newcomer is worth {newcomer / 100:,.0f} yuan over {long} and costs "
    f"{cost / 100:,.0f}; half a year later and discounted, a replacement makes "
    f"each loss {replaced:,.0f} yuan smaller. How far off were we? The books of the last year "
    f"say {base['period_margin'].sum() / 100:,.0f} yuan of margin; in the next year "
    f"these customers truly bring {true_own.sum() / 100:,.0f} "
    f"({base['period_margin'].sum() / true_own.sum() - 1:+.0%} for the books, "
    f"{own.sum() / true_own.sum() - 1:+.0%} for the model)."
)

# %% [markdown]
# **Reading.** *Card:* without the first part the rank correlation stays close to 1, since frequency and
# risk carry it along. Yet one in five on top is somebody else: among thousands of ranks, the few that
# decide do not show. In the table of tenths points lose against money, because a rank forgets how far the
# first is ahead of the second; money with codes, though many are wrong, catches more than without.
# *Loss:* the regular one costs more than the books show. For the silent one the books mourn a margin
# that was already lost, and a newcomer in that place is a gain.
#
# **Decision.** Use the card to prepare a talk with one customer. Choose customers in yuan. Before much is
# spent on keeping somebody, ask for the cash flow, not for last year's sales.
#
# **Where this stops being true.** The friends to come are those of one year of codes. If newcomers can be
# won in any number, nobody must leave first to make room: the loss without replacement counts.
# Beyond the first year nothing was checked.

# %% [markdown]
# ## Where do the next 100,000 go?
#
# Both spends have a ceiling: some visitors never sign up, and some customers leave whatever we do. Two
# answers of a manager fix each curve: what we spend a head today and which share it wins (or keeps), and
# which share we would reach if money were no matter. The first answer is in the books. The second is a
# guess. Between nothing and the ceiling the curve bends: a rate is $c\,(1 - e^{-k s})$ with the ceiling
# $c$ and the spend $s$ a head, so that each further yuan closes the same part of the gap that is left; the
# first answer fixes $k$. `firm` puts both curves together for a pair of ceilings.

# %%
visits, spent_ads = ads["visits"].sum(), 100 * ads["spend"].sum()
year_of = pd.to_datetime(transactions["day"], unit="D").dt.year
by_year = transactions.groupby(year_of)["customer_id"]
before, now = (set(by_year.get_group(stop.year - n)) for n in (1, 0))
kept = len(before & now) / len(before)
margin_each = base["period_margin"].sum() / len(now)


# %%
def firm(winning_ceiling, keeping_ceiling):
    return clv.AcquireOrRetain(
        acquisition=clv.ResponseCurve.from_answers(
            spend=spent_ads / visits,
            rate=len(this_year) / visits,
            ceiling=winning_ceiling,
        ),
        retention=clv.ResponseCurve.from_answers(
            spend=100 * keeping_cost, rate=kept, ceiling=keeping_ceiling
        ),
        margin=margin_each,
        discount_per_year=discount,
        prospects=visits,
        customers=len(now),
    )


# %%
began, ended = (
    set(future.loc[future["alive"] & (future["as_of"] == day), "customer_id"])
    for day in (pd.Timestamp(back_day), end)
)
stayed = len(began & ended) / len(began)
show.say(
    f"{len(this_year):,} of {visits:,} visits became customers "
    f"({len(this_year) / visits:.1%}) at {spent_ads / visits / 100:.2f} yuan a visit. "
    f"{kept:.0%} of the buyers of {stop.year - 1} bought again in {stop.year}; of those "
    f"who truly were customers when that year began, {stayed:.0%} truly still were "
    f"at its end."
)

# %% [markdown]
# Customer equity (客户资产) adds today's base and the newcomers to come, the price of winning them taken
# off; here those of one year, as if they joined today. The table shows it under two budgets: all of the new
# money for winning, and all of it for keeping, beside nothing new. What is spent is taken off. The higher
# spend on keeping is paid every year for each customer who is left, newcomers too, who then stay longer.
# The model supposes that all customers are alike and stay with the same rate, so take the differences and
# not the levels.

# %%
guess = firm(winning_ceiling, keeping_ceiling)
today = spent_ads / visits, 100 * keeping_cost
plans = {
    "as today": today,
    "all for winning": (today[0] + 100 * next_money / visits, today[1]),
    "all for keeping": (today[0], today[1] + 100 * next_money / len(now)),
}
equities = {
    name: clv.customer_equity(
        np.full(len(now), guess.current_value(each)),
        newcomers=[visits * guess.acquisition.rate(a_head)],
        newcomer_value=guess.newcomer_value(each),
        acquisition_cost=a_head / guess.acquisition.rate(a_head),
        discount_per_year=0.0,  # of the wait for newcomers: they join today
    )
    for name, (a_head, each) in plans.items()
}

# %% tags=["B21t"]
plan = pd.DataFrame(index=pd.Index(plans, name="plan"))
plan["today's base"] = [e.current / 1e5 for e in equities.values()]
plan["newcomers"] = [e.future / 1e5 for e in equities.values()]
plan["equity"] = [e.total / 1e5 for e in equities.values()]
plan["more than today"] = plan["equity"] - plan["equity"].iloc[0]
show.table(
    plan,
    caption=f"Customer equity with one year of newcomers, thousand yuan, when the "
    f"year's spend rises by {next_money:,} yuan",
    digits=0,
)

# %% [markdown]
# Both plans gain, under one pair of guesses. Now let both guesses be wrong. For each split of the new money
# the function says what it adds (`equity` gives both columns of the table in one sum), and the sliders move
# the ceilings. **Guess first:** how far must the keeping ceiling fall until all for winning beats all for
# keeping?


# %%
def gains(winning, keeping):
    chosen = firm(winning / 1000, keeping / 100)
    share = np.linspace(0, 1, 21)
    more = chosen.equity(
        today[0] + share * 100 * next_money / visits,
        today[1] + (1 - share) * 100 * next_money / len(now),
    )
    return pd.DataFrame(
        {
            "share for winning": share,
            "gain": (more - chosen.equity(*today)) / 1e5,
        }
    )


# %%
def draw_gains(frame):
    best = frame.loc[frame["gain"].idxmax()]
    figure, axes = show.canvas()
    axes.plot(frame["share for winning"], frame["gain"], marker="o", ms=4)
    axes.axvline(best["share for winning"], color="black", lw=0.8)
    axes.set_ylim(bottom=min(0, frame["gain"].min()))
    axes.set(
        title=f"Best with {best['share for winning']:.0%} for winning",
        xlabel=f"share of {next_money:,} yuan that goes to winning",
        ylabel="gain of customer equity, thousand yuan",
    )
    return show.figure(
        figure,
        alt=f"Gain of customer equity by the share for winning, best at "
        f"{best['share for winning']:.0%} with {best['gain']:,.0f} thousand yuan.",
        numbers=frame,
    )


# %% tags=["nbval-ignore-output"]
show.explore(
    gains,
    controls={
        "winning": ("ceiling of winning, per thousand visits", 30, 80, 5, 40),
        "keeping": ("ceiling of keeping, per hundred customers", 56, 80, 1, 62),
    },
    draw=draw_gains,
    description="What the new money adds, by its split and two guesses",
)

# %% [markdown]
# The same without sliders: nine pairs of ceilings, and for each the gain of three plans. The *regret* of a
# plan is what it leaves behind the best split of that pair. A decider who believes no pair looks for the
# plan whose largest regret is smallest.

# %%
nine = pd.DataFrame(
    [(w, k) for w in (30, 40, 60) for k in (58, 62, 70)],
    columns=["winning ceiling", "keeping ceiling"],
)
curves = np.array([gains(*pair)["gain"] for pair in nine.to_numpy()])
nine["winning ceiling"] /= 1000
nine["keeping ceiling"] /= 100
nine["all winning"], nine["all keeping"] = curves[:, -1], curves[:, 0]
nine["half and half"] = curves[:, 10]
best = curves.max(axis=1)
show.table(
    nine.assign(**{"best split": best}),
    caption=f"Gain of customer equity from {next_money:,} yuan, thousand yuan",
    digits=0,
    percent=("winning ceiling", "keeping ceiling"),
)

# %%
named = ["all winning", "all keeping", "half and half"]
regret = nine[named].rsub(best, axis=0).max()
show.bars(
    regret.rename_axis("plan").reset_index(name="largest regret"),
    x="plan",
    y=["largest regret"],
    title=f"Least to regret: {regret.idxmin()}",
    xlabel="plan for the new money",
    ylabel="largest regret, thousand yuan",
    alt="Largest regret over nine pairs of ceilings: "
    + ", ".join(f"{plan} {size:,.0f}" for plan, size in regret.items())
    + " thousand yuan.",
    digits=0,
)

# %%
wins = (nine["all winning"] > nine["all keeping"]).sum()
extremes = nine[["all winning", "all keeping"]].max(axis=1)
mixed = (nine["half and half"] > extremes).sum()
by_keeping = pd.DataFrame(
    {
        keeping: gains(1000 * winning_ceiling, keeping)["gain"]
        for keeping in range(56, 81)
    }
)
turn = by_keeping.columns[by_keeping.iloc[-1] > by_keeping.iloc[0]].max()
show.say(
    f"With {winning_ceiling:.0%} as the ceiling of winning, all for winning is "
    f"better up to a keeping ceiling of {turn}%, and we guessed "
    f"{keeping_ceiling:.0%}. Winning beats keeping in {wins} of {len(nine)} pairs, and half and half beats both in {mixed}. Decided: {regret.idxmin()}, "
    f"{next_money / 2:,.0f} yuan each, with at most {regret.min():,.0f} thousand yuan to "
    f"regret; all for winning could leave {regret['all winning']:,.0f}."
)

# %% [markdown]
# **Reading.** Over the nine pairs the order of the two extremes turns round, with either ceiling. What the
# books tell, today's rates, does not settle it; the ceilings do, and they are guesses. The mixed plan is
# not always ahead of both. But it is never the worst of the three, and where it falls behind, it does so
# by less than each extreme does elsewhere, because both curves bend.
#
# **Decision.** Split the new money in halves this year. Spend a part of each half by lot, in some cities
# and to some customers and not to others, so that next year the ceilings are measured.
#
# **Where this stops being true.** Months with more spend have more sign-ups, but Qinghe plans its spend
# *after* the sign-ups that it expects. The books cannot show what more money would do, and the truth of
# this company holds no such curve: here there was nothing to be marked against.

# %% [markdown]
# ## Break it: the same newcomer counted twice
#
# A colleague makes a list for an anniversary gift: "everybody worth over 1,500 yuan, *referrals
# included*", which means the own value plus all that referrals brought, every code believed. Nothing is
# taken off those who were referred. **Guess first:** how much richer does the company get?

# %%
believe_all = clv.referral_value(
    values, codes, share=1.0, depth=1, caused=1.0
).set_index("customer_id")
twice = believe_all["value"] + believe_all["received"]
once = credited.set_index("customer_id")["with_referrals"]
line = 150_000  # fen
lists = pd.DataFrame(
    [
        ["own value", believe_all["value"]],
        ["with referrals, by our rule", once],
        ["own + all referrals", twice],
    ],
    columns=["value", "of"],
)
lists["sum"] = [value.sum() / 100 for value in lists["of"]]
lists["gifts"] = [(value > line).sum() for value in lists["of"]]
show.table(
    lists.drop(columns="of"),
    caption="Sum over all customers, yuan of margin a year, and gifts over the line",
    digits=0,
)

# %%
extra = twice.index[(twice > line) & (once <= line)]
true_once = true_total.set_index("customer_id")["with_referrals"]
wrong = (true_once[extra] <= line).mean()
show.say(
    f"How much richer? {twice.sum() / once.sum() - 1:.0%}, without one more sale. "
    f"{len(extra)} customers get a gift by the double count alone; "
    f"{wrong:.0%} of them truly stay below the line."
)

# %% [markdown]
# Each referred customer stands in the sum twice: once as somebody who buys, and once more in the value of
# the referrer. If advertising was clicked on the way, a third department claims the same person. Another
# error hides here: that a referrer who leaves takes the others along, so that "own plus referrals" would be
# lost. The truth knows who is still a customer.

# %%
link = caused.set_index("referred_id")["referrer_id"]
there = truth["alive"]
stays = pd.DataFrame(
    {
        "referred": there[link.index].to_numpy(),
        "referrer": there[link].to_numpy(),
    }
)
of_stayed, of_left = (
    stays.loc[stays["referrer"] == is_there, "referred"]
    for is_there in (True, False)
)
gap = stats.share_difference(
    (int(of_stayed.sum()), len(of_stayed)), (int(of_left.sum()), len(of_left))
)
show.say(
    f"Of those whose referrer is still a customer, {of_stayed.mean():.0%} still are "
    f"themselves; of those whose referrer left, {of_left.mean():.0%} (difference "
    f"{gap.estimate:+.0%}, {gap.low:+.0%} to {gap.high:+.0%})."
)

# %% [markdown]
# Many stay after their referrer left. And the difference is no effect of leaving: friends are alike, so they
# stay and go alike, and in the making of this company nobody leaves because a friend did.
#
# **Repair.** One rule for all departments, whose sum is compared with the sum of own values before a list
# leaves the house. And what goes with a lost referrer is only the friends still to come, as in the table
# of the lost customer above.
#
# **Reading.** The last line of the table is larger than the company. The additional gifts go to people
# whom a code made rich on paper; for many of them the friends would have come anyway.
#
# **Decision.** No list by "value plus referrals". Either the own value, or the value after a rule that
# gives and takes.
#
# **Where this stops being true.** The rule settles whose money it is, and nothing about what a gift
# changes. Whether a thanked referrer brings more friends is a question for a test.

# %% [markdown]
# ## Check yourself

# %%
show.question(
    "Anna is worth 200 yuan by her own purchases. She won Bo, worth 300, who would not have come "
    "otherwise. With share 1 and depth 1, what are the two worth together?",
    {
        "800 yuan: Anna 500 and Bo 300.": (
            False,
            "Bo's money stands there twice. If Anna is credited with it, Bo's line must go down.",
        ),
        "500 yuan: Anna 500 and Bo nothing.": (
            True,
            "The rule moves Bo's value to Anna. The two bring the same money as before.",
        ),
        "200 yuan: Bo counts for nothing.": (
            False,
            "Bo's line is empty because Anna's got the money. Add up both lines.",
        ),
    },
)

# %%
show.question(
    "Seen one by one, the bad end of nearly every customer is nothing. What is the bad end of the whole base?",
    {
        "Nothing as well.": (
            False,
            "Not everybody has the worst year at the same time, as far as customers act on their own.",
        ),
        "Near the mean, and a promise.": (
            False,
            "Near the mean, yes. But the draws come from a model, and the year showed by how far a model errs.",
        ),
        "Near the mean, if the model is right.": (
            True,
            "Chance averages out over many customers. An error of the model hits all of them in one direction.",
        ),
    },
)

# %%
show.question(
    "Letter D has far more than one default a year at risk. Does it follow that terms for D lose money?",
    {
        "Yes: nearly all of them default within a year.": (
            False,
            "In a default most of the money still came. Chance, share lost and money owed make the loss together.",
        ),
        "No: set the loss and the waiting against the margin that terms bring in.": (
            True,
            "The loss was below the margin. It is the comparison with asking for money first that decides.",
        ),
        "Nobody can say without a longer history.": (
            False,
            "The interval is wide, and its high end is a number too: decide with that one.",
        ),
    },
)

# %% [markdown]
# ## Key points
#
# - A referral rule moves value between customers and makes none; check the sum.
# - Codes overstate and miss. One share mends the claim, and none the names or those who are missed.
# - Say risk in money. Chance averages out over customers; the error of a model does not.
# - Credit risk is chance, share lost and money owed; beside it stands the price of waiting.
# - Parts of a card that rank alike are one part. Points forget distances, money does not.
# - Where the data cannot tell, choose the plan with the least to regret, and buy the missing number by a test.
#
# ## Sources
#
# - Kumar, V., Petersen, J. A. and Leone, R. P. (2010). Driving Profitability by Encouraging Customer
#   Referrals: Who, When, and How. *Journal of Marketing* 74(5), 1–17.
# - Rockafellar, R. T. and Uryasev, S. (2000). Optimization of Conditional Value-at-Risk. *Journal of
#   Risk* 2(3), 21–41.
# - Robichek, A. A. and Myers, S. C. (1966). Conceptual Problems in the Use of Risk-Adjusted Discount
#   Rates. *Journal of Finance* 21(4), 727–730.
# - Basel Committee on Banking Supervision (2006). *International Convergence of Capital Measurement and
#   Capital Standards*, paragraph 452.
# - Hogan, J. E., Lemon, K. N. and Libai, B. (2003). What Is the True Value of a Lost Customer? *Journal of
#   Service Research* 5(3), 196–208.
# - Blattberg, R. C. and Deighton, J. (1996). Manage Marketing by the Customer Equity Test. *Harvard
#   Business Review* 74(4), 136–144.
#
# ## What next
#
# Set `believed = 1.0` in the first code cell, run all cells again, and see which decision changes. Then
# set `prepay_loss = 0.20`: who pays first now? The exercise,
# `exercises/05_clv/4_beyond_purchases.ipynb`, puts you at the end of 2023, in the middle of a downturn,
# and asks what the same decisions would have been then.
