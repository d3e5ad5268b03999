"""The simulated company Qinghe (清禾), a trader of herbal tea and outdoor gear with known truth.

``build_company`` draws it; ``customer_insight.data.load("company_orders")`` loads what was drawn.
"""

from customer_insight.company.build import build_company

__all__ = ["build_company"]
