"""Proving again who one is, before something that a borrowed, open browser must not be able to do.

allauth asks for password or second factor again, but takes an account without either for proven; most accounts
here have neither, so they get a code by e-mail.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import urlencode

View = Callable[..., HttpResponse]
_STATE = "accounts_proof"
MOST_TRIES = 3
LASTS = 900
_SENDS_AFTER = 30


def is_proven(request: HttpRequest) -> bool:
    """Whether this session's person showed a password, a factor or a code within ACCOUNT_REAUTHENTICATION_TIMEOUT."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def proof_required(view: View) -> View:
    """Lead to the proof first, and back to the privacy page; what was posted must be posted again."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_proven(request):
            return view(request, *args, **kwargs)
        return redirect(proof_door(request, back=reverse("people:privacy")))

    return guarded


def proof_door(request: HttpRequest, *, back: str) -> str:
    """The address where this person proves again who they are, and goes on to `back`, a path of ours."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    door = methods[0]["url"] if methods else reverse("people:confirm")
    return f"{door}?{urlencode({'next': back})}"


def send_code(request: HttpRequest) -> None:
    """A code to the account's own address; another within thirty seconds is not sent."""
    state = request.session.get(_STATE)
    if state and time.time() - state["at"] < _SENDS_AFTER:
        return
    code = get_adapter().generate_login_code()
    request.session[_STATE] = {"code": code, "at": time.time(), "tries": 0, "user": request.user.pk}
    get_adapter().send_mail("account/email/proof_code", request.user.email, {"code": code})


def check_code(request: HttpRequest, typed: str) -> bool:
    """Whether it is the code; three tries, fifteen minutes, once."""
    state = request.session.get(_STATE)
    if not state or state["user"] != request.user.pk or time.time() - state["at"] > LASTS or state["tries"] >= MOST_TRIES:
        return False
    if not constant_time_compare(_plain(typed), _plain(state["code"])):
        state["tries"] += 1
        request.session.modified = True
        return False
    del request.session[_STATE]
    record_authentication(request, request.user, method="code", email=request.user.email, reauthenticated=True)
    return True


def _plain(code: str) -> str:
    return code.replace("-", "").replace(" ", "").upper()
