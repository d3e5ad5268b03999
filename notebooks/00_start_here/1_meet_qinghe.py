# %% [markdown]
# # Meet Qinghe: one company, all its customers
#
# **Question.** You start on Monday at Qinghe (清禾), which sells bottled herbal tea (凉茶) and outdoor
# gear. What is known of its customers, in which table does it stand, and what can you tell the
# manager by noon?
#
# **Who decides.** The managing director, who asks for three numbers before the first coffee is cold.
#
# **Time.** 25 minutes to read, 15 to run and change.
#
# **You will be able to**
#
# - find your way on a map of the tables;
# - follow one order from the person to the parcel that came back;
# - give revenue, concentration and repeat rate with what limits each of them;
# - say what the truth tables are for, and mark a guess with them;
# - avoid the first mistake that people make with a table of quantities.
#
# **What you need first.** Nothing but tables in pandas. Every output is on the page; to run the cells
# yourself, call `make lab`, open this lesson and press Shift and Enter, cell by cell.
#
# | term | 中文 | what it means here |
# |---|---|---|
# | key | 键 | the columns by which a row is known, and found again from other tables |
# | order line | 订单行 | one article of one order |
# | revenue | 销售收入 | what customers paid, less what was paid back to them |
# | concentration | 客户集中度 | how much of the revenue comes from few customers |
# | repeat rate | 复购率 | share of new customers who order again within a set time |
# | truth | 真值 | what the simulation knows and no company ever could |

# %% tags=["parameters"]
as_of = "2023-12-31"  # day of the guess: the last of 2023 or 2024
top = 0.20  # share of customers that counts as "the best"
window_days = 365  # days that a new customer has to order again

# %% [markdown]
# ## The house and its tables
#
# Qinghe has a web shop, shops in large and small cities, and a sales team that takes group orders
# from schools, hotels and firms. Its members are people or organisations. No person in these tables is
# real: the company, the names and all that happens were drawn by a program, so that you may show
# every row to anybody. The cell asks the catalogue (`datasets/README.md`) what there is.

# %%
import datetime as dt

import pandas as pd

from customer_insight import data, show, stats
from customer_insight.data.catalog import catalog

entries = [e for e in catalog().values() if e.name.startswith("company_")]
truth = [entry for entry in entries if entry.name.startswith("company_truth")]
show.say(
    f"{len(entries) - len(truth)} tables to work with, and {len(truth)} tables of "
    f"truth to mark your work with. Together they have "
    f"{sum(entry.rows for entry in entries):,} rows."
)

# %% [markdown]
# First map: people, what they bought, and where. Under each name stand the key columns (键), by which
# rows are found and joined; a table has more columns than these. An arrow leads to the table where a
# key is at home: many orders, one customer.

# %%
people_boxes = [
    ["profiles", "customer_id", 0, 0],
    ["referrals", "referral_id\nreferrer_id\nreferred_id", 1, 0],
    ["levels", "customer_id, year", 2, 0],
    ["cities", "city_id", 0, 1],
    ["customers", "customer_id\ncity_id", 1, 1],
    ["service_contacts", "customer_id, day", 2, 1],
    ["shops", "shop_id\ncity_id", 0, 2],
    ["orders", "order_id\ncustomer_id\nshop_id", 1, 2],
    ["points", "customer_id, day\norder_id", 2, 2],
    ["products", "product_id", 0, 3],
    ["order_lines", "order_id, line\nproduct_id", 1, 3],
    ["returns", "return_id\norder_id, line", 2, 3],
    ["prices", "product_id, valid_from", 0, 4],
]
columns = ["box", "says", "column", "row"]
people_map = pd.DataFrame(people_boxes, columns=columns)

# %%
show.diagram(
    people_map,
    links=[
        ("profiles", "customers", "customer_id"),
        ("referrals", "customers", "referrer_id and referred_id"),
        ("levels", "customers", "customer_id"),
        ("service_contacts", "customers", "customer_id"),
        ("points", "customers", "customer_id"),
        ("points", "orders", "order_id"),
        ("customers", "cities", "city_id"),
        ("shops", "cities", "city_id"),
        ("orders", "customers", "customer_id"),
        ("orders", "shops", "shop_id"),
        ("order_lines", "orders", "order_id"),
        ("order_lines", "products", "product_id"),
        ("returns", "order_lines", "order_id and line"),
        ("prices", "products", "product_id"),
    ],
    title="People: what is known of somebody leads to customers",
    alt="Map of tables. Customers and orders stand in the middle: profiles, referrals, "
    "levels, points, service contacts and orders lead to customers; order lines lead to "
    "orders and to products, and returns to order lines.",
)

