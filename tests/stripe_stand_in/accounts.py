"""/v1/accounts: connected accounts that are paid by transfer. Express ones can be paid once their owner has told Stripe
what its form asks (/v1/account_links); the others come to life able to be paid."""

from urllib.parse import quote

from .errors import bad_request
from .events import emit
from .forms import ANY, META, STR, Spec, merge_metadata
from .routing import PAGING, Call, route
from .store import Obj, new_id
from .world import World

MEMBERS: Spec = {
    "business_profile": ANY,
    "business_type": STR,
    "capabilities": ANY,
    "company": ANY,
    "default_currency": STR,
    "email": STR,
    "external_account": ANY,
    "individual": ANY,
    "metadata": META,
    "settings": ANY,
    "tos_acceptance": ANY,
}
UNPAID_COUNTRIES = ("TW", "CN")
TYPES = ("standard", "express", "custom")


@route("POST", "/v1/accounts", {**MEMBERS, "type": STR, "country": STR, "controller": ANY})
def create_account(call: Call) -> Obj:
    params = call.params
    type = params.get("type") or ("none" if params.get("controller") else "standard")
    if type not in (*TYPES, "none"):
        raise bad_request(f"Invalid type: must be one of {', '.join(TYPES)}", param="type")
    if (params.get("country") or "US").upper() in UNPAID_COUNTRIES:
        raise bad_request(f"{params['country']} is not currently supported by Stripe.", "country_unsupported", "country")
    ready = type != "express"
    account: Obj = {
        "id": new_id("acct", 16),
        "object": "account",
        "business_profile": {},
        "business_type": None,
        "capabilities": {"card_payments": "active", "transfers": "active" if ready else "inactive"},
        "charges_enabled": True,
        "controller": {"type": "application"},
        "country": (params.get("country") or "US").upper(),
        "created": call.world.clock.now(),
        "default_currency": "usd",
        "details_submitted": ready,
        "email": None,
        "future_requirements": {},
        "metadata": {},
        "payouts_enabled": ready,
        "requirements": {"currently_due": [], "disabled_reason": None, "eventually_due": [], "past_due": []},
        "settings": {},
        "tos_acceptance": {"date": None},
        "type": type,
    }
    account.update(
        {
            name: params[name]
            for name in ("business_profile", "business_type", "default_currency", "email", "metadata", "settings")
            if params.get(name) is not None
        }
    )
    return call.world.store.save(account)


def _account(call: Call, id: str) -> Obj:
    """A connected account of the platform, or of itself under its own Stripe-Account header."""
    call.account = ""
    account = call.own("account", id, "account")
    if account.get("_deauthorized"):
        raise bad_request(f"Account {id} has revoked access.", "account_invalid", "account")
    return account


@route("GET", "/v1/accounts/{}")
def retrieve_account(call: Call) -> Obj:
    return _account(call, call.ids[0])


@route("GET", "/v1/accounts", PAGING)
def list_accounts(call: Call) -> Obj:
    return call.listed("account", where=lambda account: not account.get("_deauthorized"))


@route("POST", "/v1/accounts/{}", MEMBERS)
def update_account(call: Call) -> Obj:
    account = _account(call, call.ids[0])
    changes = {name: value for name, value in call.params.items() if name in account and name != "capabilities"}
    if "metadata" in changes:
        changes["metadata"] = merge_metadata(account["metadata"], changes["metadata"])
    return change_account(call.world, account, changes)


@route("DELETE", "/v1/accounts/{}")
def delete_account(call: Call) -> Obj:
    account = _account(call, call.ids[0])
    call.world.store.remove(account["id"])
    return {"id": account["id"], "object": "account", "deleted": True}


LINK: Spec = {"account": STR, "type": STR, "return_url": STR, "refresh_url": STR, "collection_options": ANY}


@route("POST", "/v1/account_links", LINK)
def create_account_link(call: Call) -> Obj:
    """Where the account's owner fills in the form; good for five minutes."""
    id, _type, back, _again = call.require("account", "type", "return_url", "refresh_url")
    account = _account(call, id)
    account["_return_url"] = back
    call.world.store.save(account)
    moment = call.world.clock.now()
    url = f"{call.world.settings.public_url}/setup/{quote(id)}"
    return {"object": "account_link", "created": moment, "expires_at": moment + 300, "url": url}


def finish_setup(world: World, account: Obj) -> Obj:
    """Its owner has told all: Stripe may pay it."""
    ready = {
        "details_submitted": True,
        "payouts_enabled": True,
        "capabilities": {**account["capabilities"], "transfers": "active"},
    }
    return change_account(world, account, ready)


def change_account(world: World, account: Obj, changes: Obj) -> Obj:
    """Change members and announce it on the account."""
    account.update(changes)
    emit(world, "account.updated", world.store.save(account), account=account["id"])
    return account


def deauthorize(world: World, account: Obj) -> Obj:
    """The account cuts the platform off: calls on its behalf are refused, transfers to it too."""
    account["_deauthorized"] = True
    world.store.save(account)
    application = {"id": "ca_stand_in", "object": "application", "name": world.settings.merchant}
    emit(world, "account.application.deauthorized", application, account=account["id"])
    return account
