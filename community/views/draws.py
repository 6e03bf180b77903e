"""Draws of a space, for its people; and the public record of each, for whoever wants to check it."""

from pathlib import Path
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import draw_access, draw_check
from community.access import Standing
from community.draw_forms import AnswerForm, DrawForm, ValueForm
from community.errors import NotSound, Refused
from community.event_forms import CancelForm
from community.flows import drawing
from community.flows import draws as flows
from community.models import Draw
from community.reads import draws as reads
from community.views.common import in_space
from kit import things
from kit.paths import site_address
from kit.text import slugify_any
from stock.flows import OutOfStock


@require_safe
@in_space
def draws(request: HttpRequest, standing: Standing) -> HttpResponse:
    before = request.GET.get("before", "")
    rows, older = reads.draws_of(standing.space, int(before) if before.isdecimal() and len(before) < 19 else None)
    context = {
        "space": standing.space,
        "rows": rows,
        "older": f"?before={older}" if older else "",
        "makes": request.user.is_authenticated and draw_access.may_make_draw(request.user, standing.space),
    }
    return render(request, "community/draws/list.html", context)


@require_safe
@in_space
def draw(request: HttpRequest, standing: Standing, draw_id: int, slug: str) -> HttpResponse:
    found = draw_access.draw_for(standing, draw_id)
    if slug != slugify_any(found.title):
        return HttpResponsePermanentRedirect(found.path)
    return _page(request, standing, found)


def _page(request: HttpRequest, standing: Standing, found: Draw, **more: Any) -> HttpResponse:
    state, entry = draw_access.state_of(found), reads.own_entry(request.user, found)
    runs = request.user.is_authenticated and draw_access.may_make_draw(request.user, standing.space)
    context = {
        "space": standing.space,
        "draw": found,
        "state": state,
        "entry": entry,
        "reason": flows.refusal(request.user, found) if state == "open" and entry is None else "",
        "question": found.terms["rule"]["question"],
        "form": AnswerForm(),
        "wins": reads.wins_of(found) if state == "drawn" else [],
        "own_win": entry.wins.first() if entry is not None and state == "drawn" else None,
        "runs": runs,
        "wants_value": runs and state == "closed" and found.terms["public_source"] and not found.public_value,
        "value_form": ValueForm(),
        **more,
    }
    status = 400 if more.get("form") is not None or more.get("value_form") is not None else 200
    return render(request, "community/draws/draw.html", context, status=status)


@login_required
@in_space
def new_draw(request: HttpRequest, standing: Standing) -> HttpResponse:
    if not draw_access.may_make_draw(request.user, standing.space):
        raise Http404
    goods = {f"sku:{ident}": card for ident, card in things.choices("sku", request).items()}
    form = DrawForm(request.POST or None, user=request.user, things=goods)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(flows.publish_draw(by=request.user, space=standing.space, facts=form.facts()).path)
        except (Refused, NotSound) as error:
            form.add_error(None, str(error))
        except OutOfStock as short:
            form.add_error(None, _("Only %(free)s pieces of a prize are free in stock.") % {"free": short.free})
    context = {"space": standing.space, "form": form}
    return render(request, "community/draws/form.html", context, status=400 if form.errors else 200)


@login_required
@require_POST
@in_space
def enter(request: HttpRequest, standing: Standing, draw_id: int) -> HttpResponse:
    found = draw_access.draw_for(standing, draw_id)
    form = AnswerForm(request.POST)
    answer = form.cleaned_data["answer"] if form.is_valid() else ""
    try:
        flows.enter_draw(user=request.user, draw=found, answer=answer)
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, standing, found, form=form)
    return redirect(found.path)


@login_required
@require_POST
@in_space
def value(request: HttpRequest, standing: Standing, draw_id: int) -> HttpResponse:
    found = _run(request, standing, draw_id)
    form = ValueForm(request.POST)
    try:
        drawing.set_public_value(by=request.user, draw=found, value=form.data.get("value", ""))
    except (Refused, NotSound) as error:
        form.add_error("value", str(error))
        return _page(request, standing, found, value_form=form)
    return redirect(found.path)


@login_required
@in_space
def cancel(request: HttpRequest, standing: Standing, draw_id: int) -> HttpResponse:
    found = _run(request, standing, draw_id)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            drawing.cancel_draw(by=request.user, draw=found, reason=form.cleaned_data["reason"])
            return redirect(found.path)
        except (Refused, NotSound) as error:
            form.add_error(None, str(error))
    context = {"space": standing.space, "draw": found, "form": form}
    return render(request, "community/draws/cancel.html", context, status=400 if form.errors else 200)


def _run(request: HttpRequest, standing: Standing, draw_id: int) -> Draw:
    found = draw_access.draw_for(standing, draw_id)
    if not draw_access.may_make_draw(request.user, standing.space):
        raise Http404
    return found


@require_safe
def record(request: HttpRequest, draw_id: int) -> HttpResponse:
    """/draws/<id>/: how this draw is checked. For everybody: it names codes, and nobody."""
    found = get_object_or_404(Draw.objects.select_related("space"), pk=draw_id)
    facts = reads.record_of(found)
    context = {
        "draw": found,
        "record": facts,
        "state": facts["state"],
        "address": site_address(found.public_path) + "record.json",
    }
    return render(request, "community/draws/record.html", context)


@require_safe
def record_json(request: HttpRequest, draw_id: int) -> JsonResponse:
    response = JsonResponse(reads.record_of(get_object_or_404(Draw, pk=draw_id)), json_dumps_params={"indent": 1})
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The very file by which the site draws."""
    response = HttpResponse(Path(draw_check.__file__).read_bytes(), content_type="text/x-python; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="draw_check.py"'
    return response