# %% [markdown]
# Second map: the organisations, and what stands beside all customers: costs, rivals and the market.
# `orders` is the same table as before. It holds both sides, and the column `side` says which. Boxes
# without an arrow are joined by what they count: `shop_costs` to the shops of the first map,
# `acquisition_spend` to the channel through which somebody arrived.

# %%
other_boxes = [
    ["cities", "city_id", 0, 0],
    ["organisations", "customer_id\ncity_id", 1, 0],
    ["contacts", "contact_id\ncustomer_id", 2, 0],
    ["invoices", "invoice_id\norder_id\ncustomer_id", 0, 1],
    ["orders", "order_id\ncustomer_id\ncontact_id", 1, 1],
    ["acquisition_spend", "month\nacquisition_channel", 0, 2],
    ["competitors", "firm_id, family", 1, 2],
    ["market", "year, category\nfirm_id", 2, 2],
    ["cost_rates", "activity, year", 0, 3],
    ["shop_costs", "shop_id, month", 1, 3],
    ["market_events", "year, category\nfirm_id", 2, 3],
]
other_map = pd.DataFrame(other_boxes, columns=columns)

# %%
show.diagram(
    other_map,
    links=[
        ("organisations", "cities", "city_id"),
        ("contacts", "organisations", "customer_id"),
        ("orders", "organisations", "customer_id"),
        ("orders", "contacts", "contact_id"),
        ("invoices", "orders", "order_id"),
        ("invoices", "organisations", "customer_id"),
        ("market", "competitors", "firm_id"),
        ("market_events", "competitors", "firm_id"),
    ],
    title="Organisations order, pay later, and have several contacts",
    alt="Map of tables. Contacts, orders and invoices lead to organisations, "
    "invoices also to orders; market and market events lead to competitors; the "
    "tables of costs stand alone.",
)

# %%
on_maps = {*people_map["box"], *other_map["box"]}
show.say(
    f"The two maps show {len(on_maps)} of the {len(entries) - len(truth)} tables to "
    "work with."
)

# %% [markdown]
# The others are about what customers say and what staff do. Each has `customer_id`, or a key that
# leads to it; the lesson that needs one will show it.
#
# | about | some of its tables |
# |---|---|
# | the web shop and social media | `web_events`, `web_tasks`, `social_posts`, `social_follows` |
# | service | `tickets`, `phone_calls`, `call_audits`, `process_steps`, `service_targets` |
# | voices | `complaints`, `reviews`, `interview_passages`, `text_codes` |
# | surveys | `survey_invitations`, `survey_needs`, `survey_kano`, `brand_ratings`, `market_survey` |
# | campaigns and care | `consents`, `campaigns`, `campaign_contacts`, `care_contacts`, `partners` |
# | sales | `prospects`, `prospect_stages`, `objections`, `staff`, `staff_sales`, `follow_ups` |
# | three raw extracts, as typed in | `extract_business`, `extract_survey`, `extract_web` |
#
# **Reading.** Find the column `customer_id` on both maps. One identifier (客户编号) serves people and
# organisations, so the two sides can be added up, and also mixed up. What was bought stands in
# `order_lines`, and not in `orders`.
#
# **Decision.** Before any analysis, say aloud what one row of your table is. If the answer has "and"
# in it, split the table.
#
# **Where this stops being true.** In a company that you join on a real Monday, one person has three
# customer numbers, and half of the arrows lead nowhere. Here the keys are clean, because the lessons
# are about other troubles.

# %% [markdown]
# ## One order, from the person to the parcel
#
# A table is best met through one row. Take the first order with three lines or more, a discount and
# something that came back, from a person who filled in a profile. Who placed it? The profile is what
# people said of themselves (心理特征), from 1, "I disagree", to 5, "I agree".

