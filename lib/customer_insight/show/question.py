"""A check in a lesson: a question whose every choice explains itself, without a running kernel."""

import re
from collections.abc import Mapping

from customer_insight.show.escape import NO_MATHEMATICS, safe, visible
from customer_insight.show.output import Output

# A Chinese sign counts as a word; English words may hold an apostrophe or a hyphen.
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:['’-][^\W\u3400-\u9fff]+)*")
_STYLE = "margin: 0.5em 0; padding-left: 1em; border-left: 0.2em solid currentColor"


def question(text: str, options: Mapping[str, tuple[bool, str]]) -> Output:
    """Show a question whose choices open one by one and say why they are right or not.

    A reader chooses by opening a choice, with the mouse or with Tab and Enter. Right and wrong are
    said in words, so that colour carries nothing. It works in the notebook, in a stored copy and in
    the book alike.

    Parameters
    ----------
    text : str
        The question, plain text; it is escaped, and dollars stay dollars.
    options : mapping of str to (bool, str)
        Two to five choices in the order shown, each with whether it is right and what to say to
        those who choose it. Exactly one is right. A wrong one names the likely misconception, in
        six words or more (a Chinese sign counts as a word).

    Returns
    -------
    Output
        The question with its choices; as plain text, the answers stand below all choices.

    Raises
    ------
    ValueError
        If the question or a choice is empty, there are too few or too many choices, none or more
        than one is right, or an explanation is missing or too short. Choices are named by number.

    Examples
    --------
    >>> question(
    ...     "A customer bought once, a year ago. Is the customer gone?",
    ...     {
    ...         "Surely": (False, "A long silence makes it likely, but nobody has told us."),
    ...         "Nobody knows": (True, "We see purchases, never the decision to leave."),
    ...     },
    ... )
    Check. A customer bought once, a year ago. Is the customer gone?
      a) Surely
      b) Nobody knows
    Answers
      a) Not quite. A long silence makes it likely, but nobody has told us.
      b) Right. We see purchases, never the decision to leave.
    """
    if not isinstance(text, str) or not text.strip():
        raise ValueError("question() needs a question: a text that is not empty.")
    _check(options)
    choices, answers, folds = [], [], []
    for letter, (choice, (is_right, why)) in zip("abcde", options.items(), strict=False):
        verdict = "Right." if is_right else "Not quite."
        choices.append(f"  {letter}) {visible(choice)}")
        answers.append(f"  {letter}) {verdict} {visible(why)}")
        folds.append(
            f"<details><summary>{safe(choice)}</summary>"
            f'<p style="{_STYLE}"><strong>{verdict}</strong> {safe(why)}</p></details>'
        )
    body = (
        f'<div class="question {NO_MATHEMATICS}" style="overflow-wrap: anywhere">'
        f"<p><strong>Check.</strong> {safe(text)}</p>{''.join(folds)}</div>"
    )
    lines = [f"Check. {visible(text)}", *choices, "Answers", *answers]
    return Output(html=body, text="\n".join(lines))


def _check(options: Mapping[str, tuple[bool, str]]) -> None:
    if not isinstance(options, Mapping) or not 2 <= len(options) <= 5:
        found = len(options) if isinstance(options, Mapping) else type(options).__name__
        raise ValueError(
            "options must map two to five choices to (is_right, explanation), and it has "
            f"{found}: with one there is nothing to choose, and more than five are not weighed."
        )
    for number, (choice, answer) in enumerate(options.items(), start=1):
        _check_choice(number, choice, answer)
    if len({visible(choice).strip() for choice in options}) < len(options):
        raise ValueError("two choices read the same; a reader cannot tell them apart.")
    right = [number for number, (is_right, _) in enumerate(options.values(), start=1) if is_right]
    if len(right) != 1:
        raise ValueError(
            f"exactly one choice must be right, and here {len(right)} are"
            f"{f' (numbers {right})' if right else ''}. Mark one with True."
        )


def _check_choice(number: int, choice: object, answer: object) -> None:
    if not isinstance(choice, str) or not choice.strip():
        raise ValueError(f"choice {number} is empty; a choice is a text.")
    if not (isinstance(answer, tuple) and [type(part) for part in answer] == [bool, str]):
        raise ValueError(
            f"choice {number} needs (is_right, explanation), True or False and a text."
        )
    is_right, why = answer
    words = len(_WORD.findall(why))
    if words < (1 if is_right else 6):
        wanted = "an explanation" if is_right else "an explanation of six words or more"
        raise ValueError(
            f"choice {number} needs {wanted}, and it has {words} words: who chose it wants to know "
            "why, and a wrong one should hear the likely misconception."
        )
