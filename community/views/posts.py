"""What one does with a post: thank, accept, edit, report; each works without JavaScript."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community import access, flows, reads
from community.access import Standing
from community.errors import NotSound, Refused
from community.forms import EditForm, ReasonForm
from community.models import Post
from community.templatetags.talk import post_values
from community.views.common import REFUSALS, in_space, refusal, said, status_of, with_retry
from community.views.desk import chosen_files, desk, filled, kept_aside, preview_of


@login_required
@require_POST
@in_space
def thank(request: HttpRequest, standing: Standing, topic_id: int, no: int, kind: str = "thanks") -> HttpResponse:
    """Thanks, or another kind of reaction; `on` no takes it back."""
    post = access.post_for(standing, topic_id, no)
    try:
        flows.react(user=request.user, post=post, on=request.POST.get("on") != "no", kind=kind)
    except Refused as error:
        return refusal(request, error)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(reads.post_path(post.topic, no))
    values = post_values(reads.dressed_post(post, request.user), post.topic, standing, request.user)
    return render(request, "community/reactions.html", values)


@login_required
@require_POST
@in_space
def retype(request: HttpRequest, standing: Standing, topic_id: int) -> HttpResponse:
    """Say what kind of post a topic is: its author, or who moderates the space."""
    topic = access.topic_for(standing, topic_id)
    try:
        topic = flows.retype_topic(by=request.user, topic=topic, kind=request.POST.get("kind", ""))
    except (Refused, NotSound) as error:
        return refusal(request, error)
    return redirect(topic.path)


@login_required
@require_safe
@in_space
def move(request: HttpRequest, standing: Standing, topic_id: int) -> HttpResponse:
    """Where a moderator may move a topic to; the button sends it to `set_state`."""
    if not standing.may_moderate:
        raise Http404("not a moderator here")
    topic = access.topic_for(standing, topic_id)
    moderated = reads.spaces_moderated(request.user, standing.space)
    return render(request, "community/move.html", {"space": standing.space, "topic": topic, "moderated": moderated})


@login_required
@require_safe
@in_space
def history(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    """What a post said before; for members."""
    if standing.membership is None and not standing.may_moderate:
        raise Http404("for members")
    post = access.post_for(standing, topic_id, no)
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdecimal() and len(before) < 9 else 0
    versions, older = reads.earlier_versions(post, before=number)
    context = {"space": standing.space, "topic": post.topic, "post": post, "versions": versions, "older": older}
    return render(request, "community/history.html", {**context, "is_first": not number})


@login_required
@require_POST
@in_space
def accept(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    topic = access.topic_for(standing, topic_id)
    try:
        flows.accept_answer(by=request.user, topic=topic, no=None if request.POST.get("on") == "no" else no)
    except Refused as error:
        return refusal(request, error)
    return redirect(reads.post_path(topic, no))


@login_required
@in_space
def edit(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    post = access.post_for(standing, topic_id, no)
    place = f"post:{post.pk}"
    if post.author_id != request.user.pk:
        return refusal(request, Refused(_("Only its author edits a post.")))
    draft = reads.draft_at(request.user, place)
    first = {"title": post.topic.title, "kind": post.topic.kind, "source": post.source, **filled(draft)}
    topic = post.topic if no == 1 else None
    form = EditForm(request.POST or None, initial=first, standing=standing, topic=topic)
    status, error, preview = 200, None, ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "draft":
                kept_aside(request, standing, place, form)
                return redirect("community:edit", standing.space.slug, topic_id, no)
            files = chosen_files(request, standing, place)
            if request.POST.get("do") == "preview":
                preview = preview_of(request, standing, place, request.POST.get("source", ""), files)
            elif form.is_valid():
                return redirect(reads.post_path(_edited(request, post, form, files).topic, no))
        except Refused as refused:
            return refusal(request, refused)
        except REFUSALS as raised:
            error, status = raised, status_of(raised)
            form.add_error("source", said(raised))
    context = {"space": standing.space, "topic": post.topic, "post": post, "form": form, "preview": preview}
    context |= {**desk(request, place, draft=draft), "attached": list(post.attachments.all())}
    is_wrong = not preview and form.errors and not error
    response = render(request, "community/edit.html", context, status=400 if is_wrong else status)
    return with_retry(response, error) if error else response


def _edited(request: HttpRequest, post: Post, form: EditForm, files: list[int]) -> Post:
    values = form.cleaned_data
    return flows.edit_post(
        by=request.user,
        post=post,
        source=values["source"],
        title=values.get("title", ""),
        kind=values.get("kind", ""),
        files=files if "with_files" in request.POST else None,
    )


@login_required
@in_space
def report(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    post = access.post_for(standing, topic_id, no)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            flows.report_post(reporter=request.user, post=post, reason=form.cleaned_data["reason"])
        except Refused as error:
            return refusal(request, error)
        messages.success(request, _("Thank you. The moderators of this space will look at it."))
        return redirect(reads.post_path(post.topic, no))
    context = {"space": standing.space, "topic": post.topic, "post": post, "form": form, "asks": "report"}
    return render(request, "community/reason.html", context, status=400 if form.errors else 200)