# %%
names = ["customers", "profiles", "cities", "shops", "orders", "order_lines"]
names += ["returns", "products", "points"]
people, profiles, cities, shops, orders, lines, returns, products, points = (
    data.load(f"company_{name}") for name in names
)
told = orders.loc[
    orders["customer_id"].isin(profiles["customer_id"]), "order_id"
]
size = lines.groupby("order_id").agg(
    n=("line", "size"), off=("discount", "sum")
)
size = size[(size["n"] >= 3) & (size["off"] > 0)].index.intersection(told)
example = returns.loc[returns["order_id"].isin(size), "order_id"].iloc[0]
order = orders[orders["order_id"] == example].iloc[0]
who = people.merge(cities, on="city_id", suffixes=("", "_city"))
who = who.merge(profiles, on="customer_id")
who = who[who["customer_id"] == order["customer_id"]].iloc[0]

# %%
facts = ["name", "name_zh", "born_on", "occupation", "household_size"]
facts += ["name_city", "tier", "acquisition_channel", "health", "outdoors"]
who["born_on"] = who["born_on"].date()
card = who[facts].rename_axis("column")
show.table(card.to_frame("value"), caption="Who placed the order")

# %% [markdown]
# Now what was in the parcel. Money stands in whole fen (分), so that sums come out exact; the table
# shows yuan. `unit_price` is the price on the shelf that day. What was paid is `amount`, after the
# discount. What came back stands in another table.

# %%
back = returns[["order_id", "line", "refund", "reason"]]
parcel = lines[lines["order_id"] == example]
parcel = parcel.merge(products[["product_id", "name"]])
parcel = parcel.merge(back, on=["order_id", "line"], how="left")
money = ["unit_price", "discount", "amount", "refund"]
parcel[money] = parcel[money] / 100
show.table(
    parcel[["name", "quantity", *money, "reason"]],
    caption="The lines of the order, money in yuan",
)

# %%
earned = points[(points["order_id"] == example) & (points["kind"] == "earn")]
placed = order["ordered_at"]
shop = shops.set_index("shop_id")["name"]
where = shop.get(order["shop_id"], "the web shop")
show.say(
    f"Placed on {placed:%Y-%m-%d} at {placed:%H:%M} in {where}. Paid: "
    f"¥{parcel['amount'].sum():,.2f}, after ¥{parcel['discount'].sum():,.2f} of "
    f"discounts; paid back: ¥{parcel['refund'].sum():,.2f}. So the revenue is "
    f"¥{parcel['amount'].sum() - parcel['refund'].sum():,.2f}. The order earned "
    f"{earned['points'].sum():,} points."
)

# %% [markdown]
# Step back from the one order. What does the company sell, and where do its people live? Prices
# change by month (`prices`), and a few were moved by lot for a test. An article is tea or gear; a
# city has a tier (城市等级), with the largest cities in the first.

# %%
goods = products.groupby(["family", "category"], as_index=False).agg(
    articles=("product_id", "size"),
    cheapest=("list_price", "min"),
    dearest=("list_price", "max"),
)
goods[["cheapest", "dearest"]] /= 100
show.table(goods, caption="Articles by category, first list price in yuan")

# %%
lived = people.merge(cities, on="city_id")["tier"].value_counts()
opened = shops.merge(cities, on="city_id")["tier"].value_counts()
tiers = pd.DataFrame(
    {
        "cities": cities["tier"].value_counts(),
        "shops": opened,
        "people": lived,
    }
)
tiers["share of people"] = tiers["people"] / tiers["people"].sum()
show.table(
    tiers.sort_index(),
    caption="Cities, shops and customers who are people, by tier of city",
    percent=("share of people",),
)

# %% [markdown]
# **Reading.** One purchase touched eight tables, nine if it was made in a shop. The same parcel has
# three sums of money: at shelf prices, as paid, and as kept after the return. In the table of goods,
# look at the price of tea on tap (`refill`): it is that of one millilitre.
#
# **Decision.** Count what was paid, less what was paid back. Write into every report which of the
# three it is.
#
# **Where this stops being true.** Points that the customer redeems are a cost that no order line
# shows. And parcels of December may still come back in January.

# %% [markdown]
# ## Three numbers by noon
#
# ### How much do we sell, and to whom?
#
# Revenue (销售收入) by year, for each side. One line of code gives each order what was paid for it,
# the next takes off what was paid back. **Guess first:** by how much did revenue grow from the first
# year to the third?

