"""Objects as the API answers them: own members left out, `expand` followed, lists paged."""

from collections.abc import Callable, Iterable
from typing import Any

from .errors import bad_request, no_such
from .store import Obj, Store

# (kind, member) → the list that the member opens to; left out unless expanded, as Stripe does.
SUBLISTS: dict[tuple[str, str], Callable[[Store, Obj], Obj]] = {}


def plain(value: Any) -> Any:
    """A deep copy without the objects' members that start with `_` (metadata may hold such names)."""
    if isinstance(value, dict):
        hides = "object" in value
        return {key: plain(inner) for key, inner in value.items() if not (hides and key.startswith("_"))}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def expanded(store: Store, answer: Obj, paths: list[str]) -> Obj:
    """`answer` (already plain) with the ids at `paths` replaced by their objects; at most four levels deep."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > 4:
            raise bad_request("You cannot expand more than 4 levels of a property.", param="expand")
        _open(store, answer, steps, path)
    return answer


def _open(store: Store, holder: Obj, steps: list[str], path: str) -> None:
    name, rest = steps[0], steps[1:]
    sublist = SUBLISTS.get((holder.get("object", ""), name))
    if sublist and not isinstance(holder.get(name), dict):
        holder[name] = sublist(store, holder)
    if name not in holder:
        raise bad_request(f"This property cannot be expanded ({path}).", param="expand")
    value = holder[name]
    if isinstance(value, str):
        target = store.find(value)
        if target is None:
            raise bad_request(f"This property cannot be expanded ({path}).", param="expand")
        holder[name] = value = plain(target)
    for inner in value if isinstance(value, list) else [value]:
        if rest and isinstance(inner, dict):
            _open(store, inner, rest, path)


def listing(objects: Iterable[Obj], url: str) -> Obj:
    """A whole list object, unpaged."""
    return {"object": "list", "data": [plain(obj) for obj in objects], "has_more": False, "url": url}


def page(newest_first: Iterable[Obj], params: Obj, url: str, store: Store) -> Obj:
    """One page of a list by Stripe's cursor rules: https://docs.stripe.com/api/pagination."""
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise bad_request("This value must be between 1 and 100.", "parameter_invalid_integer", "limit")
    for cursor in ("starting_after", "ending_before"):
        if params.get(cursor) and store.find(params[cursor]) is None:
            raise no_such("object", params[cursor], cursor)
    rows, more = (
        _before(newest_first, params["ending_before"], limit)
        if params.get("ending_before")
        else _after(newest_first, params.get("starting_after"), limit)
    )
    return {"object": "list", "data": [plain(obj) for obj in rows], "has_more": more, "url": url}


def _after(rows: Iterable[Obj], cursor: str | None, limit: int) -> tuple[list[Obj], bool]:
    found: list[Obj] = []
    passed = cursor is None
    for obj in rows:
        if passed:
            if len(found) == limit:
                return found, True
            found.append(obj)
        passed = passed or obj["id"] == cursor
    return found, False


def _before(rows: Iterable[Obj], cursor: str, limit: int) -> tuple[list[Obj], bool]:
    newer: list[Obj] = []
    for obj in rows:
        if obj["id"] == cursor:
            break
        newer.append(obj)
    return newer[-limit:], len(newer) > limit
