"""The controls of a widget: a number in a range, or one choice of several."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ipywidgets import Layout, ValueWidget, Widget


@dataclass(frozen=True)
class Range:
    """A number from ``low`` to ``high`` in steps; whole where all four numbers are."""

    label: str
    low: float
    high: float
    step: float
    start: float

    def at_start(self) -> str:
        """Return where it stands at the start."""
        return f"{self.label} = {self.start:{self._format()}}"

    def widgets(self) -> "tuple[Widget, ValueWidget]":
        """Return what is displayed, and the part of it that holds the value.

        A field for the number stands before the slider, and both are one: the field carries the
        label, which a slider of ipywidgets does not hand on to a screen reader.
        """
        from ipywidgets import (
            BoundedFloatText,
            BoundedIntText,
            FloatSlider,
            HBox,
            IntSlider,
            Layout,
            link,
        )

        field, slider = (
            (BoundedIntText, IntSlider) if self._whole() else (BoundedFloatText, FloatSlider)
        )
        given = {"value": self.start, "min": self.low, "max": self.high, "step": self.step}
        given["continuous_update"] = False
        number = field(**given, **_labelled(self.label))
        track = slider(**given, readout=False, layout=Layout(width="14em", margin="2px 12px"))
        link((number, "value"), (track, "value"))
        return HBox([number, track], layout=_row()), track

    def _whole(self) -> bool:
        return all(isinstance(n, int) for n in (self.low, self.high, self.step, self.start))

    def _format(self) -> str:
        if self._whole():
            return "d"
        digits = max(len(f"{n:.6f}".rstrip("0").partition(".")[2]) for n in (self.low, self.step))
        return f".{max(digits, 1)}f"


@dataclass(frozen=True)
class Choice:
    """One of several values."""

    label: str
    choices: tuple
    start: Any

    def at_start(self) -> str:
        """Return where it stands at the start."""
        return f"{self.label} = {self.start}"

    def widgets(self) -> "tuple[Widget, ValueWidget]":
        """Return what is displayed, and the part of it that holds the value: here one list."""
        from ipywidgets import Dropdown, HBox

        choice = Dropdown(options=self.choices, value=self.start, **_labelled(self.label))
        return HBox([choice], layout=_row()), choice


def read_controls(
    function: Callable, controls: Mapping[str, Sequence]
) -> dict[str, Range | Choice]:
    """Return the controls by the argument that each sets.

    Parameters
    ----------
    function : callable
        What is called with them.
    controls : mapping of str to tuple
        As in :func:`customer_insight.show.explore`.

    Returns
    -------
    dict of str to Range or Choice
        In the order given.

    Raises
    ------
    ValueError
        If there is none, one is not as described, two have one label, or the function does not take
        exactly these arguments. The control is named.
    """
    if not isinstance(controls, Mapping) or not controls:
        raise ValueError("controls must map at least one argument to what sets it.")
    read = {name: _read(name, given) for name, given in controls.items()}
    labels = [control.label for control in read.values()]
    if len(set(labels)) < len(labels):
        raise ValueError("two controls have the same label; a reader cannot tell them apart.")
    try:
        inspect.signature(function).bind(**read)
    except TypeError as error:
        raise ValueError(
            f"the function cannot be called with the controls {list(read)}: {error}. Each control "
            "sets the argument that it is named after."
        ) from error
    return read


def _read(name: str, given: Sequence) -> Range | Choice:
    parts = list(given) if isinstance(given, tuple | list) else []
    if len(parts) not in (3, 5) or not isinstance(parts[0], str) or not parts[0].strip():
        raise ValueError(
            f"control {name!r} must be (label, low, high, step, start) or (label, [choices], "
            "start), with a label that says what is set."
        )
    return _read_choice(name, *parts) if len(parts) == 3 else _read_range(name, *parts)


def _read_choice(name: str, label: str, choices: Sequence, start: Any) -> Choice:
    if not isinstance(choices, tuple | list) or len(choices) < 2 or start not in choices:
        raise ValueError(
            f"control {name!r} needs a list of two choices or more, with its start among them."
        )
    return Choice(label, tuple(choices), start)


def _read_range(name: str, label: str, *numbers: float) -> Range:
    if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise ValueError(f"control {name!r}: low, high, step and start must be numbers.")
    low, high, step, start = numbers
    if not (low < high and 0 < step <= high - low and low <= start <= high):
        raise ValueError(
            f"control {name!r}: low {low} must be below high {high}, the step {step} must be above "
            f"0 and fit between them, and the start {start} must lie in the range."
        )
    steps = (start - low) / step
    if abs(steps - round(steps)) > 1e-6:
        raise ValueError(
            f"control {name!r}: no step leads from {low} to the start {start} in steps of {step}; "
            "the slider would stand where it cannot be put again."
        )
    return Range(label, low, high, step, start)


def _labelled(label: str) -> dict[str, Any]:
    """Return what shows a label whole."""
    from ipywidgets import Layout

    style = {"description_width": "initial"}
    layout = Layout(
        flex="0 1 auto", flex_flow="row wrap", height="auto", max_width="100%", width="auto"
    )
    return {"description": label, "tooltip": label, "style": style, "layout": layout}


def _row() -> "Layout":
    """Return the layout of one control, which wraps on a narrow page."""
    from ipywidgets import Layout

    return Layout(display="flex", flex_flow="row wrap", margin="2px 16px 2px 0", max_width="100%")