# %%
paid = lines.groupby("order_id")["amount"].sum()
refunded = returns.groupby("order_id")["refund"].sum()
orders["paid"] = orders["order_id"].map(paid) / 100
orders["refund"] = orders["order_id"].map(refunded).fillna(0) / 100
orders["revenue"] = orders["paid"] - orders["refund"]
orders["year"] = orders["ordered_at"].dt.year
sides = orders.pivot_table(
    index="year", columns="side", values="revenue", aggfunc="sum"
)
sides = sides.reset_index()[["year", "person", "organisation"]]
sides["year"] = sides["year"].astype(str)
share = sides["organisation"] / sides[["person", "organisation"]].sum(axis=1)

# %%
amounts = sides[["person", "organisation"]]
grown = amounts.iloc[-1] / amounts.iloc[0]
show.bars(
    sides,
    x="year",
    y=["person", "organisation"],
    title=f"Revenue from people grew to {grown['person']:.1f} times the first year's",
    xlabel="year of the order",
    ylabel="revenue, yuan",
    alt=f"Bars of revenue by year and side. People: {grown['person']:.1f} times as "
    f"much in the last year as in the first; organisations: "
    f"{grown['organisation']:.1f} times.",
    digits=0,
)

# %%
arrived = people["signed_up_on"].dt.year.value_counts().sort_index()
counts = ", ".join(f"{n:,} in {year}" for year, n in arrived.items())
show.say(
    f"Organisations make {share.iloc[-1]:.0%} of the revenue of {sides['year'].iloc[-1]}, "
    f"with {(orders['side'] == 'organisation').mean():.0%} of all orders. New people: "
    f"{counts}."
)

# %% [markdown]
# **Reading.** Both sides grow fast, and the surprise is the reason. Look at the sentence: the number
# of new people grows far more slowly. The tables follow members, and the first of them signed up on
# the first day of 2022, so the first year is a house filling up.
#
# **Decision.** Report the two sides apart. Plan the coming year from the people who are there and
# those who will arrive, not by drawing the bars further.
#
# **Where this stops being true.** Revenue is not profit: goods, parcels, shops and advertising are
# not paid yet.

# %% [markdown]
# ### How much hangs on the best customers?
#
# Concentration (客户集中度): put people in order of what they brought, and see what the best share of
# them holds. Everybody counts, also those who signed up and never ordered. A share from one set of
# people is an estimate, so it comes with an interval, from drawing these people again many times.

# %%
from customer_insight.stats.concentration import share_of_top

of_people = orders[orders["side"] == "person"]
brought = of_people.groupby("customer_id")["revenue"].sum()
brought = brought.reindex(people["customer_id"], fill_value=0)
held = stats.bootstrap_interval(
    brought,
    statistic=lambda value, n: share_of_top(n * value, n, top),
    seed=1,
)
steps = [percent / 100 for percent in range(5, 100, 5)]
curve = pd.DataFrame(
    {
        "per cent of people": range(5, 100, 5),
        "what they brought": [stats.top_share(brought, top=s) for s in steps],
        "if all were equal": steps,
    }
)

# %%
show.lines(
    curve,
    x="per cent of people",
    y=["what they brought", "if all were equal"],
    title=f"The best {top:.0%} of people brought {held.estimate:.0%} of the revenue",
    xlabel="per cent of people, best first",
    ylabel="share of the revenue from people",
    alt=f"Line of the share of revenue that the best people brought. The best "
    f"{top:.0%} brought {held.estimate:.0%}; the line lies far above that of equals.",
    percent=("what they brought", "if all were equal"),
)

# %%
show.say(
    f"The best {top:.0%} brought {held.estimate:.1%} of the revenue from people, "
    f"{held.low:.1%} to {held.high:.1%} (95 % interval, {held.n:,} people). "
    f"{(brought == 0).sum()} people brought nothing."
)

# %% [markdown]
# **Reading.** The upper line rises steeply and then bends: a small part of the people carries most of
# the house. The interval is narrow, because there are thousands of people.
#
# **Decision.** Know the best customers by name before you plan anything for the crowd. Lose none of
# them to a late parcel.
#
# **Where this stops being true.** The sum runs from the day of sign-up, so that who came early had
# more time to rise. The interval knows nothing of that; it covers the luck of the draw alone.

