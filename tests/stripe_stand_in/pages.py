"""The hosted page: what the buyer sees at the session's `url`, and what each button does."""

from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from . import visits
from .cards import GOOD
from .checkout import line_items
from .currencies import written
from .errors import ApiError
from .page_style import STYLE
from .page_text import TEXT, words_for
from .paying import fail, succeed
from .store import Obj
from .world import World

OUTCOMES = ("decline", "three-d-secure", "delayed-success", "delayed-failure", "expire")
Words = dict[str, str]


@dataclass
class Page:
    """HTML, or a place to go to."""

    html: str = ""
    go_to: str = ""
    status: int = 200


def shell(words: Words, title: str, inside: str, style: str = STYLE, main: str = "") -> str:
    ribbon = f"<b>{escape(words['stand_in'])}</b> · {escape(words['no_money'])}"
    return (
        f'<!doctype html><html lang="{words["lang"]}"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">'
        f'<style>{style}</style></head><body><div class="ribbon">{ribbon}</div><main class="{main}">{inside}</main>'
        "</body></html>"
    )


def success_url(session: Obj) -> str:
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def show_session(world: World, id: str, accept_language: str, problem: Obj | None = None) -> Page:
    """GET /c/pay/<session id>, or the same after a try that failed with the error `problem`."""
    try:
        session = visits.find_session(world, id)
    except ApiError:
        words = words_for(None, accept_language)
        inside = f"<section><h2>{escape(words['missing'])}</h2></section>"
        return Page(shell(words, words["missing"], inside, main="narrow"), status=404)
    words = words_for(session["locale"], accept_language)
    right = _form(session, words, _told(problem, words)) if session["status"] == "open" else _over(session, words)
    return Page(shell(words, words["stand_in"], _summary(world, session, words) + right))


def _told(problem: Obj | None, words: Words) -> str:
    """A card error in the buyer's language; Stripe's page does the same."""
    if not problem:
        return ""
    codes = (problem.get("decline_code"), problem.get("code"))
    return next((words[f"e_{code}"] for code in codes if f"e_{code}" in words), str(problem["message"]))


def _summary(world: World, session: Obj, words: Words) -> str:
    merchant = (session["branding_settings"] or {}).get("display_name") or world.settings.merchant
    rows = []
    for line in line_items(world.store, session)["data"]:
        about = (world.store.find(line["id"]) or {}).get("_about") or ""
        count = f"{words['quantity']} {line['quantity']}" if line["quantity"] != 1 else ""
        small = " · ".join(part for part in (about, count) if part)
        rows.append(
            f"<li><span>{escape(line['description'])}<small>{escape(small)}</small></span>"
            f"<span>{written(line['amount_total'], line['currency'])}</span></li>"
        )
    total = written(session["amount_total"], session["currency"])
    return (
        f'<section><h1>{escape(words["pay_to"])} <span id="merchant">{escape(merchant)}</span></h1>'
        f'<p class="sum" id="total">{total}</p><ul>{"".join(rows)}'
        f"<li><b>{escape(words['total'])}</b><span><b>{total}</b></span></li></ul></section>"
    )


def _form(session: Obj, words: Words, problem: str) -> str:
    email = session["customer_email"] or ""
    methods = session["payment_method_types"]
    options = "".join(f'<option value="{name}">{escape(words["m_" + name])}</option>' for name in methods)
    choice = f'<label>{escape(words["method"])}<select name="method" id="method">{options}</select></label>'
    bad = f'<p class="bad" role="alert" id="problem">{escape(words["declined"])} {escape(problem)}</p>' if problem else ""
    others = "".join(f'<button id="{name}" name="action" value="{name}">{escape(words[name])}</button>' for name in OUTCOMES)
    back = (
        f'<a class="button back" id="back" href="{escape(session["cancel_url"])}">{escape(words["back"])}</a>'
        if session["cancel_url"]
        else ""
    )
    return (
        f'<section>{bad}<form method="post">'
        f'<label>{escape(words["email"])}<input name="email" type="email" value="{escape(email)}"></label>'
        f"{choice if len(methods) > 1 else ''}"
        f'<label>{escape(words["card"])}<input name="card" id="card" inputmode="numeric" autocomplete="off"'
        f' value="{GOOD}"></label>'
        f'<label>{escape(words["name"])}<input name="name" autocomplete="off"></label>'
        f'<button class="main" id="pay" name="action" value="pay">{escape(words["pay"])}'
        f" {written(session['amount_total'], session['currency'])}</button>"
        f'<div class="others"><p>{escape(words["outcomes"])}</p>{others}</div></form>{back}</section>'
    )


