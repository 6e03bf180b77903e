"""The page at `/`: objects and events, with buttons for the controls."""

from html import escape
from json import dumps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from .currencies import written
from .errors import ApiError
from .page_style import DESK_STYLE
from .page_text import TEXT
from .pages import Page, shell
from .render import plain
from .store import Obj

if TYPE_CHECKING:
    from .stand_in import StandIn

SHOWN = 40
UNDECIDED = ("needs_response", "under_review", "warning_needs_response", "warning_under_review")
WAITING = ("waiting",)
# kind → buttons: (words, control, name of its id argument, fixed arguments, the statuses they fit)
BUTTONS: dict[str, list[tuple[str, str, str, dict[str, str], tuple[str, ...]]]] = {
    "checkout.session": [
        ("Expire", "expire", "session_id", {}, ("open",)),
        ("Settle: paid", "settle", "session_id", {}, ("waiting",)),
        ("Settle: failed", "settle", "session_id", {"ok": ""}, ("waiting",)),
    ],
    "charge": [
        ("Dispute", "open_dispute", "charge_id", {}, ("succeeded",)),
        ("Fraud warning", "warn_of_fraud", "charge_id", {}, ("succeeded",)),
    ],
    "refund": [
        ("Succeed", "finish_refund", "refund_id", {"status": "succeeded"}, ("pending", "requires_action")),
        ("Fail", "finish_refund", "refund_id", {"status": "failed"}, ("pending", "requires_action", "succeeded")),
        ("Cancel", "finish_refund", "refund_id", {"status": "canceled"}, ("requires_action",)),
    ],
    "dispute": [
        ("Won", "close_dispute", "dispute_id", {}, UNDECIDED),
        ("Lost", "close_dispute", "dispute_id", {"won": ""}, UNDECIDED),
    ],
    "payout": [
        ("Paid", "move_payout", "payout_id", {"status": "paid"}, ("pending", "in_transit")),
        ("Fail", "move_payout", "payout_id", {"status": "failed"}, ("pending", "in_transit", "paid")),
    ],
    "account": [("Deauthorize", "deauthorize", "account_id", {}, ())],
    "event": [
        ("Again", "duplicate", "event_id", {}, ()),
        ("Forge", "forge", "event_id", {}, ()),
        ("First", "send_first", "event_id", {}, WAITING),
        ("Last", "send_last", "event_id", {}, WAITING),
        ("Delay 1 min", "delay", "event_id", {}, WAITING),
        ("Drop", "drop", "event_id", {}, WAITING),
    ],
}
# In this order; whatever else there is follows.
KINDS = ["checkout.session", "payment_intent", "charge", "refund", "dispute", "transfer", "transfer_reversal", "payout"]
KINDS += ["balance_transaction", "radar.early_fraud_warning", "account", "customer"]


def show(stand_in: "StandIn", note: str = "") -> Page:
    """GET /."""
    with stand_in.world.turn() as world:
        sections = [_general(stand_in, note), _events(stand_in)]
        others = [kind for kind in world.store.kinds() if kind not in KINDS and kind != "event" and not kind.startswith("_")]
        for kind in KINDS + others:
            rows = "".join(_row(obj) for _, obj in zip(range(SHOWN), world.store.newest_first(kind), strict=False))
            if rows:
                sections.append(f"<section><h2>{escape(kind)}</h2><table>{rows}</table></section>")
    return Page(shell(TEXT["en"], "Stripe stand-in", "".join(sections), DESK_STYLE, "desk"))


