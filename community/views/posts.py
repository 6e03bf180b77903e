"""What one does with a post: thank, accept, edit, report; each works without JavaScript."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community import access, flows, reads
from community.access import Standing
from community.errors import NotSound, Refused
from community.forms import ReasonForm, ReplyForm
from community.templatetags.talk import post_values
from community.views.common import in_space, refusal, said


@login_required
@require_POST
@in_space
def thank(request: HttpRequest, standing: Standing, topic_id: int, no: int) -> HttpResponse:
    post = access.post_for(standing, topic_id, no)
    try:
        flows.react(user=request.user, post=post, on=request.POST.get("on") != "no")
    except Refused as error:
        return refusal(request, error)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(reads.post_path(post.topic, no))
    values = post_values(reads.dressed_post(post, request.user), post.topic, standing, request.user)
    return render(request, "community/thanks.html", values)


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
    form = ReplyForm(request.POST or None, initial={"source": post.source})
    if post.author_id != request.user.pk:
        return refusal(request, Refused(_("Only its author edits a post.")))
    if request.method == "POST" and form.is_valid():
        try:
            flows.edit_post(by=request.user, post=post, source=form.cleaned_data["source"])
            return redirect(reads.post_path(post.topic, no))
        except NotSound as error:
            form.add_error("source", said(error))
        except Refused as error:
            return refusal(request, error)
    context = {"space": standing.space, "topic": post.topic, "post": post, "form": form}
    return render(request, "community/edit.html", context, status=400 if form.errors else 200)


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
