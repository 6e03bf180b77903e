"""What a notice says: kept as its English source and what is filled in, said in the language of whoever reads it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext


@dataclass(frozen=True)
class Words:
    """`title` and `body` are sources marked with gettext_noop, with named placeholders that `params` fill.

    What a person wrote goes into `params`, never into a source. Without `params` (None) both are shown as they are.
    """

    title: str
    body: str = ""
    params: Mapping[str, str | int] | None = None


def one_line(title: str) -> str:
    """A title that fits a row and a mail's subject: no line breaks, at most 200 characters."""
    return " ".join(title.split())[:200]


def in_words(source: str, params: Mapping[str, str | int] | None) -> str:
    """The source in the active language, filled in; '' stays '' (gettext's '' is the catalogue's head)."""
    if params is None or not source:
        return source
    return gettext(source) % params
