"""/v1/radar/early_fraud_warnings: the card network suspects a charge before anybody disputes it."""

from .events import emit
from .forms import STR
from .routing import PAGING, Call, route
from .store import Obj, new_id
from .world import World


def warn(world: World, charge: Obj) -> Obj:
    warning: Obj = {
        "id": new_id("issfr"),
        "object": "radar.early_fraud_warning",
        "actionable": not charge["refunded"],
        "charge": charge["id"],
        "created": world.clock.now(),
        "fraud_type": "unauthorized_use_of_card",
        "livemode": False,
        "payment_intent": charge["payment_intent"],
    }
    if charge.get("_account"):
        warning["_account"] = charge["_account"]
    emit(world, "radar.early_fraud_warning.created", world.store.save(warning))
    return warning


@route("GET", "/v1/radar/early_fraud_warnings/{}")
def retrieve_warning(call: Call) -> Obj:
    return call.own("radar.early_fraud_warning", call.ids[0])


@route("GET", "/v1/radar/early_fraud_warnings", {**PAGING, "charge": STR, "payment_intent": STR})
def list_warnings(call: Call) -> Obj:
    return call.listed("radar.early_fraud_warning", "charge", "payment_intent")
