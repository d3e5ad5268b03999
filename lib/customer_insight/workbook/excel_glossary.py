"""The terms of the report in English and Chinese, for the workbook's glossary."""

from dataclasses import dataclass

from customer_insight.features import SEGMENTS, SegmentRule


@dataclass(frozen=True)
class Term:
    """A term in both languages and what it means in the report."""

    en: str
    zh: str
    meaning: str


# What a lesson introduces stands here in the lesson's words.
_TERMS = (
    Term("as_of", "截止日期", "the last day that counts; nothing after it is looked at"),
    Term(
        "bootstrap (resampling)",
        "自助法（重抽样）",
        "the same number from many drawn copies of the data; how far it scatters is its interval",
    ),
    Term("cohort", "同期群", "the customers whose first purchase fell into the same period"),
    Term("concentration", "客户集中度", "how much of the revenue comes from few customers"),
    Term(
        "discount",
        "折现率",
        "share a year by which money to come counts less than money of today",
    ),
    Term("dropping out", "流失", "the customer stops for good, and nobody tells us"),
    Term("forecast", "预测值", "what a model expects; how far it was off before stands beside it"),
    Term("frequency (F)", "购买频率", "days with a purchase; several orders on a day count once"),
    Term("hidden", "隐去", "a count too small to show, or a larger one that gives it away"),
    Term("hold-out", "留出样本", "weeks that the model is not shown, kept to judge it"),
    Term(
        "interval",
        "置信区间",
        "where the number may lie, at 95 %, if other customers of the same kind had been seen",
    ),
    Term(
        "Lorenz curve",
        "洛伦兹曲线",
        "the share of all sales that the customers with least hold together, from none to all",
    ),
    Term("margin", "毛利", "sales less returns less the cost of goods; no other cost is taken off"),
    Term("median", "中位数", "half of the values lie below it, half above"),
    Term("money (M)", "消费金额", "sum of a customer's purchases up to as_of, before returns"),
    Term("net sales", "净销售额", "sales less returns"),
    Term("pseudonym", "假名", "stands for a customer's id; only who has the key can tell whose"),
    Term("recency (R)", "最近一次购买距今天数", "days from the last purchase to as_of"),
    Term("repeat rate", "复购率", "share of new customers who order again within a set time"),
    Term("retention", "留存率", "share of a cohort that bought in a later period"),
    Term("return", "退货", "goods that came back or an order cancelled; its amount is below zero"),
    Term("revenue", "销售收入", "what customers paid, less what was paid back to them"),
    Term("RFM", "RFM 模型", "customers scored by recency, frequency and money; equals score equal"),
    Term("sales", "销售额", "amounts of purchases, before returns; no cost is taken off"),
    Term("score", "评分", "place among all customers, from 1 (long ago, seldom, little) to 5"),
    Term("segment", "客户细分", "customers with the same range of R and F; each is in exactly one"),
    Term(
        "to come",
        "未来价值",
        "what customers known by as_of are expected to bring within a horizon, discounted",
    ),
)


def glossary() -> list[Term]:
    """Return the terms in alphabetical order, then the segments in the order of their rules.

    Examples
    --------
    >>> [term.zh for term in glossary() if term.en == "cohort"]
    ['同期群']
    """
    named = dict.fromkeys((rule.segment, rule.name, rule.name_zh) for rule in SEGMENTS)
    segments = [
        Term(f"{name} ({code})", name_zh, f"segment: {_rules(code)}")
        for code, name, name_zh in named
    ]
    return [*_TERMS, *segments]


def _rules(segment: str) -> str:
    return "; or ".join(_scores(rule) for rule in SEGMENTS if rule.segment == segment)


def _scores(rule: SegmentRule) -> str:
    ends = (("R", *rule.r), ("F", *rule.f))
    return ", ".join(
        f"{name} {low}" if low == high else f"{name} {low} to {high}" for name, low, high in ends
    )
