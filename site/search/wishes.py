"""What a person asks of the search: words and filters, as they stand in the address."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import QueryDict

from community.flows import muted_by
from kit import searchables
from kit.clock import now
from search.finding import Wanted

LONGEST_QUERY = 100
LAST_PAGE = 20
SPANS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=31), "year": timedelta(days=366)}
LANGUAGES = {"zh": ["zh", "zh-hant", "zh-hans"], "en": ["en"]}


@dataclass(frozen=True)
class Wish:
    """`space` and `author` are ids, or 0 for somewhere or somebody that is not to be found; None asks for all."""

    text: str
    kind: str = ""
    space: int | None = None
    author: int | None = None
    span: str = ""
    language: str = ""
    tag: str = ""

    def wanted(self, user: Any) -> Wanted:
        """The conditions of this wish, of what is open to the person now and of whom they want to read."""
        audiences = searchables.audiences_of(user)
        if self.space is not None:
            audiences = [audience for audience in audiences if audience == f"space:{self.space}"]
        tests: list[str] = []
        values: dict[str, Any] = {}
        for condition, name, value in (
            ("kind = %(kind)s", "kind", self.kind),
            ("author = %(author)s", "author", self.author),
            ("at >= %(since)s", "since", self._since()),
            ("language = ANY(%(languages)s)", "languages", LANGUAGES.get(self.language)),
            ("tags @> ARRAY[%(tag)s]::varchar[]", "tag", self.tag),
            ("(author IS NULL OR author <> ALL(%(muted)s))", "muted", sorted(muted_by(user)) or None),
        ):
            if value not in ("", None):
                tests.append(condition)
                values[name] = value
        return Wanted(audiences, tests, values)

    def _since(self) -> datetime | None:
        return now() - SPANS[self.span] if self.span in SPANS else None


def words_of(asked: QueryDict) -> str:
    """The text that is looked for."""
    return asked.get("q", "").replace("\x00", "").strip()[:LONGEST_QUERY]


def page_of(asked: QueryDict) -> int:
    number = asked.get("page", "1")
    return min(max(int(number), 1), LAST_PAGE) if number.isdecimal() and len(number) < 4 else 1
