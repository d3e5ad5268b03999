"""The one shell for things to play with: controls, a pure function, and a picture of its result."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from customer_insight.show.controls import Choice, Range, read_controls
from customer_insight.show.escape import NO_MATHEMATICS, safe, visible
from customer_insight.show.output import Output

if TYPE_CHECKING:
    from ipywidgets import VBox


class Exploration:
    """Controls over a picture; where there is no kernel, the picture as it is at the start.

    Made by :func:`explore`. ``start`` is what it shows before a control is moved.
    """

    def __init__(
        self,
        compute: Callable[..., Output],
        controls: Mapping[str, Range | Choice],
        description: str,
    ):
        self._compute = compute
        self._controls = controls
        self._description = description
        self.start = compute(**{name: control.start for name, control in controls.items()})

    def __repr__(self) -> str:
        return "\n".join([visible(self._description), *map(visible, self._how()), self.start.text])

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict[str, Any]:
        view = self.widget._repr_mimebundle_() or {}
        return {**view, "text/html": self._still(), "text/plain": repr(self)}

    @cached_property
    def widget(self) -> "VBox":
        """The controls and the picture, alive; made when it is first asked for."""
        from ipywidgets import HTML, Box, Layout, VBox

        said = HTML(f'<p class="{NO_MATHEMATICS}">{safe(self._description)}</p>')
        shown = HTML(self.start.html)
        made = {name: control.widgets() for name, control in self._controls.items()}

        def update(_change: object) -> None:
            state = {name: holder.value for name, (_, holder) in made.items()}
            try:
                shown.value = self._at(state)
            except Exception:
                # The old picture must not stand beside new settings; the error goes to the log.
                shown.value = "<p>This setting could not be computed.</p>"
                raise

        for _, holder in made.values():
            holder.observe(update, names="value")
        row = Layout(display="flex", flex_flow="row wrap", overflow="visible")
        return VBox([said, Box([part for part, _ in made.values()], layout=row), shown])

    def _at(self, state: dict[str, Any]) -> str:
        """Return the picture for a state, or in its place why there is none."""
        try:
            return self._compute(**state).html
        except ValueError as error:
            return (
                f'<p class="{NO_MATHEMATICS}" role="alert"><strong>Nothing to show here.</strong> '
                f"{safe(error)}</p>"
            )

    def _how(self) -> list[str]:
        """Return how to start it, and where the controls stand in the still picture."""
        stand = "; ".join(control.at_start() for control in self._controls.values())
        return [
            "The controls work where the lesson's code runs: call make lab, open this lesson and "
            "run its cells.",
            f"Below, they stand at: {stand}.",
        ]

    def _still(self) -> str:
        """Return what a page without a kernel shows."""
        how, stand = (safe(line) for line in self._how())
        how = how.replace("make lab", "<code>make lab</code>")
        return (
            f'<div class="explore"><div class="play {NO_MATHEMATICS}">'
            f"<p><strong>To play with.</strong> {safe(self._description)}</p>"
            f"<p>{how} {stand}</p></div>{self.start.html}</div>"
        )


def explore(
    function: Callable[..., pd.DataFrame],
    *,
    controls: Mapping[str, Sequence],
    draw: Callable[[pd.DataFrame], Output],
    description: str,
) -> Exploration:
    """Show controls that set what a function is called with, and its result drawn anew each time.

    Every control can be used with the keyboard alone: Tab leads to it, the arrow keys move it. The
    picture follows when a control comes to rest. If the function refuses a setting with a
    ValueError, its message stands in the picture's place.

    Parameters
    ----------
    function : callable
        A pure function from the controls' values, given by name, to a pandas frame.
    controls : mapping of str to tuple
        For each argument of ``function`` either a range, ``(label, low, high, step, start)``, or a
        choice, ``(label, [choices], start)``. A range of whole numbers gives whole numbers. The
        label says in full what is set, with its unit.
    draw : callable
        From that frame to what is shown, such as
        ``lambda frame: show.lines(frame, x="week", ...)``.
    description : str
        What there is to try, in six words or more.

    Returns
    -------
    Exploration
        Displays the widget where a kernel runs. In the book, in a stored notebook and in plain text
        it says what the widget does and how to start it, and shows the picture at the start.

    Raises
    ------
    ValueError
        If a control is not as described, the function does not take exactly these arguments, the
        description is too short, or function or draw return something else at the start. A
        ValueError of the function at the start is passed on.

    Examples
    --------
    >>> from customer_insight import show
    >>> def purchases(rate):
    ...     return pd.DataFrame({"week": [1, 10], "purchases": [rate, 10 * rate]})
    >>> explore(
    ...     purchases,
    ...     controls={"rate": ("Purchases a week", 0, 5, 1, 2)},
    ...     draw=lambda frame: show.table(frame, caption="Purchases so far"),
    ...     description="Set how often a customer buys, and count.",
    ... )
    Set how often a customer buys, and count.
    The controls work where the lesson's code runs: call make lab, open this lesson and run its \
cells.
    Below, they stand at: Purchases a week = 2.
    Purchases so far
    week purchases
       1         2
      10        20
    """
    if not isinstance(description, str) or len(description.split()) < 6:
        raise ValueError(
            "description must say in six words or more what there is to try: in the book it stands "
            "for the widget."
        )
    read = read_controls(function, controls)

    def compute(**state: Any) -> Output:
        frame = function(**state)
        if not isinstance(frame, pd.DataFrame):
            raise ValueError(f"the function must return a frame, not {type(frame).__name__}.")
        output = draw(frame)
        if not isinstance(output, Output):
            raise ValueError(
                "draw must return what show.lines, show.bars, show.figure or show.table return, "
                f"not {type(output).__name__}."
            )
        return output

    return Exploration(compute, read, description)
