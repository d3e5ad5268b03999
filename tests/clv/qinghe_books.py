"""Qinghe's members' business as bookings, cost pools and keys, for the tests of chapter five."""

import datetime as dt
from functools import cache

import polars as pl

from customer_insight import data
from customer_insight.clv.customer_profit import customer_profit
from customer_insight.clv.profit_sources import activity_pools, return_postings, sales_postings

PERIOD = dt.date(2022, 1, 1), dt.date(2024, 12, 31)
DRIVERS = {"fulfilment": ("picking", "packing", "delivery", "delivery_weight", "till")}
LINE_OF = {
    **dict.fromkeys((*DRIVERS["fulfilment"], "payment_fee", "return_handling"), "fulfilment"),
    **dict.fromkeys(("phone_service", "chat_service", "shop_service"), "service"),
    "points_redeemed": "loyalty",
}
UNITS = {"delivery_weight": 1000, "payment_fee": 10_000}


@cache
def table(name):
    return pl.from_pandas(data.load(f"company_{name}"))


@cache
def lines(first, last):
    """Return the order lines of people in a period, with the cost and weight of the goods."""
    orders = table("orders").filter(
        pl.col("side") == "person", pl.col("ordered_at").dt.date().is_between(first, last)
    )
    grams = pl.coalesce(pl.col("weight_g"), pl.col("pack") * pl.col("size_ml")).cast(pl.Int64)
    goods = table("products").select("product_id", "unit_cost", "cost_quantity", grams=grams)
    return (
        table("order_lines")
        .join(orders.select("order_id", "customer_id", "channel", "ordered_at"), on="order_id")
        .join(goods, on="product_id")
    )


@cache
def returned(first, last):
    sold = lines(*PERIOD)
    kept = sold.select("order_id", "line", "customer_id", "unit_cost", "cost_quantity")
    return (
        table("returns")
        .filter(pl.col("returned_on").dt.date().is_between(first, last))
        .join(kept, on=["order_id", "line"])
        .with_columns(resaleable=(pl.col("condition") == "as_new").cast(pl.Int64))
    )


def volumes(first, last):
    """Return how much of each activity every customer used, by year."""
    within = pl.col("day").dt.date().is_between(first, last)
    sold = lines(first, last).with_columns(day="ordered_at")
    web = sold.filter(pl.col("channel") == "web")
    once = ["customer_id", "order_id", "day"]
    calls = table("service_contacts").filter(within)
    used = {
        "picking": web.with_columns(volume=1),
        "packing": web.unique(once).with_columns(volume=1),
        "delivery": web.unique(once).with_columns(volume=1),
        "delivery_weight": web.with_columns(volume=pl.col("quantity") * pl.col("grams")),
        "till": sold.filter(pl.col("channel") != "web").unique(once).with_columns(volume=1),
        "payment_fee": sold.with_columns(volume="amount"),
        "return_handling": returned(first, last).with_columns(volume=1, day="returned_on"),
        "points_redeemed": table("points")
        .filter(within, pl.col("kind") == "redeem")
        .with_columns(volume=-pl.col("points")),
    }
    for channel in ("phone", "chat", "shop"):
        own = calls.filter(pl.col("channel") == channel)
        used[f"{channel}_service"] = own.with_columns(volume="minutes")
    return pl.concat(
        rows.group_by("customer_id", period=pl.col("day").dt.year().cast(pl.String))
        .agg(pl.col("volume").cast(pl.Int64).sum())
        .with_columns(activity=pl.lit(activity))
        for activity, rows in used.items()
    )


def rates():
    activity = pl.col("activity")
    return table("cost_rates").select(
        activity,
        period=pl.col("year").cast(pl.String),
        line=activity.replace_strict(LINE_OF),
        rate="rate",
        units=activity.replace_strict(UNITS, default=1),
    )


def other_pools(first, last):
    """Return spend on acquisition, shared by sign-ups of its month and channel, and the shops."""
    month = pl.col("month").dt.date().is_between(first, last)
    at = pl.col("month").dt.strftime("%Y-%m")
    won = pl.concat_str(at, "acquisition_channel", separator=" ")
    spend = table("acquisition_spend").filter(month)
    shops = table("shop_costs").filter(month)
    return pl.concat(
        [
            spend.select(pool=won, line=pl.lit("acquisition"), amount=-pl.col("spend"), key=won),
            shops.select(
                pool=pl.concat_str(at, "shop_id", separator=" "),
                line=pl.lit("shared"),
                amount=-pl.col("rent") - pl.col("wages"),
                key=pl.lit(None, dtype=pl.String),
            ),
        ]
    )


def sign_ups():
    at = pl.col("signed_up_on").dt.strftime("%Y-%m")
    return table("customers").select(
        key=pl.concat_str(at, "acquisition_channel", separator=" "),
        customer_id="customer_id",
        weight=pl.lit(1, dtype=pl.Int64),
    )


def rewards(first, last):
    """Return what was paid for referrals, as a cost of winning who was referred."""
    paid = table("referrals").filter(pl.col("day").dt.date().is_between(first, last))
    return paid.select(
        customer_id="referred_id", line=pl.lit("acquisition"), amount=-pl.col("reward")
    )


@cache
def books(first, last):
    """Return bookings, pools and keys of a period, as `customer_profit` takes them."""
    made = [sales_postings(lines(first, last)), return_postings(returned(first, last))]
    postings = [pl.from_pandas(frame) for frame in made]
    pools, keys = map(pl.from_pandas, activity_pools(rates(), volumes(first, last)))
    return (
        pl.concat([*postings, rewards(first, last)]),
        pl.concat([pools, other_pools(first, last)]),
        pl.concat([keys, sign_ups()]),
    )


@cache
def profit(first=PERIOD[0], last=PERIOD[1]):
    return customer_profit(*books(first, last), currency="CNY", first_day=first, as_of=last)
