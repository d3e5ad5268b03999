"""The forms in which dates are written, told by their shapes (every digit a 9)."""

import re

_CLOCK = (
    r"(?:(?:t| |, ?| - )(?:(?:上午|下午|am|pm) ?)?9{1,2}[:.时]9{2}(?:[:.分]9{2}秒?(?:[.,]9{1,9})?)?"
    r"分? ?(?:am|pm|a\.m\.|p\.m\.)?)?"
)
_ZONE = r" ?(?:z|utc|[+-]9{2}(?::?9{2})?)"
WORDS = (
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? )?"
# Year first is never written with the day second. What the second and third form mean, and eight
# digits, the values must tell.
_FORMS = {
    "ymd": rf"9{{4}}([-/.])9{{1,2}}\1 ?9{{1,2}}{_CLOCK}|9{{4}}年9{{1,2}}月9{{1,2}}[日号]?{_CLOCK}",
    "xxy": rf"9{{1,2}}([-/. ]) ?9{{1,2}}\1 ?9{{4}}{_CLOCK}",
    "xx2": rf"9{{1,2}}([-/. ]) ?9{{1,2}}\1 ?9{{2}}{_CLOCK}",
    "2md": rf"9{{2}}年9{{1,2}}月9{{1,2}}[日号]?{_CLOCK}",
    "dwy": rf"{_WEEKDAY}9{{1,2}}(?:st|nd|rd|th)?[-/. ]{WORDS}[-/., ]+9{{4}}{_CLOCK}",
    "wdy": rf"{_WEEKDAY}{WORDS}\.?[-/. ]9{{1,2}}(?:st|nd|rd|th)?,? 9{{4}}{_CLOCK}",
    "moment": rf"9{{4}}-9{{2}}-9{{2}}[t ]9{{2}}:9{{2}}(?::9{{2}}(?:[.,]9{{1,9}})?)?{_ZONE}",
    "eight": rf"9{{8}}{_CLOCK}",
    "fourteen": r"9{14}",
    "serial": r"9{5}(?:[.,]9+)?",
    "seconds": r"9{10}(?:\.9+)?",
    "milliseconds": r"9{13}",
}
_PATTERNS = {name: re.compile(form) for name, form in _FORMS.items()}
ZONED = ("moment", "seconds", "milliseconds")


def form_of(shape: str) -> str:
    """Return the form of date that a shape has; "other" if none that is known.

    Examples
    --------
    >>> [form_of(s) for s in ("9999-99-99", "99/9/9999 99:99", "99999", "9999-99-99T99:99Z", "x")]
    ['ymd', 'xxy', 'serial', 'moment', 'other']
    """
    lower = shape.lower().strip()
    return next((name for name, form in _PATTERNS.items() if form.fullmatch(lower)), "other")
