"""Text to tsvector and tsquery literals, without PostgreSQL's parser: it does not know where Chinese words end.

COMMUNITY.md: CJK runs become overlapping bigrams. The last character of a run is a token, too, so that every single
character is found by prefix.
"""

from kit.text import bigrams, is_cjk, search_runs

LAST_POSITION = 16_383
LONGEST_TOKEN = 64


def vector(title: str, text: str) -> str:
    """A tsvector literal; the title's tokens weigh A. Runs stand apart, so that no phrase crosses them."""
    places: dict[str, list[str]] = {}
    position = 1
    for weight, words in (("A", title), ("", text)):
        for run in search_runs(words):
            for token in bigrams(run):
                places.setdefault(token[:LONGEST_TOKEN], []).append(f"{min(position, LAST_POSITION)}{weight}")
                position += 1
            if len(run) > 1 and is_cjk(run):
                places.setdefault(run[-1], []).append(f"{min(position, LAST_POSITION)}{weight}")
            position += 1
    return " ".join(f"'{token}':{','.join(spots[:200])}" for token, spots in places.items())


def phrase_query(runs: list[str], weight: str = "") -> str:
    """All runs must occur, each CJK run as a phrase; words and lone characters by their beginning."""
    parts = []
    for run in runs:
        if len(run) > 1 and is_cjk(run):
            parts.append("(" + " <-> ".join(f"'{token}'{weight and ':'}{weight}" for token in bigrams(run)) + ")")
        else:
            parts.append(f"'{run[:LONGEST_TOKEN]}':*{weight}")
    return " & ".join(parts)


def title_query(runs: list[str]) -> str:
    """As `phrase_query`, in titles only."""
    return phrase_query(runs, "A")