def _button(words: str, control: str, arguments: dict[str, str]) -> str:
    hidden = "".join(f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">' for name, value in arguments.items())
    return f'<form method="post">{hidden}<button name="control" value="{control}">{escape(words)}</button></form>'


def _delay_all() -> str:
    return _button("Delay webhooks 1 min", "delay", {"seconds": "60"})


def _general(stand_in: "StandIn", note: str) -> str:
    world = stand_in.world
    buttons = [
        _button("Resume webhooks", "resume", {}) if world.playing.paused else _button("Pause webhooks", "pause", {}),
        _button("Drop the next webhook", "drop_next", {}),
        _button("No delay", "delay", {"seconds": "0"}) if world.playing.webhook_delay else _delay_all(),
        _button("Next refund pending", "next_refund", {"status": "pending"}),
        _button("Next refund fails", "next_refund", {"status": "failed"}),
        _button("Next call: 500", "fail_next", {"status": "500"}),
        _button("Next call: 429", "fail_next", {"status": "429"}),
        _button("Next call hangs 15 s", "hang_next", {"seconds": "15"}),
        _button("Next call works, then times out", "time_out_next", {"seconds": "15"}),
    ]
    waiting = sum(1 for _ in world.store.oldest_first("_delivery"))
    text = f'<p class="bad">{escape(note)}</p>' if note else ""
    return (
        f"<section>{text}<h2>Stripe stand-in</h2><p>Clock offset {world.clock.offset} s · {waiting} webhooks waiting"
        f" · to {escape(world.settings.webhook_url or 'nobody')}</p><table><tr><td>{''.join(buttons)}</td></tr></table>"
        "</section>"
    )


def _events(stand_in: "StandIn") -> str:
    rows, waiting = [], {delivery["event"] for delivery in stand_in.world.store.oldest_first("_delivery")}
    for _, event in zip(range(SHOWN), stand_in.world.store.newest_first("event"), strict=False):
        tries = ", ".join(str(attempt["status"] or "no answer") for attempt in event["_attempts"])
        state = "waiting" if event["id"] in waiting else "undelivered" if event["pending_webhooks"] else "delivered"
        rows.append(
            f"<tr><td><code>{event['id']}</code></td><td>{escape(event['type'])}</td>"
            f"<td><code>{escape(_short(event['data']['object'].get('id', '')))}</code></td><td>{state}: {tries or '–'}</td>"
            f"<td>{_buttons(event, 'event', state)}{_whole(event)}</td></tr>"
        )
    return f"<section><h2>Events</h2><table>{''.join(rows)}</table></section>"


def _buttons(obj: Obj, kind: str, status: str) -> str:
    fitting = [row for row in BUTTONS.get(kind, []) if not row[4] or status in row[4]]
    return "".join(_button(words, control, {name: obj["id"], **fixed}) for words, control, name, fixed, _ in fitting)


def _whole(obj: Obj) -> str:
    """The object as the API answers it, folded away."""
    return f"<details><summary>JSON</summary><pre>{escape(dumps(plain(obj), indent=1, ensure_ascii=False))}</pre></details>"


def _short(id: str) -> str:
    return id if len(id) <= 34 else f"{id[:33]}…"


def _row(obj: Obj) -> str:
    kind, status = obj["object"], str(obj.get("status", ""))
    amount = obj.get("amount", obj.get("amount_total"))
    money = written(amount, obj["currency"]) if amount is not None else ""
    about = obj.get("payment_status") or obj.get("email") or obj.get("payment_intent") or ""
    link = f' <a href="{escape(urlsplit(obj["url"]).path)}">page</a>' if obj.get("url") else ""
    fits = "waiting" if status == "complete" and obj["payment_status"] == "unpaid" else status
    return (
        f"<tr><td><code>{_short(obj['id'])}</code>{link}</td><td>{escape(status)}</td><td>{money}</td>"
        f"<td>{escape(str(about))}</td><td>{escape(str(obj.get('metadata') or ''))}</td>"
        f"<td>{_buttons(obj, kind, fits)}{_whole(obj)}</td></tr>"
    )


def press(stand_in: "StandIn", form: dict[str, str]) -> Page:
    """POST /: run one control and show the desk again."""
    control = form.pop("control", "")
    arguments: dict[str, Any] = {
        name: bool(value) if name in ("ok", "won") else int(value) if value.isdigit() and name in ("status", "seconds") else value
        for name, value in form.items()
    }
    try:
        stand_in.control(control, arguments)
    except ApiError as error:
        return show(stand_in, note=error.error["message"])
    return Page(go_to="/", status=303)
