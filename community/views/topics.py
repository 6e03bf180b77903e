"""A topic: reading it, opening one, replying."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from community import access, flows, reads
from community.access import Standing
from community.errors import NotSound, Refused, TooFast
from community.forms import ReplyForm, TopicForm
from community.models import Topic
from community.views.common import in_space, refusal, said, status_of, with_retry
from kit import things
from notices.reads import unread_count


@require_safe
@in_space
def topic(request: HttpRequest, standing: Standing, topic_id: int, slug: str = "") -> HttpResponse:
    """One page of 20 posts. Opening it moves the reader's own mark, which nobody else ever sees, and nothing else."""
    found = access.topic_for(standing, topic_id)
    if slug != found.slug:
        return HttpResponsePermanentRedirect(found.path)
    before = found.read_no  # type: ignore[attr-defined]
    number = request.GET.get("page", "1")
    no = (int(number) - 1) * reads.POSTS_PAGE + 1 if number.isdecimal() and len(number) < 8 else 1
    page = reads.topic_page(found, no=no, standing=standing, user=request.user)
    response = _page(request, standing, page, ReplyForm(), read_no=before)
    seen = page.posts[-1].no if page.posts else 0
    if standing.membership and seen > before:
        flows.mark_read(user=request.user, topic=found, no=seen, posts=[post.pk for post in page.posts if post.no > before])
    return response


@require_safe
@in_space
def post(request: HttpRequest, standing: Standing, topic_id: int, no: int, slug: str = "") -> HttpResponse:
    """The address of one post by its number: leads to the page that holds it."""
    found = access.topic_for(standing, topic_id)
    return HttpResponseRedirect(reads.post_path(found, min(max(no, 1), found.last_no)))


@login_required
@in_space
def new_topic(request: HttpRequest, standing: Standing) -> HttpResponse:
    about = request.POST.get("about", request.GET.get("about", ""))
    card = things.card(about, request)
    form = TopicForm(
        request.POST or None,
        standing=standing,
        offers=_offers(request, standing),
        initial={"kind": request.GET.get("kind") or Topic.Kind.QUESTION},
    )
    status, error = 200, None
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(_open(request, standing, form, about if card else "").path)
        except (Refused, NotSound, TooFast) as raised:
            error, status = raised, status_of(raised)
            form.add_error(None, said(raised))
    context = {"space": standing.space, "standing": standing, "form": form, "about": about if card else "", "about_card": card}
    response = render(request, "community/new_topic.html", context, status=400 if form.errors and not error else status)
    return with_retry(response, error) if error else response


@login_required
@require_POST
@in_space
def reply(request: HttpRequest, standing: Standing, topic_id: int) -> HttpResponse:
    found = access.topic_for(standing, topic_id)
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return _again(request, standing, found, form, NotSound(" ".join(form.errors.get("source", []))))
    try:
        written = flows.reply(
            author=request.user,
            topic=found,
            source=form.cleaned_data["source"],
            key=form.sent_key(request.headers.get("Idempotency-Key", "")),
        )
    except (Refused, NotSound, TooFast) as error:
        form.add_error(None, said(error))
        return _again(request, standing, found, form, error)
    flows.mark_read(user=request.user, topic=written.topic, no=written.no)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(reads.post_path(written.topic, written.no))
    written.topic.space = standing.space
    context = {
        "post": reads.dressed_post(written, request.user),
        "topic": written.topic,
        "standing": standing,
        "space": standing.space,
        "may_accept": reads.may_accept(standing, written.topic, request.user),
    }
    return render(request, "community/replied.html", {**context, "form": ReplyForm()})


def _open(request: HttpRequest, standing: Standing, form: TopicForm, about: str) -> Topic:
    values = form.cleaned_data
    return flows.open_topic(
        author=request.user,
        space=standing.space,
        kind=values["kind"],
        title=values["title"],
        source=values["source"],
        about=about,
        offer=values.get("offer", ""),
        key=form.sent_key(request.headers.get("Idempotency-Key", "")),
    )


def _offers(request: HttpRequest, standing: Standing) -> dict[str, str]:
    """Reference and title of what this person may place here; nothing for those who do not run the space."""
    if not (standing.may_moderate and standing.space.offers_allowed):
        return {}
    return {f"offer:{ident}": card.title for ident, card in things.choices("offer", request).items()}


def _again(request: HttpRequest, standing: Standing, found: Topic, form: ReplyForm, error: Exception) -> HttpResponse:
    """The reply did not go through: nothing typed is lost."""
    if request.htmx or isinstance(error, Refused):  # type: ignore[attr-defined]
        return refusal(request, error)
    page = reads.topic_page(found, no=found.last_no, standing=standing, user=request.user)
    return with_retry(_page(request, standing, page, form, read_no=found.last_no, status=status_of(error)), error)


def _page(
    request: HttpRequest, standing: Standing, page: reads.TopicPage, form: ReplyForm, *, read_no: int, status: int = 200
) -> HttpResponse:
    topic = page.topic
    first_unread = read_no + 1 if standing.membership and 0 < read_no < topic.last_no else 0
    context: dict[str, Any] = {
        "space": standing.space,
        "standing": standing,
        "topic": topic,
        "place": f"topic:{topic.pk}",
        "page": page,
        "form": form,
        "about_card": things.card(topic.about, request) if topic.about else None,
        "offer_card": things.card(topic.offer, request) if topic.offer else None,
        "first_unread": first_unread,
        "notice_count": unread_count(request.user),
        "may_reply": standing.may_write and (not topic.is_locked or standing.may_moderate),
        "may_accept": reads.may_accept(standing, topic, request.user),
    }
    return render(request, "community/topic.html", context, status=status)
