"""The hosted form where the owner of a connected account tells Stripe what it asks: here, one button."""

from html import escape
from urllib.parse import quote

from .accounts import finish_setup
from .page_text import words_for
from .pages import Page, shell
from .store import Obj
from .world import World


def show_setup(world: World, account_id: str, accept_language: str) -> Page:
    """GET /setup/<account id>."""
    words = words_for(None, accept_language)
    account = _find(world, account_id)
    if account is None:
        return Page(shell(words, words["missing"], f"<section>{escape(words['missing'])}</section>", main="narrow"), status=404)
    inside = (
        f"<section><h2>{escape(words['setup'])}</h2><p>{escape(account['email'] or account_id)}</p>"
        f'<form method="post" class="others"><button class="main" id="finish-setup">{escape(words["setup_done"])}</button></form>'
        "</section>"
    )
    return Page(shell(words, words["setup"], inside, main="narrow"))


def end_setup(world: World, account_id: str) -> Page:
    """POST /setup/<account id>: all is told; back to where the link leads."""
    account = _find(world, account_id)
    if account is None:
        return Page("Not found", status=404)
    finish_setup(world, account)
    return Page(go_to=quote(str(account["_return_url"]), safe=":/?&=%#"), status=303)


def _find(world: World, account_id: str) -> Obj | None:
    """An account for which a link was asked."""
    account = world.store.find(account_id)
    return account if account and account["object"] == "account" and account.get("_return_url") else None
