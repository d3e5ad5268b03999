"""Figures: one HTML element with a picture, its message in words and its numbers as text."""

import base64
import io
import re
import warnings
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from customer_insight.show.escape import NO_MATHEMATICS, safe, shorten, visible
from customer_insight.show.output import Output
from customer_insight.show.table import table

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Okabe and Ito's colours, told apart by people with any of the common colour deficiencies.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
_LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
_POWER_OF_TEN = re.compile(r"\$\\mathdefault\{[-\u2212\d.^{}]*(\\times)?[-\u2212\d.^{}]*\}\$")
_PLACEHOLDER = re.compile(
    r"\b(alt|todo|tbd|fixme|xxx|lorem|image|figure|plot|chart|placeholder)\b[\s.:…]*", re.I
)


def canvas(
    rows: int = 1, columns: int = 1, *, width: float = 7.0, height: float = 3.6, **axes_options
) -> "tuple[Figure, Axes]":
    """Return a figure and its axes in the house style, ready to draw on.

    The first seven series differ by colour and by line style. Nothing global is changed but
    matplotlib's settings for text, lines and axes, which this sets on every call.

    Parameters
    ----------
    rows, columns : int, default 1
        Panels.
    width, height : float
        Inches, of the whole figure.
    **axes_options
        Passed to ``Figure.subplots``, such as ``sharey=True``.

    Returns
    -------
    figure : matplotlib.figure.Figure
    axes : matplotlib.axes.Axes or array of them
    """
    import matplotlib as mpl
    from cycler import cycler
    from matplotlib.figure import Figure

    mpl.rcParams.update(
        {
            "axes.axisbelow": True,
            "axes.grid": True,
            "axes.prop_cycle": cycler(color=PALETTE) + cycler(linestyle=_LINES),
            "axes.spines.right": False,
            "axes.spines.top": False,
            "axes.titlelocation": "left",
            "axes.titlesize": 11,
            "axes.titleweight": "bold",
            "figure.dpi": 110,
            "font.family": "DejaVu Sans",
            "font.size": 9.5,
            "grid.alpha": 0.3,
            "legend.frameon": False,
        }
    )
    figure = Figure(figsize=(width, height), layout="constrained", dpi=110)
    return figure, figure.subplots(rows, columns, **axes_options)


def figure(
    fig: "Figure",
    *,
    alt: str,
    numbers: pd.DataFrame,
    digits: int | Mapping[str, int] = 2,
    percent: tuple[str, ...] = (),
) -> Output:
    """Show a figure with its message in words and the numbers behind it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        From :func:`canvas`. Each panel needs a title that states the finding and, where it has
        axes, a label with its unit on each. Texts are drawn as they are: a dollar sign is money,
        not a formula.
    alt : str
        The message for those who cannot see the picture: what is plotted and what it shows, at
        least six words. It may hold computed numbers.
    numbers : pandas.DataFrame
        The numbers plotted, or as many as carry the message; at most 100 rows. They stand folded
        under the picture, and in the plain text.
    digits, percent
        As in :func:`customer_insight.show.table`.

    Returns
    -------
    Output
        One HTML figure, and the message with the numbers as plain text.

    Raises
    ------
    ValueError
        If ``alt`` is a placeholder or too short, or a panel lacks its title or a label, or a text
        in the figure has a character that the font cannot draw.

    Examples
    --------
    >>> fig, axes = canvas()
    >>> bars = axes.bar(["once", "more often"], [1411, 946])
    >>> _ = axes.set(title="Most bought once", xlabel="purchases", ylabel="customers")
    >>> counts = pd.DataFrame({"purchases": ["once", "more often"], "customers": [1411, 946]})
    >>> figure(fig, alt="Bar chart: 1,411 customers bought once, 946 more often.", numbers=counts)
    Figure. Bar chart: 1,411 customers bought once, 946 more often.
    The numbers
     purchases customers
          once     1,411
    more often       946
    """
    _check_alt(alt)
    _check_panels(fig)
    _take_texts_as_they_are(fig)
    _check_glyphs(fig)
    picture = io.BytesIO()
    fig.savefig(picture, format="png", metadata={"Software": None})
    encoded = base64.b64encode(picture.getvalue()).decode("ascii")
    shown = table(numbers, caption="The numbers", digits=digits, percent=percent)
    width, height = (round(inches * fig.dpi) for inches in fig.get_size_inches())
    body = (
        f'<figure class="figure {NO_MATHEMATICS}" style="margin: 1em 0">'
        f'<img alt="{safe(alt)}" width="{width}" height="{height}"'
        f' style="max-width: 100%; height: auto; background: white"'
        f' src="data:image/png;base64,{encoded}">'
        f"<details><summary>The numbers in this figure</summary>{shown.html}</details></figure>"
    )
    return Output(html=body, text=f"Figure. {visible(alt)}\n{shown.text}")


def _check_alt(alt: str) -> None:
    said = _PLACEHOLDER.sub("", alt).split() if isinstance(alt, str) else []
    if len(said) < 6:
        raise ValueError(
            "alt must state the figure's message in a sentence of six words or more: what is "
            f"plotted and what it shows; it has {len(said)}. It is all that some readers get."
        )


def _check_panels(fig: "Figure") -> None:
    """Each panel with axes has a title and two labels."""
    if not fig.axes:
        raise ValueError("the figure has no axes; draw on what canvas() returned.")
    for number, axes in enumerate(fig.axes, start=1):
        if axes.get_label() == "<colorbar>" or not axes.axison:
            continue
        lacking = [
            name
            for name, text in (
                ("title (the finding)", axes.get_title("left") or axes.get_title()),
                ("x label (with its unit)", axes.get_xlabel() or fig.get_supxlabel()),
                ("y label (with its unit)", axes.get_ylabel() or fig.get_supylabel()),
            )
            if not text.strip()
        ]
        if lacking:
            raise ValueError(
                f"panel {number} lacks its {', '.join(lacking)}: a figure must be readable without "
                "the text around it."
            )


def _take_texts_as_they_are(fig: "Figure") -> None:
    """Draw no text as a formula, but for the powers of ten that matplotlib writes on an axis."""
    from matplotlib.text import Text

    for text in fig.findobj(Text):
        text.set_parse_math(False)
        words = visible(text.get_text())
        text.set_text(words if len(words) <= 120 else shorten(words, 50))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a lacking sign is named below, in words of ours
        fig.draw_without_rendering()
    for text in fig.findobj(Text):
        text.set_parse_math(bool(_POWER_OF_TEN.fullmatch(text.get_text())))


def _check_glyphs(fig: "Figure") -> None:
    """No text in the figure is drawn as an empty box."""
    from matplotlib.font_manager import findfont, get_font
    from matplotlib.text import Text

    for text in fig.findobj(Text):
        known = get_font(findfont(text.get_fontproperties())).get_charmap()
        lost = sorted({sign for sign in text.get_text() if ord(sign) not in known and sign != "\n"})
        if lost:
            raise ValueError(
                f"the figure's font has no sign for {' '.join(map(_seen, lost))}. Figures are "
                "labelled in English; Chinese terms stand in the text and in tables."
            )


def _seen(sign: str) -> str:
    """Return a sign, or its number where there is nothing to see."""
    return sign if sign.isprintable() else f"U+{ord(sign):04X}"