def _over(session: Obj, words: Words) -> str:
    if session["status"] == "expired":
        text, link = words["expired"], session["cancel_url"]
    else:
        text, link = words["complete" if session["payment_status"] == "paid" else "unpaid"], success_url(session)
    button = f'<a class="button main" id="back" href="{escape(link)}">{escape(words["return"])}</a>' if link else ""
    return f'<section><h2 id="over">{escape(text)}</h2>{button}</section>'


def press(world: World, id: str, form: dict[str, str], accept_language: str) -> Page:
    """POST /c/pay/<session id>: one button pressed. A second press of Pay finds the session paid and goes on."""
    here = f"/c/pay/{quote(id)}"
    try:
        session = visits.find_session(world, id)
        if session["status"] == "open":
            _act(world, session, form)
    except ApiError as error:
        return show_session(world, id, accept_language, problem=error.error)
    intent = world.store.find(session["payment_intent"] or "")
    if session["status"] == "complete":
        return Page(go_to=success_url(session), status=303)
    if intent and intent["status"] == "requires_action":
        return Page(go_to=f"/c/three-d-secure/{intent['id']}", status=303)
    problem = (intent or {}).get("last_payment_error") or {}
    if session["status"] == "open" and problem:
        return show_session(world, id, accept_language, problem=problem)
    return Page(go_to=here, status=303)


def _act(world: World, session: Obj, form: dict[str, str]) -> None:
    action, id = form.get("action", "pay"), session["id"]
    card, method = form.get("card") or GOOD, form.get("method") or session["payment_method_types"][0]
    payer: dict[str, Any] = {"email": form.get("email"), "name": form.get("name")}
    if action == "expire":
        visits.expire(world, session)
    elif action == "decline":
        visits.decline(world, id, card=card)
    elif action in ("delayed-success", "delayed-failure"):
        visits.delay_payment(world, id, card=card, method=method, payer=payer, ok=action == "delayed-success")
    else:
        visits.pay(world, id, card=card, method=method, payer=payer, challenge=action == "three-d-secure")


def _session_of(world: World, intent: Obj) -> Obj | None:
    sessions = world.store.newest_first("checkout.session")
    return next((session for session in sessions if session["payment_intent"] == intent["id"]), None)


def show_challenge(world: World, intent_id: str, accept_language: str) -> Page:
    """GET /c/three-d-secure/<payment intent id>: the bank's question."""
    intent = world.store.find(intent_id)
    if intent is None or intent["object"] != "payment_intent":
        return Page(shell(TEXT["en"], "?", f"<section>{TEXT['en']['missing']}</section>"), status=404)
    session = _session_of(world, intent)
    words = words_for(session["locale"] if session else None, accept_language)
    if intent["status"] != "requires_action":
        return (
            Page(go_to=f"/c/pay/{session['id']}", status=303)
            if session
            else Page(shell(words, words["done"], f"<section>{escape(words['done'])}</section>"))
        )
    return Page(
        shell(
            words,
            words["challenge"],
            (
                f"<section><h2>{escape(words['challenge'])}</h2>"
                f'<p class="sum">{written(intent["amount"], intent["currency"])}</p>'
                f'<p>{escape(words["challenge_text"])}</p><form method="post" class="others">'
                f'<button class="main" id="three-d-secure-complete" name="ok" value="1">{escape(words["confirm"])}</button>'
                f'<button id="three-d-secure-fail" name="ok" value="">{escape(words["refuse"])}</button></form></section>'
            ),
            main="narrow",
        )
    )


def answer_challenge(world: World, intent_id: str, form: dict[str, str], accept_language: str) -> Page:
    """POST /c/three-d-secure/<payment intent id>."""
    intent, ok = world.store.find(intent_id), bool(form.get("ok"))
    if intent is None or intent["object"] != "payment_intent" or intent["status"] != "requires_action":
        return show_challenge(world, intent_id, accept_language)
    session = _session_of(world, intent)
    if session is None:
        (succeed(world, intent) if ok else fail(world, intent, "payment_intent_authentication_failure"))
        return show_challenge(world, intent_id, accept_language)
    visits.answer_challenge(world, session["id"], ok=ok)
    if session["status"] == "complete":
        return Page(go_to=success_url(session), status=303)
    return show_session(world, session["id"], accept_language, problem=intent["last_payment_error"])
