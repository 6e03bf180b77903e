"""A topic: reading it, opening one, replying."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from community import access, flows, reads
from community.access import Standing
from community.begun import draft_of, unsent_of
from community.errors import NotSound, Refused
from community.flows.gatekeeping import Held
from community.forms import ReplyForm, TopicForm, kinds_for
from community.models import Draft, Post, Topic
from community.reads.moderation import waiting_of
from community.views.common import REFUSALS, in_space, kept_for_moderator, refusal, said, status_of, with_retry
from community.views.desk import chosen_files, desk, filled, kept_aside, lesson_of, preview_of, quotation
from kit import things
from notices.reads import unread_count


@require_safe
@in_space
def topic(request: HttpRequest, standing: Standing, topic_id: int, slug: str = "") -> HttpResponse:
    """One page of 20 posts. Opening it moves the reader's own mark, which nobody else ever sees, and nothing else."""
    found = access.topic_for(standing, topic_id)
    if slug != found.slug:
        asked = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{found.path}?{asked}" if asked else found.path)
    if "no" in request.GET:
        return redirect(reads.post_path(found, min(max(_number(request.GET["no"]), 1), found.last_no)))
    before = found.read_no  # type: ignore[attr-defined]
    no = (max(_number(request.GET.get("page", "")), 1) - 1) * reads.POSTS_PAGE + 1
    page = reads.topic_page(found, no=no, standing=standing, user=request.user)
    response = _page(request, standing, page, None, read_no=before)
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
    about, place = request.POST.get("about", request.GET.get("about", "")), f"space:{standing.space.pk}"
    card = things.card(about, request)
    draft = reads.draft_at(request.user, place)
    form = TopicForm(
        request.POST or None,
        standing=standing,
        offers=_offers(request, standing),
        initial={"kind": request.GET.get("kind") or Topic.Kind.QUESTION, **filled(draft)},
    )
    status, error, preview = 200, None, ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "draft":
                kept_aside(request, standing, place, form)
                return redirect("community:new_topic", standing.space.slug)
            files = chosen_files(request, standing, place)
            if request.POST.get("do") == "preview":
                preview = preview_of(request, standing, place, request.POST.get("source", ""), files)
            elif form.is_valid():
                return redirect(_open(request, standing, form, about if card else "", files).path)
        except Held as held:
            return kept_for_moderator(request, held, reverse("community:space", args=[standing.space.slug]))
        except REFUSALS as raised:
            error, status = raised, status_of(raised)
            form.add_error(None, said(raised))
    context = {"space": standing.space, "standing": standing, "form": form, "about": about if card else "", "about_card": card}
    context |= {"preview": preview, **desk(request, place, draft=draft)}
    is_wrong = not preview and form.errors and not error
    response = render(request, "community/new_topic.html", context, status=400 if is_wrong else status)
    return with_retry(response, error) if error else response


@login_required
@require_POST
@in_space
def reply(request: HttpRequest, standing: Standing, topic_id: int) -> HttpResponse:
    found, form = access.topic_for(standing, topic_id), ReplyForm(request.POST)
    place, preview = f"topic:{topic_id}", ""
    try:
        if request.POST.get("do") == "draft":
            return kept_aside(request, standing, place, form) or redirect(reads.post_path(found, found.last_no))
        files = chosen_files(request, standing, place)
        if request.POST.get("do") == "preview":
            preview = preview_of(request, standing, place, request.POST.get("source", ""), files)
            return _again(request, standing, found, form, None, preview)
        if not form.is_valid():
            return _again(request, standing, found, form, NotSound(" ".join(form.errors.get("source", []))))
        written = flows.reply(
            author=request.user,
            topic=found,
            source=form.cleaned_data["source"],
            key=form.sent_key(request.headers.get("Idempotency-Key", "")),
            answers_no=form.cleaned_data["answers"],
            files=files,
        )
    except Held as held:
        return kept_for_moderator(request, held, reads.post_path(found, found.last_no))
    except REFUSALS as error:
        form.add_error(None, said(error))
        return _again(request, standing, found, form, error)
    flows.mark_read(user=request.user, topic=written.topic, no=written.no)
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(reads.post_path(written.topic, written.no))
    return _appended(request, standing, written)


