"""/v1/customers."""

from typing import Any

from .events import emit
from .forms import ANY, META, STR, Spec, merge_metadata
from .routing import PAGING, Call, route
from .store import Obj, new_id
from .world import World

MEMBERS: Spec = {
    "address": ANY,
    "description": STR,
    "email": STR,
    "metadata": META,
    "name": STR,
    "phone": STR,
    "preferred_locales": [STR],
    "shipping": ANY,
    "tax_exempt": STR,
}


def new_customer(world: World, **members: Any) -> Obj:
    customer: Obj = {
        "id": new_id("cus", 14),
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": world.clock.now(),
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "email": None,
        "invoice_prefix": new_id("x", 8)[2:].upper(),
        "invoice_settings": {},
        "livemode": False,
        "metadata": {},
        "name": None,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
        **members,
    }
    emit(world, "customer.created", world.store.save(customer))
    return customer


@route("POST", "/v1/customers", MEMBERS)
def create_customer(call: Call) -> Obj:
    members = {name: value for name, value in call.params.items() if value is not None}
    return new_customer(call.world, **members, **({"_account": call.account} if call.account else {}))


@route("GET", "/v1/customers/{}")
def retrieve_customer(call: Call) -> Obj:
    customer = call.own("customer", call.ids[0])
    return {"id": customer["id"], "object": "customer", "deleted": True} if customer.get("_deleted") else customer


@route("GET", "/v1/customers", {**PAGING, "email": STR})
def list_customers(call: Call) -> Obj:
    return call.listed("customer", "email", where=lambda customer: not customer.get("_deleted"))


@route("POST", "/v1/customers/{}", MEMBERS)
def update_customer(call: Call) -> Obj:
    customer = call.own("customer", call.ids[0])
    changes = dict(call.params)
    if "metadata" in changes:
        changes["metadata"] = merge_metadata(customer["metadata"], changes["metadata"])
    customer.update(changes)
    emit(call.world, "customer.updated", call.world.store.save(customer))
    return customer


@route("DELETE", "/v1/customers/{}")
def delete_customer(call: Call) -> Obj:
    customer = call.own("customer", call.ids[0])
    customer["_deleted"] = True
    emit(call.world, "customer.deleted", call.world.store.save(customer))
    return {"id": customer["id"], "object": "customer", "deleted": True}
