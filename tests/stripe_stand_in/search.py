"""Stripe's search, as far as finding an object by its metadata or a plain member needs it.

https://docs.stripe.com/search: clauses joined by AND or by OR, `-` negates. Real search lags by up to a minute.
"""

import re
from typing import Any

from .errors import bad_request
from .forms import INT, STR, Spec
from .render import plain
from .routing import Call
from .store import Obj

SEARCH: Spec = {"query": STR, "limit": INT, "page": STR}
CLAUSE = re.compile(r"""(-?)([a-z_]+)(?:\[["']([^"']+)["']\])?\s*:\s*(?:"([^"]*)"|'([^']*)'|([\w.@-]+))""")


def search_page(call: Call, kind: str) -> Obj:
    """The newest objects of the kind that fit the query, in Stripe's search_result shape."""
    (query,) = call.require("query")
    limit = call.params.get("limit", 10)
    page = call.params.get("page") or "0"
    if not page.isdigit():
        raise bad_request(f"Invalid page: {page}", param="page")
    start = int(page)
    tests, joined = _clauses(query)
    rows = [
        obj
        for obj in call.world.store.newest_first(kind)
        if obj.get("_account", "") == call.account and joined(_fits(obj, test) for test in tests)
    ]
    more = len(rows) > start + limit
    return {
        "object": "search_result",
        "data": [plain(obj) for obj in rows[start : start + limit]],
        "has_more": more,
        "next_page": str(start + limit) if more else None,
        "url": call.path,
    }


def _clauses(query: str) -> tuple[list[tuple[str, ...]], Any]:
    found = [match.groups("") for match in CLAUSE.finditer(query)]
    rest = CLAUSE.sub(" ", query).split()
    if not found or len(found) > 10 or len(set(map(str.upper, rest))) > 1 or set(map(str.upper, rest)) - {"AND", "OR"}:
        raise bad_request(f"We were unable to parse your search query: {query}", param="query")
    return found, any if "OR" in map(str.upper, rest) else all


def _fits(obj: Obj, clause: tuple[str, ...]) -> bool:
    minus, name, key, double, single, bare = clause
    wanted = double or single or bare
    value = (obj.get(name) or {}).get(key) if key else obj.get(name)
    same = value is None if bare == "null" else str(value) == wanted
    return same != bool(minus)