# %% [markdown]
# ### Do they come back?
#
# The repeat rate (复购率) is the share of new customers who order again on another day. "So far" is the
# number that everybody computes first. A fair one gives each person the same time; who has not been
# watched that long is left out.

# %%
days = of_people.assign(day=of_people["ordered_at"].dt.normalize())
days = days.drop_duplicates(["customer_id", "day"]).sort_values("day")
nth = days.groupby("customer_id").cumcount()
start = days[nth == 0].set_index("customer_id")["day"]
again = days[nth == 1].set_index("customer_id")["day"].reindex(start.index)
window = pd.Timedelta(days=window_days)
watched = start + window <= pd.Timestamp("2024-12-31")
fair = (again - start <= window).astype(float).where(watched)
came = pd.DataFrame({"so far": again.notna(), "fair": fair})

# %%
rates = []
for year, group in came.groupby(start.dt.year):
    fair = group["fair"].dropna()
    row = {"first order": str(year), "people": len(group)}
    row |= {"so far": group["so far"].mean(), "watched": len(fair)}
    if len(fair) >= 100:
        found = stats.bootstrap_interval(fair, seed=1)
        row |= {"fair": found.estimate, "low": found.low, "high": found.high}
    rates.append(row)
rates = pd.DataFrame(rates)
show.table(
    rates,
    caption=f"Share who ordered again: so far, and within {window_days} days with "
    "its 95 % interval",
    percent=("so far", "fair", "low", "high"),
)

# %% [markdown]
# **Reading.** Read the column "so far" downwards: it falls from year to year, and looks like a company
# that wins worse and worse customers. Now the column "fair": where both years can be compared, their
# intervals lie close together. The fall was the calendar.
#
# **Decision.** Give the manager the fair rate of the last year that can be judged, with its interval,
# and leave the newest customers out until their time is over.
#
# **Where this stops being true.** To order again is not to stay. A person who came twice in the first
# month and never after counts as one who came back.

# %% [markdown]
# ## The other rooms: organisations, loyalty, costs, rivals
#
# An organisation is several people: one orders (采购者), one decides (决策者), one uses the goods
# (使用者), one keeps the door (把关者). Here are all who ever held a post in the organisation with most
# of them, and below what became of all invoices.

# %%
names = ["organisations", "contacts", "invoices", "levels", "referrals"]
names += ["cost_rates", "competitors", "market", "acquisition_spend"]
firms, contacts, invoices, levels, referrals, costs, rivals, market, spend = (
    data.load(f"company_{name}") for name in names
)
most_posts = contacts["customer_id"].value_counts().sort_index().idxmax()
firm = firms[firms["customer_id"] == most_posts].iloc[0]
posts = contacts[contacts["customer_id"] == most_posts].copy()
roles = ["buyer", "decider", "user", "gatekeeper"]
posts["still there"] = posts["until"].isna()
shown = ["name", "job_title", "job_title_zh", *roles, "still there"]
show.table(
    posts[shown],
    caption=f"{firm['name']} {firm['name_zh']}: who is or was in which post",
)

# %%
states = invoices.groupby("state").agg(
    invoices=("invoice_id", "size"),
    amount=("amount", "sum"),
    paid=("paid_amount", "sum"),
)
states[["amount", "paid"]] /= 100
show.table(states, caption="Invoices on 2024-12-31, in yuan", digits=0)

# %% [markdown]
# People collect points (积分), rise through levels (会员等级), and bring friends (推荐). Each of these
# has a table, and each costs money. Below them stand the first facts on what it costs to win and to serve people; the
# advertising is counted by the channel through which somebody arrived.

# %%
last = levels[levels["year"] == levels["year"].max()]["level"].value_counts()
last = last.reindex(["basic", "silver", "gold", "diamond"])
booked = points.groupby("kind")["points"].sum()
show.say(
    f"Levels in {levels['year'].max()}: "
    + ", ".join(f"{level} {n:,}" for level, n in last.items())
    + f". Of {booked['earn'] + booked['gift']:,} points given, "
    f"{-booked['redeem'] / (booked['earn'] + booked['gift']):.0%} were redeemed and "
    f"{-booked['expire'] / (booked['earn'] + booked['gift']):.0%} expired. "
    f"{len(referrals):,} people signed up with somebody's code."
)

