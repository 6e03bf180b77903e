"""Events: a snapshot of an object at each change, and its place in the queue of webhooks."""

from .forms import BOOL, STR
from .render import plain
from .routing import PAGING, Call, in_range, route
from .store import Obj, new_id
from .world import API_VERSION, World


def emit(world: World, type: str, obj: Obj, *, account: str = "", previous: Obj | None = None) -> Obj:
    """Record that `obj` changed and queue the webhook. `previous`: members as they were before."""
    data: Obj = {"object": plain(obj)}
    if previous is not None:
        data["previous_attributes"] = previous
    event: Obj = {
        "id": new_id("evt"),
        "object": "event",
        "api_version": API_VERSION,
        "created": world.clock.now(),
        "data": data,
        "livemode": False,
        "pending_webhooks": 1,
        "request": dict(world.request),
        "type": type,
        "_attempts": [],
    }
    account = account or obj.get("_account", "")
    if account:
        event["account"] = account
    world.store.save(event)
    drops = world.playing.drop_next
    if drops and drops[0] in ("", type):
        drops.pop(0)
    else:
        enqueue(world, event, delay=world.playing.webhook_delay)
    return event


def enqueue(world: World, event: Obj, *, delay: float = 0, forged: bool = False) -> Obj:
    """Queue one delivery of the event: due after `delay` seconds, behind those queued before."""
    now = world.clock.exact()
    return world.store.save(
        {
            "id": new_id("dlv"),
            "object": "_delivery",
            "event": event["id"],
            "due": now + delay,
            "first": now + delay,
            "rank": next(world.ranks),
            "attempts": 0,
            "forged": forged,
        }
    )


@route("GET", "/v1/events", {**PAGING, "type": STR, "types": [STR], "delivery_success": BOOL})
def list_events(call: Call) -> Obj:
    """`delivery_success=false` gives those still pending or given up, as Stripe does."""
    types = call.params.get("types") or ([call.params["type"]] if call.params.get("type") else None)
    success = call.params.get("delivery_success")
    seen = call.account

    def wanted(event: Obj) -> bool:
        return (
            (not seen or event.get("account") == seen)
            and (types is None or any(matches(event["type"], pattern) for pattern in types))
            and (success is None or (event["pending_webhooks"] == 0) == success)
            and in_range(event["created"], call.params.get("created"))
        )

    call.account = ""
    return call.listed("event", where=wanted)


def matches(type: str, pattern: str) -> bool:
    """Whether an event type fits `charge.refunded` or a wildcard such as `charge.*`."""
    return type.startswith(pattern[:-1]) if pattern.endswith("*") else type == pattern


@route("GET", "/v1/events/{}")
def retrieve_event(call: Call) -> Obj:
    call.account = ""
    return call.own("event", call.ids[0])
