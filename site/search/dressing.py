"""What is said beside a hit: where it stands, by whom, and when. Two queries for a page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from kit import things
from search.reads import Hit


@dataclass(frozen=True)
class DressedHit:
    """`space` and `author` are names, or ''."""

    hit: Hit
    space: str
    author: str


def dressed(hits: Sequence[Hit], request: Any) -> list[DressedHit]:
    spaces = things.cards("space", [hit.space for hit in hits if hit.space], request)
    # A person's own page says the name already.
    wanted = {hit.author for hit in hits if hit.author and hit.kind != "person"}
    people = User.objects.in_bulk(wanted) if wanted else {}
    return [
        DressedHit(
            hit,
            spaces[str(hit.space)].title if str(hit.space) in spaces else "",
            people[hit.author].display_name if hit.author in people else "",
        )
        for hit in hits
    ]
