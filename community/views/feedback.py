"""The feedback board: wishes, votes, the owner's answers."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import OWNER, has_role
from community.errors import NotSound, Refused, TooFast
from community.feedback_forms import AnswerForm, MergeForm, WishForm
from community.flows import feedback as flows
from community.models import Wish
from community.reads import feedback as reads
from community.views.common import refusal, said, status_of, with_retry


@require_safe
def wishes(request: HttpRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    page = reads.wish_board(request.user, state=state, before=request.GET.get("before", ""))
    context = {
        "page": page,
        "state": state,
        "states": [(str(value), label) for value, label in Wish.State.choices if value not in reads.LIVING],
        "older": "?" + urlencode({"state": state, "before": page.older}) if page.older else "",
        "is_owner": has_role(request.user, OWNER),
    }
    return render(request, "community/feedback/wishes.html", context)


@require_safe
def wish(request: HttpRequest, wish_id: int, slug: str = "") -> HttpResponse:
    found = reads.wish_for(request.user, wish_id)
    if slug != found.topic.slug:
        return HttpResponsePermanentRedirect(found.path)
    return _page(request, found)


@login_required
def new_wish(request: HttpRequest) -> HttpResponse:
    form = WishForm(request.POST or None)
    status, error = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            made = flows.make_wish(
                author=request.user,
                title=form.cleaned_data["title"],
                source=form.cleaned_data["source"],
                key=form.sent_key(request.headers.get("Idempotency-Key", "")),
            )
        except (Refused, NotSound, TooFast) as raised:
            error, status = raised, status_of(raised)
            form.add_error(None, said(raised))
        else:
            return redirect(made.path)
    response = render(request, "community/feedback/new.html", {"form": form}, status=400 if form.errors and not error else status)
    return with_retry(response, error) if error else response


@login_required
@require_POST
def vote(request: HttpRequest, wish_id: int) -> HttpResponse:
    """Vote, or (`on=no`) take it back; htmx gets the button as it is now."""
    found = reads.wish_for(request.user, wish_id)
    try:
        counted = flows.vote(user=request.user, wish=found, on=request.POST.get("on") != "no")
    except Refused as error:
        return refusal(request, error)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(counted.path)
    return render(request, "community/feedback/vote.html", {"wish": reads.wish_for(request.user, counted.pk)})


@login_required
@require_POST
def answer(request: HttpRequest, wish_id: int) -> HttpResponse:
    found = get_object_or_404(Wish.objects.select_related("topic"), pk=wish_id)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, reads.wish_for(request.user, wish_id), answer=form, status=400)
    try:
        flows.answer_wish(by=request.user, wish=found, **form.cleaned_data)
    except Refused as error:
        return refusal(request, error)
    except NotSound as error:
        form.add_error("answer", said(error))
        return _page(request, reads.wish_for(request.user, wish_id), answer=form, status=400)
    messages.success(request, _("Saved. Who voted is told when the state is new."))
    return redirect(found.path)


@login_required
@require_POST
def merge(request: HttpRequest, wish_id: int) -> HttpResponse:
    found = get_object_or_404(Wish.objects.select_related("topic"), pk=wish_id)
    form = MergeForm(request.POST, wish=found)
    if not form.is_valid():
        return _page(request, reads.wish_for(request.user, wish_id), merge=form, status=400)
    try:
        stays = flows.merge_wish(by=request.user, wish=found, into=form.cleaned_data["into"])
    except Refused as error:
        return refusal(request, error)
    return redirect(reads.wish_for(request.user, stays.pk).path)


def _page(
    request: HttpRequest, found: Wish, *, answer: AnswerForm | None = None, merge: MergeForm | None = None, status: int = 200
) -> HttpResponse:
    is_owner = has_role(request.user, OWNER)
    context = {"wish": found, "is_owner": is_owner}
    if is_owner and not found.merged_into_id and found.state != Wish.State.DONE:
        context["answer_form"] = answer or AnswerForm(initial={"state": found.state, "answer": found.answer})
        context["merge_form"] = merge or MergeForm(wish=found)
    elif answer or merge:
        return refusal(request, Refused(_("Only the owner decides about wishes.")))
    return render(request, "community/feedback/wish.html", context, status=status)
