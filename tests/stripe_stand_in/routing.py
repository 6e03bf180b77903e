"""API calls: which function answers which method and path, and what it gets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError, bad_request, missing_param, no_such
from .forms import INT, RANGE, STR, Spec, check
from .render import expanded, page, plain
from .store import Obj
from .world import World

PAGING: Spec = {"created": RANGE, "limit": INT, "starting_after": STR, "ending_before": STR}


@dataclass
class Call:
    """One API call. `account`: the connected account of the Stripe-Account header, "" for the platform."""

    world: World
    params: Obj
    account: str = ""
    version: str = ""
    ids: list[str] = field(default_factory=list)
    path: str = ""

    def require(self, *names: str) -> list[Any]:
        """The values of parameters that must be there."""
        for name in names:
            if self.params.get(name) is None:
                raise missing_param(name)
        return [self.params[name] for name in names]

    def own(self, kind: str, id: str, param: str = "id") -> Obj:
        """The object of that kind and id, if this account owns it. Raises ApiError 404."""
        obj = self.world.store.find(id)
        if obj is None or obj["object"] != kind or obj.get("_account", "") != self.account:
            raise no_such(kind, id, param)
        return obj

    def new(self, obj: Obj) -> Obj:
        """Keep a new object for this account."""
        if self.account:
            obj["_account"] = self.account
        return self.world.store.save(obj)

    def listed(self, kind: str, *equal: str, where: Callable[[Obj], bool] | None = None) -> Obj:
        """A page of this account's objects; `equal` names parameters that must equal the member of that name."""
        rows = _matching(self.world.store.newest_first(kind), self, equal, where)
        return page(rows, self.params, self.path, self.world.store)


def _matching(
    rows: Iterable[Obj],
    call: Call,
    equal: tuple[str, ...],
    where: Callable[[Obj], bool] | None,
) -> Iterator[Obj]:
    wanted = {name: call.params[name] for name in equal if call.params.get(name) is not None}
    created = call.params.get("created")
    for obj in rows:
        if (
            obj.get("_account", "") == call.account
            and all(obj.get(name) == value for name, value in wanted.items())
            and in_range(obj["created"], created)
            and (where is None or where(obj))
        ):
            yield obj


def in_range(value: int, wanted: Any) -> bool:
    """Stripe's `created` filter: a timestamp, or bounds under gt, gte, lt, lte."""
    if wanted is None or isinstance(wanted, int):
        return wanted is None or value == wanted
    tests = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    return all(tests[name](value, bound) for name, bound in wanted.items())


Handler = Callable[[Call], Obj]
_routes: dict[tuple[str, int], list[tuple[list[str], Handler, Spec, bool]]] = {}


def route(method: str, path: str, spec: Spec | None = None) -> Callable[[Handler], Handler]:
    """Register an API function; `{}` in the path stands for an id."""

    def register(handler: Handler) -> Handler:
        parts = path.strip("/").split("/")
        full = {**(spec or {}), "expand": [STR]}
        updates = method == "POST" and parts[-1] == "{}"
        _routes.setdefault((method, len(parts)), []).append((parts, handler, full, updates))
        return handler

    return register


def answer(call: Call, method: str) -> Obj:
    """Find the function for the call, check its parameters, run it, expand the answer. Raises ApiError."""
    parts = call.path.strip("/").split("/")
    for pattern, handler, spec, updates in _routes.get((method, len(parts)), []):
        if all(want in ("{}", got) for want, got in zip(pattern, parts, strict=True)):
            call.ids = [got for want, got in zip(pattern, parts, strict=True) if want == "{}"]
            call.params = check(call.params, spec, unset=updates)
            paths = call.params.pop("expand", None) or []
            return expanded(call.world.store, plain(handler(call)), paths)
    raise ApiError(404, f"Unrecognized request URL ({method}: {call.path}). The stand-in does not play this one.")


def only_one(call: Call, *names: str) -> str:
    """The name of the one parameter given out of `names`. Raises ApiError 400 for none or several."""
    given = [name for name in names if call.params.get(name) is not None]
    if len(given) != 1:
        raise bad_request(f"Exactly one of {', '.join(names)} is required.", "parameter_missing", names[0])
    return given[0]