# %%
won = people["acquisition_channel"].value_counts()
cost = spend.groupby("acquisition_channel")["spend"].sum() / 100
cost["referral"] += referrals["reward"].sum() / 100
winning = pd.DataFrame({"people": won, "spent": cost})
winning["for one person"] = winning["spent"] / winning["people"]
winning = winning.sort_values("for one person").rename_axis("channel")
show.table(
    winning,
    caption="What it cost to win a person, by channel, in yuan; referrals with rewards",
)

# %%
newest = costs[costs["year"] == costs["year"].max()].copy()
newest["yuan"] = newest["rate"] / 100
show.table(
    newest[["activity", "driver", "applies_to", "yuan"]],
    caption="What one unit of work costs, newest year",
)

# %% [markdown]
# Last, the street outside. Qinghe has rivals in tea and in gear; all are invented. The table says
# what each stands for and how dear it is, and the sentence after it how large Qinghe is beside them.

# %%
shown = ["family", "name", "name_zh", "position", "price_index"]
show.table(
    rivals[shown], caption="Firms by family of goods; price level, Qinghe = 100"
)

# %%
newest = market[market["year"] == market["year"].max()]
by_firm = newest.pivot_table(
    index="category", columns="firm_id", values="revenue", aggfunc="sum"
)
own = by_firm["own"] / by_firm.sum(axis=1)
show.say(
    f"Qinghe holds {own.min():.3%} to {own.max():.3%} of its markets, most in "
    f"{own.idxmax()}."
)

# %% [markdown]
# **Reading.** Look for the post of the decider: sales may know only the buyer. In the table of
# channels, the dear ones are not bad for that; it depends on whom they bring. In every market Qinghe
# is tiny.
#
# **Decision.** A small firm cannot win by shouting. It wins by knowing its customers, and that is
# what the rest of the course is for.
#
# **Where this stops being true.** The channel is what was recorded at sign-up: who was sent by a
# friend without a code counts for another one. The market is told by year from outside; do not
# expect its row for Qinghe to be the sum of the order lines.

# %% [markdown]
# ## Truth: how far off were we?
#
# A simulated company knows what no real one does: who has left without a word, and what each person
# will buy on average. These tables have `truth` in their names. The rule for all lessons: open them
# after the work, to mark it, and never as an input. A method that was shown the answer proves
# nothing.
#
# Mark a simple guess. "The best customers of next year are those who paid most so far." Beside it
# stands the same for the last year alone. Returns are not taken off, because the truth counts what is
# paid. **Guess first:** what share of the coming money does each rule find among the people whom it
# puts on top?

# %%
stop = pd.Timestamp(as_of)
past = of_people[of_people["ordered_at"] < stop + pd.Timedelta(days=1)]
late = past[past["ordered_at"] >= stop - pd.Timedelta(days=364)]
known = people.loc[people["signed_up_on"] <= stop, "customer_id"]
guess = pd.DataFrame(
    {
        "all so far": past.groupby("customer_id")["paid"].sum(),
        "last 365 days": late.groupby("customer_id")["paid"].sum(),
    }
)
guess = guess.reindex(known).fillna(0)

# %% [markdown]
# The guesses stand. Only now the truth is opened: the amount to expect of each person in the coming
# year, given everything that the simulation knows of them.

# %%
future = data.load("company_truth_future")
told_for = sorted({f"{day:%Y-%m-%d}" for day in future["as_of"]})
if as_of not in told_for:
    raise ValueError(
        f"as_of is {as_of}; the truth is told for {', '.join(told_for)} alone."
    )

# %%
future = future[future["as_of"] == stop].set_index("customer_id")
future = future.reindex(guess.index)
expected = future["expected_amount"] / 100
marks = []
for rule, predicted in [*guess.items(), ("the truth itself", expected)]:
    best = predicted.rank(ascending=False, method="first") <= top * len(guess)
    found = stats.top_capture(expected, predicted, top=top)
    marks.append([rule, found, 1 - future.loc[best, "alive"].mean()])
