"""Where in a text the looked-for tokens stand, whatever script, width or case either was written in."""

from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from kit.text import fold

BEFORE, AFTER = 30, 110
LONGEST_TEXT = 20_000
MOST_PLACES = 200


class Piece(NamedTuple):
    """A stretch of text; `is_hit` says whether it was looked for."""

    text: str
    is_hit: bool


@lru_cache(maxsize=20_000)
def _folded(character: str) -> str:
    return fold(character)


def marked(text: str, tokens: list[str]) -> list[Piece]:
    """The whole text in pieces, hits and the rest in turn."""
    hits = _hits(text, tokens)
    pieces: list[Piece] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or hits[place] != hits[start]:
            pieces.append(Piece(text[start:place], hits[start]))
            start = place
    return pieces


def snippet(text: str, tokens: list[str]) -> list[Piece]:
    """The stretch of the text with the most hits, in pieces; its beginning where there are none."""
    text = text[:LONGEST_TEXT]
    hits = _hits(text, tokens)
    until = [0, *accumulate(hits)]
    places = [place for place, is_hit in enumerate(hits) if is_hit][:MOST_PLACES]
    best = max(places, key=lambda start: (until[min(start + AFTER, len(text))] - until[start], -start)) if places else 0
    start = max(0, best - BEFORE)
    end = min(len(text), best + AFTER)
    pieces = marked(text[start:end], tokens)
    head = [Piece("…", False)] if start else []
    return [*head, *pieces, *([Piece("…", False)] if end < len(text) else [])]


def _hits(text: str, tokens: list[str]) -> list[bool]:
    """For each character of `text`, whether a token covers it. Folding may make several characters of one."""
    plain = [_folded(character) for character in text]
    folded = "".join(plain)
    # Where nothing grew, a place of the folded text is the same place of the text.
    grew = len(folded) != len(text)
    origin = [place for place, part in enumerate(plain) for _letter in part] if grew else range(len(text))
    hits = [False] * len(text)
    for token in tokens:
        found = folded.find(token)
        while found >= 0:
            for place in origin[found : found + len(token)]:
                hits[place] = True
            found = folded.find(token, found + 1)
    return hits
