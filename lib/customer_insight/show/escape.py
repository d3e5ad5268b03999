"""Texts from data made harmless: the one place where it is done, for all that is shown."""

import html
import re

# Typesetters read a class, not a sign: MathJax 3 (JupyterLab) the first, MathJax 2 (nbconvert) the
# second. Everything shown carries both, so that "$820; $877" stays two amounts of money.
NO_MATHEMATICS = "mathjax_ignore tex2jax_ignore"

_NEWLINE = re.compile(r"\r\n?|[\x85\u2028\u2029]")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\ud800-\udfff\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
    # A joiner belongs to emoji and to some scripts; between plain letters it hides a difference.
    r"|(?<![^\x00-\x7f])[\u200c\u200d]|[\u200c\u200d](?![^\x00-\x7f])"
)


def visible(text: object) -> str:
    r"""Return a text in which every sign that is not seen, or that turns the line round, is named.

    Control characters, signs without width and signs that change the direction of writing become
    their number, ⟨U+202E⟩: two identifiers that look equal are equal, and a text cannot be read
    backwards. Line ends of all systems become one kind. Joiners inside emoji and in scripts that
    need them stay.

    Parameters
    ----------
    text : object
        Anything; what is no text is shown as ``str`` has it.

    Returns
    -------
    str
        Plain text, not escaped for HTML. A text without such signs comes back as it is.

    Examples
    --------
    >>> print(visible("Tea\x00 for \u202etwo"))
    Tea⟨U+0000⟩ for ⟨U+202E⟩two
    """
    return _UNSEEN.sub(_named, _NEWLINE.sub("\n", str(text)))


def safe(text: object) -> str:
    """Return a text for HTML, between tags or in a quoted attribute: it can only be read.

    Parameters
    ----------
    text : object
        As in :func:`visible`, which is applied first.

    Returns
    -------
    str
        Text without ``<``, ``>``, ``"``, ``'`` or a bare ``&``. The element that holds it has the
        class :data:`NO_MATHEMATICS`, or one around it has.

    Examples
    --------
    >>> safe("<b onclick='x()'>Tea & more")
    '&lt;b onclick=&#x27;x()&#x27;&gt;Tea &amp; more'
    """
    return html.escape(visible(text), quote=True)


def shorten(text: str, most: int) -> str:
    """Return a text of at most so many signs, or its beginning and how much was left out.

    Examples
    --------
    >>> shorten("x" * 20_000, 10)
    'xxxxxxxxxx… (19,990 more characters)'
    """
    return text if len(text) <= most else f"{text[:most]}… ({len(text) - most:,} more characters)"


def _named(found: re.Match) -> str:
    return f"⟨U+{ord(found[0]):04X}⟩"