def _appended(request: HttpRequest, standing: Standing, written: Post) -> HttpResponse:
    """The new post for the end of the page, and an empty form with a new key."""
    topic = written.topic
    topic.space = standing.space
    place = f"topic:{topic.pk}"
    context = {
        "post": reads.dressed_post(written, request.user),
        "topic": topic,
        "standing": standing,
        "space": standing.space,
        "may_accept": reads.may_accept(standing, topic, request.user),
        "lesson_url": lesson_of(request, topic.about),
        "form": ReplyForm(),
        **desk(request, place),
    }
    return render(request, "community/replied.html", context)


def _open(request: HttpRequest, standing: Standing, form: TopicForm, about: str, files: list[int]) -> Topic:
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
        files=files,
    )


def _offers(request: HttpRequest, standing: Standing) -> dict[str, str]:
    """Reference and title of what this person may place here; nothing for those who do not run the space."""
    if not (standing.may_moderate and standing.space.offers_allowed):
        return {}
    return {f"offer:{ident}": card.title for ident, card in things.choices("offer", request).items()}


def _again(
    request: HttpRequest, standing: Standing, found: Topic, form: ReplyForm, error: Exception | None, preview: str = ""
) -> HttpResponse:
    """The reply did not go through, or is looked at first: nothing typed is lost."""
    if error is not None and (request.htmx or isinstance(error, Refused)):  # type: ignore[attr-defined]
        return refusal(request, error)
    found = access.topic_for(standing, found.pk)
    page = reads.topic_page(found, no=found.last_no, standing=standing, user=request.user)
    status = status_of(error) if error else 200
    response = _page(request, standing, page, form, read_no=found.last_no, status=status, preview=preview)
    return with_retry(response, error) if error else response


def _begun(request: HttpRequest, standing: Standing, topic: Topic, draft: Draft | None) -> ReplyForm:
    """The form of a reply with what was kept; `?quote=5` and `?answers=5` are the buttons of post 5 without script."""
    values = filled(draft)
    quote = _number(request.GET.get("quote", ""))
    if quote and (text := quotation(standing, topic.pk, quote)) not in values.get("source", ""):
        values["source"] = f"{values['source'].rstrip()}\n\n{text}" if values.get("source") else text
    if answers := quote or _number(request.GET.get("answers", "")):
        values["answers"] = answers
    return ReplyForm(initial=values)


def _page(
    request: HttpRequest,
    standing: Standing,
    page: reads.TopicPage,
    form: ReplyForm | None,
    *,
    read_no: int,
    status: int = 200,
    preview: str = "",
) -> HttpResponse:
    topic, place = page.topic, f"topic:{page.topic.pk}"
    may_reply = standing.may_write and (not topic.is_locked or standing.may_moderate)
    draft = draft_of(topic) if may_reply else None
    about_card = things.card(topic.about, request) if topic.about else None
    context: dict[str, Any] = {
        "space": standing.space,
        "standing": standing,
        "topic": topic,
        "page": page,
        "form": form or (_begun(request, standing, topic, draft) if may_reply else None),
        "about_card": about_card,
        "lesson_url": about_card.url if about_card and topic.about.startswith("lesson:") else "",
        "offer_card": things.card(topic.offer, request) if topic.offer else None,
        "first_unread": read_no + 1 if standing.membership and 0 < read_no < topic.last_no else 0,
        "notice_count": unread_count(request.user),
        "may_reply": may_reply,
        "may_accept": reads.may_accept(standing, topic, request.user),
        "kinds": kinds_for(standing, topic.kind) if may_retype(standing, topic, request.user) else [],
        "preview": preview,
        "place": place,
        "draft": draft,
        "unsent": unsent_of(topic) if may_reply else [],
        "waiting": waiting_of(standing, topic) if topic.has_waiting else [],  # type: ignore[attr-defined]
    }
    return render(request, "community/topic.html", context, status=status)


def may_retype(standing: Standing, topic: Topic, user: Any) -> bool:
    """Its author while it is open, and who moderates the space."""
    is_own = topic.author_id == user.pk and not topic.is_locked
    return standing.may_write and (is_own or standing.may_moderate)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else 0