columns = ["rule", "money found", "have left"]
marks = pd.DataFrame(marks, columns=columns)
show.table(
    marks,
    caption=f"The best {top:.0%} by each rule on {as_of}: share of the money to "
    "expect next year, and who among them has left already",
    percent=("money found", "have left"),
)

# %%
report = stats.holdout_report(
    expected, guess, against="all so far", top=top, resamples=400, seed=1
)
gap = report.differences.set_index("measure")
gap = gap.loc[[name for name in gap.index if "capture" in name]].iloc[0]
show.say(
    f"Last 365 days minus all so far: {100 * gap['difference']:+.1f} percentage "
    f"points of the coming money ({100 * gap['low']:+.1f} to "
    f"{100 * gap['high']:+.1f}, 95 % interval). Of all {len(guess):,} people, "
    f"{1 - future['alive'].mean():.0%} had left."
)

# %% [markdown]
# **Reading.** Both rules do far better than a lottery, and both miss. Revenue so far keeps praising
# people who are long gone: see the last column. Recent revenue forgets some of them, so it finds
# more. Nobody told the company who left.
#
# **Decision.** For a list of names by tonight, take the last year, not the lifetime. For a budget,
# wait for a model that asks how likely somebody is still there.
#
# **Where this stops being true.** The last row is no target. It knows who left; no forecast from
# orders can reach it. Who signs up next year stands on no list at all. And here one company was
# marked once: in another year or trade, the older purchases may tell more.

# %% [markdown]
# ## Break it: the best-seller that nobody carries home
#
# A buyer asks which articles sell best. The table of order lines has a column `quantity`, so a new
# analyst adds it up by article and gives the shelf space to the top of the list. **Guess first:** what
# share of all pieces will the first two articles have?

# %%
named = lines.merge(products[["product_id", "name", "category"]])
sold = named.groupby(["name", "category"], as_index=False).agg(
    pieces=("quantity", "sum"), paid=("amount", "sum")
)
sold["paid"] /= 100
sold["share of pieces"] = sold["pieces"] / sold["pieces"].sum()
sold["share of money"] = sold["paid"] / sold["paid"].sum()
wrong = sold.sort_values("pieces", ascending=False).head(5)
shares = ("share of pieces", "share of money")
show.table(
    wrong[["name", "pieces", *shares]],
    caption="The 'best-sellers' by sum of quantity",
    percent=shares,
)

# %%
tap = sold[sold["category"] == "refill"]
others = sold[sold["category"] != "refill"]
show.say(
    f"Tea on tap has {tap['share of pieces'].sum():.1%} of all 'pieces', and "
    f"{tap['share of money'].sum():.1%} of the money. The mean price of a piece "
    f"comes out as ¥{sold['paid'].sum() / sold['pieces'].sum():,.2f}; without the "
    f"tap it is ¥{others['paid'].sum() / others['pieces'].sum():,.2f}."
)

# %% [markdown]
# No error, no warning. The catalogue says it in the unit of the column: "pieces; millilitres of tea on
# tap". The wrong decision is costly: a tap in every shop and less room for what pays the rent, and a
# price report in which the company seems to sell things for coppers.
#
# **Repair.** Compare articles in money, or count the lines: one line is one decision to buy.

# %%
sold["lines"] = sold["name"].map(named.groupby("name").size())
right = sold.sort_values("paid", ascending=False).head(5)
show.table(
    right[["name", "category", "lines", "paid", "share of money"]],
    caption="The best-sellers by money, in yuan",
    digits=0,
    percent=("share of money",),
)

# %% [markdown]
# **Reading.** In the first list, one unit of measure drowned all others. In the second, the tap is
# gone, and what people carry home by the box stands where the money is.
#
# **Decision.** Before you add up a column, read its unit in the catalogue, and look at its largest
# values. Rank by money unless the question is about stock.
#
# **Where this stops being true.** Money favours dear articles. Who wants to know what brings people
# through the door should count customers, and a glass from the tap may well win.

# %% [markdown]
# ## Check yourself

