"""One API call from headers to answer: key, account, faults, idempotency, then the function that does it."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .errors import ApiError
from .forms import parse, parse_multipart
from .idempotency import Answer, fingerprint, store_answer, stored_answer
from .render import plain
from .routing import Call, answer
from .store import Obj, new_id
from .world import API_VERSION

if TYPE_CHECKING:
    from .stand_in import StandIn


@dataclass
class Request:
    """An API request as it came: query or body, and headers with their names in lower case."""

    method: str
    path: str
    encoded: bytes
    headers: dict[str, str]
    id: str = field(default_factory=lambda: new_id("req", 14))

    @property
    def key(self) -> str:
        return self.headers.get("idempotency-key", "") if self.method != "GET" else ""

    @property
    def account(self) -> str:
        return self.headers.get("stripe-account", "")

    def params(self) -> Obj:
        """Raises ApiError 400."""
        kind = self.headers.get("content-type", "")
        if kind.startswith("multipart/form-data"):
            return parse_multipart(kind, self.encoded)
        return parse(self.encoded.decode())

    @property
    def version(self) -> str:
        return self.headers.get("stripe-version", API_VERSION)


def serve(stand_in: "StandIn", request: Request) -> Answer | None:
    """The answer, or None if the connection is to be closed without one."""
    fault = stand_in.faults.take(request.method, request.path)
    if fault and not fault.after_work:
        stand_in.faults.hang(fault)
        if fault.silent:
            return None
        if fault.status:
            return Answer(fault.status, fault.error().body())
    result = _work(stand_in, request)
    if fault and fault.after_work:
        stand_in.faults.hang(fault)
        if fault.silent:
            return None
        if fault.status:
            return Answer(fault.status, fault.error().body())
    return result


def _work(stand_in: "StandIn", request: Request) -> Answer:
    world = stand_in.world
    with world.turn():
        try:
            _check_key(request)
            call = Call(world, request.params(), request.account, request.version, path=request.path)
            _check_account(call)
            print_of_call = fingerprint(request.method, request.path, call.params)
            if request.key:
                stored = stored_answer(world, request.key, request.account, print_of_call)
                if stored:
                    return stored
            world.request = {"id": request.id, "idempotency_key": request.key or None}
            try:
                result = Answer(200, answer(call, request.method))
            except ApiError as error:
                result = _refused(error)
            if request.key:
                result.body = json.loads(json.dumps(result.body))
                store_answer(world, request.key, request.account, print_of_call, result)
            return result
        except ApiError as error:
            return _refused(error)
        finally:
            world.request = {"id": None, "idempotency_key": None}


def _refused(error: ApiError) -> Answer:
    return Answer(error.status, {"error": plain(error.error)})


def _check_key(request: Request) -> None:
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.startswith("sk_test_"):
        hidden = f"{key[:8]}****" if key else ""
        raise ApiError(401, f"Invalid API Key provided: {hidden}")


def _check_account(call: Call) -> None:
    """Stripe-Account must name a connected account that has not cut us off."""
    if not call.account:
        return
    account = call.world.store.find(call.account)
    if account is None or account["object"] != "account" or account.get("_deauthorized"):
        raise ApiError(
            403,
            f"The provided key does not have access to account '{call.account}' (or that account does not"
            " exist). Application access may have been revoked.",
            code="account_invalid",
        )
