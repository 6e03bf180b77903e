"""Idempotency keys: https://docs.stripe.com/api/idempotent_requests. Kept for 24 hours, over restarts too."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from .errors import ApiError
from .store import Obj
from .world import World

KEPT = 24 * 3600


@dataclass
class Answer:
    """One answer of the API: status and body, and whether it is a stored one."""

    status: int
    body: Obj
    replayed: bool = False


def fingerprint(method: str, path: str, params: Any) -> str:
    text = json.dumps([method, path, params], sort_keys=True, default=lambda raw: hashlib.sha256(raw).hexdigest())
    return hashlib.sha256(text.encode()).hexdigest()


def stored_answer(world: World, key: str, account: str, print_of_call: str) -> Answer | None:
    """The answer given to this key before. Raises ApiError 400 if the key came with other parameters."""
    row = world.store.find(f"idem:{account}:{key}")
    if row is None or row["created"] < world.clock.now() - KEPT:
        return None
    if row["fingerprint"] != print_of_call:
        raise ApiError(
            400,
            "Keys for idempotent requests can only be used with the same parameters they were first used with."
            f" Try using a key other than '{key}' if you meant to execute a different request.",
            type="idempotency_error",
        )
    return Answer(row["status"], row["body"], replayed=True)


def store_answer(world: World, key: str, account: str, print_of_call: str, answer: Answer) -> None:
    """Keep what a call that did something answered; refusals of wrong parameters are not kept, as at Stripe."""
    if answer.status in (400, 401, 403, 404, 409, 429):
        return
    world.store.save(
        {
            "id": f"idem:{account}:{key}",
            "object": "_idempotency",
            "created": world.clock.now(),
            "fingerprint": print_of_call,
            "status": answer.status,
            "body": answer.body,
        }
    )