# %%
show.question(
    "A colleague takes the mean over all orders and sets the line for free delivery a "
    "little above it, so that people add one more carton. What goes wrong?",
    {
        "Nothing: the mean is what a typical order is.": (
            False,
            "A few large orders pull a mean up. Here the orders of organisations are in "
            "it too, and no person orders like a school.",
        ),
        "Most people order far below the line, and it moves none of them.": (
            True,
            "Group orders and a few large baskets raise the mean. Take people alone, and "
            "the middle order (the median) instead of the mean.",
        ),
        "The line is too low, because organisations order rarely.": (
            False,
            "They are few among the orders, but each is large: they pull the line up, "
            "not down.",
        ),
    },
)

# %%
show.question(
    "You build a list of people to win back. May you use the column alive of "
    "company_truth_future to leave out those who have left?",
    {
        "Yes, it makes the list better.": (
            False,
            "It does, and no company has that column. You would learn how good a list is "
            "that nobody can make.",
        ),
        "Yes, if you say so in the report.": (
            False,
            "Saying it does not help whoever must work without it. The truth marks the "
            "finished list.",
        ),
        "No. Make the list from orders, and mark it with that column.": (
            True,
            "Then the mark says how far the method gets with what a company can know.",
        ),
    },
)

# %%
show.question(
    "In the newest month, hardly any new customer has ordered a second time. What do you "
    "tell the manager?",
    {
        "The new customers are worse than those before.": (
            False,
            "They may be. So far they had a few weeks, and the others had years: the two "
            "shares do not compare.",
        ),
        "Nothing yet: they have not had the time that the others had.": (
            True,
            "Give every month the same window, and leave out those whose window is still "
            "open.",
        ),
    },
)

# %% [markdown]
# ## Key points
#
# - Say what one row is before you count rows.
# - Revenue is what was paid, less what was paid back; people and organisations are told apart.
# - A few people bring most of the revenue: a share with an interval, not a proverb.
# - A rate over time compares only those who had the same time.
# - The unit of a column is part of its meaning.
# - Truth marks a finished answer. It is never an input.
#
# ## Sources
#
# - Schmittlein, D. C., Cooper, L. G. and Morrison, D. G. (1993). Truth in Concentration in the Land of
#   (80/20) Laws. *Marketing Science* 12(2), 167–183.
# - Efron, B. and Tibshirani, R. J. (1993). *An Introduction to the Bootstrap*, chapter 13.
# - The tables of Qinghe, their columns, traps and mechanisms: `datasets/README.md`, part "The company".
#
# ## What next
#
# Set `top = 0.10` in the first code cell and `as_of` to "2024-12-31", run all cells, and see whether
# the last year still beats the lifetime.

# %% [markdown]
# ### How a lesson works
#
# Each lesson asks one question, shows its data before its method, and breaks the method once in
# public. Write down your guess where the text asks for one; the surprise is what you will remember.
# Under *Check yourself*, open an answer and read why it is right or not: nothing is counted.
#
# ### How an exercise works
#
# Lessons with an exercise (练习) name it at their end. It lies in `exercises/`, under the lesson's own
# path; open it in JupyterLab, answer its tasks and run its checks. `.venv/bin/course progress` says
# which tasks are answered. A task that got into a tangle comes back fresh with
# `.venv/bin/course reset t2 --exercise 05_clv/3_buy_till_you_die`; the other answers stay. This lesson
# has none.

# %% [markdown]
# ### Your own customers
#
# The library takes any table that has a customer, a day and an amount. Here a few lines of text stand
# for your file: write its name, such as "orders.csv", where the cell has `io.StringIO(file)`. Ids are
# read as text, or they lose their leading zeros. Anything that cannot be right is refused with the
# reason. README shows the whole way from such a file to a forecast.

# %%
import io

file = """customer,date,amount
0042,2024-03-01,35.00
0042,2024-05-20,128.50
0107,2024-05-21,9.90"""
mine = pd.read_csv(
    io.StringIO(file), dtype={"customer": str}, parse_dates=["date"]
)
mine = data.transactions(mine, customer="customer", day="date", amount="amount")
mine["as a date"] = [
    dt.date(1970, 1, 1) + dt.timedelta(days=int(day)) for day in mine["day"]
]
show.table(mine, caption="The orders as all chapters read them; amount in fen")

# %% [markdown]
# One lesson stands ready to use such a table:
# [What will each customer still buy?](../05_clv/3_buy_till_you_die.ipynb) It forecasts real customers
# of a real shop, and counts what the forecast is worth.
