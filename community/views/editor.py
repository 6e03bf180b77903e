"""The addresses that the editor's script asks; each does what a button without script does, too. And files, as readers get
them."""

from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import access, flows, reads
from community.access import Standing
from community.flows.writing import LONGEST_POST
from community.forms import KeyedForm
from community.models import Attachment
from community.views.common import REFUSALS, in_space, refusal
from community.views.desk import numbers, preview_of, quotation, require_writer, words_in
from kit.storage import presigned_address

PICTURE_SECONDS = 120


@login_required
@require_POST
@in_space
def draft(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Keep what is typed. Answers {"round": n}: the state that the next call names."""
    place = _place(request, standing)
    if request.POST.get("do") == "forget-other":
        flows.drop_other(owner=request.user, place=place)
        back = request.POST.get("next", "")
        return redirect(back) if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else HttpResponse(status=204)
    form = KeyedForm(request.POST)
    form.is_valid()
    try:
        require_writer(standing)
        return JsonResponse({"round": flows.keep_draft(owner=request.user, place=place, words=words_in(request, form))})
    except REFUSALS as error:
        return refusal(request, error)


@login_required
@require_POST
@in_space
def files(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Store one file of what is being written; answers its tick box for the form. An `Idempotency-Key` makes a retry harmless."""
    place = _place(request, standing)
    sent = request.FILES.get("file")
    if sent is None:
        return HttpResponse(_("No file came."), status=400, content_type="text/plain; charset=utf-8")
    key = (request.headers.get("Idempotency-Key", "") or request.POST.get("key", ""))[:64] or uuid4().hex
    try:
        require_writer(standing)
        kept = flows.keep_file(owner=request.user, place=place, file=sent, key=key)
    except REFUSALS as error:
        return refusal(request, error, plainly=True)
    response = render(request, "community/unsent.html", {"file": kept, "space": standing.space})
    response.headers["X-File"] = str(kept.pk)
    return response


@require_safe
@in_space
def file(request: HttpRequest, standing: Standing, file_id: int) -> HttpResponse:
    """Lead to a file for some minutes: of a post that this person may read, or an own one that is not sent yet."""
    found = access.file_for(standing, request.user, file_id)
    if found.kind == Attachment.Kind.IMAGE:
        return redirect(presigned_address(found.key, seconds=PICTURE_SECONDS))
    return redirect(presigned_address(found.key, download=found.name if found.kind == Attachment.Kind.FILE else ""))


@login_required
@require_POST
@in_space
def preview(request: HttpRequest, standing: Standing) -> HttpResponse:
    """The text as it would be shown, for the page's script."""
    place, source = _place(request, standing), request.POST.get("source", "")
    if len(source) > LONGEST_POST:
        return HttpResponse(_("This is too long."), status=400, content_type="text/plain; charset=utf-8")
    html = preview_of(request, standing, place, source, numbers(request.POST.getlist("files")))
    return render(request, "community/preview.html", {"html": html})


@login_required
@require_safe
@in_space
def names(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Members whom a mention may mean: [{"handle", "name"}], for who may write here. A hidden list stays hidden."""
    everyone = standing.may_moderate or not standing.space.list_hidden
    found = reads.members_named(standing.space, request.GET.get("q", ""), everyone=everyone) if standing.may_write else []
    return JsonResponse({"people": [{"handle": handle, "name": name} for handle, name in found]})


@login_required
@require_safe
@in_space
def quote(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    """A post as Markdown that quotes it."""
    text = quotation(standing, topic_id, no)
    return HttpResponse(text, content_type="text/plain; charset=utf-8")


def _place(request: HttpRequest, standing: Standing) -> str:
    return access.place_for(standing, request.user, request.POST.get("place", ""))
