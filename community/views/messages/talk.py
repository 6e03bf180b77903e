"""The inbox, a conversation, and what one does in it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community import contacts, flows
from community.errors import Refused
from community.flows.blocking import has_blocked, set_blocked
from community.flows.message_clock import hours_of
from community.flows.messaging import require_open
from community.forms import ReasonForm
from community.message_access import conversation_for, file_for, message_for
from community.message_forms import MessageForm
from community.models import Conversation, Message
from community.reads import messages as reads
from community.views.messages.common import REFUSALS, answered, page, private, status_for, toast, words_of
from kit import things
from kit.clock import now
from kit.storage import presigned_address


@login_required
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    return page(request, "community/messages/inbox.html", {})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conversation(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Its newest messages, or those before `before`; sending one. Opening it moves one's own mark and nothing else."""
    talk, own = conversation_for(request.user, conversation_id)
    if request.method == "POST":
        return _send(request, talk)
    before = request.GET.get("before", "")
    shown = reads.messages_of(talk, before=int(before) if before.isdecimal() and len(before) < 10 else 0)
    form = MessageForm(initial={"source": _canned(request)})
    response = _page(request, talk, shown, form, read_no=own.read_no)
    if request.method == "GET" and shown.messages:
        flows.mark_conversation_read(user=request.user, conversation=talk, no=shown.messages[-1].no)
    return response


@login_required
@require_safe
def news(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """For an open page: what was written after `after`. It counts as read."""
    talk, _own = conversation_for(request.user, conversation_id)
    return _news(request, talk)


@login_required
@require_safe
def file(request: HttpRequest, conversation_id: int, file_id: int) -> HttpResponse:
    """To the file itself, by an address that ends soon."""
    found = file_for(request.user, conversation_id, file_id)
    return private(redirect(presigned_address(found.key)))


@login_required
def report(request: HttpRequest, conversation_id: int, no: int) -> HttpResponse:
    message = message_for(request.user, conversation_id, no)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            flows.report_message(reporter=request.user, message=message, reason=form.cleaned_data["reason"])
        except Refused as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Thank you. The owner of the site will look at this message."))
            return redirect("community:conversation", conversation_id)
    context = {"message": message, "form": form}
    return private(render(request, "community/messages/report.html", context, status=400 if form.errors else 200))


@login_required
@require_POST
def block(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """`block` yes | no: the other one of this conversation."""
    talk, _own = conversation_for(request.user, conversation_id)
    set_blocked(user=request.user, person=reads.partner_in(talk, request.user), on=request.POST.get("block") == "yes")
    return redirect("community:conversation", conversation_id)


def _send(request: HttpRequest, talk: Conversation) -> HttpResponse:
    form = MessageForm(request.POST, request.FILES)
    values = {"files": request.FILES.getlist("files"), "source": request.POST.get("source", "")}
    form.is_valid()  # what is wrong with the words, the flow says
    key = form.sent_key(request.headers.get("Idempotency-Key", ""))
    try:
        sent = flows.send_message(author=request.user, conversation=talk, key=key, **values)
    except REFUSALS as error:
        return _again(request, talk, form, error)
    if request.htmx:  # type: ignore[attr-defined]
        return _news(request, talk, sent)
    response = redirect("community:conversation", talk.pk)
    response["Location"] += f"#message-{sent.no}"
    return response


def _again(request: HttpRequest, talk: Conversation, form: MessageForm, error: Exception) -> HttpResponse:
    """It did not go through: nothing typed is lost."""
    text, status = words_of(error), status_for(error)
    if request.htmx:  # type: ignore[attr-defined]
        return answered(toast(text, status), error)
    form.is_valid()
    form.add_error(None, text)
    shown = reads.messages_of(talk)
    return answered(_page(request, talk, shown, form, read_no=talk.last_no, status=status), error)


def _news(request: HttpRequest, talk: Conversation, sent: Message | None = None) -> HttpResponse:
    after = request.POST.get("after", "") or request.GET.get("after", "")
    no = int(after) if after.isdecimal() and len(after) < 10 else talk.last_no
    found = reads.messages_after(talk, no)
    things.prime([message.thing for message in found if message.thing], request)
    if found:
        flows.mark_conversation_read(user=request.user, conversation=talk, no=found[-1].no)
    context = {"talk": talk, "rows": _rows(request, talk, found), "last_no": found[-1].no if found else no}
    talk.refresh_from_db(fields=["due_at"])
    context |= {"fresh": MessageForm() if sent else None, **_clock(request, talk)}
    return private(render(request, "community/messages/news.html", context))


def _rows(request: HttpRequest, talk: Conversation, found: list[Message]) -> list[dict[str, Any]]:
    """Messages as they are shown: whose, with what beside them."""
    return [
        {
            "message": message,
            "mine": message.author_id == request.user.pk,
            "card": things.card(message.thing, request) if message.thing and not message.removed_at else None,
            "author": talk.asker if message.author_id == talk.asker_id else talk.answerer,
        }
        for message in found
    ]


def _clock(request: HttpRequest, talk: Conversation) -> dict[str, bool]:
    """Whether the reader is the one who owes an answer, and whether it is late."""
    return {"is_asked": talk.answerer_id == request.user.pk, "is_late": bool(talk.due_at and talk.due_at < now())}


def _canned(request: HttpRequest) -> str:
    """The text of one of one's own canned answers, where the address names it."""
    wanted = request.GET.get("canned", "")
    found = [row for row in reads.canned_of(request.user) if wanted and str(row.pk) == wanted]
    return found[0].source if found else ""


def _page(
    request: HttpRequest, talk: Conversation, shown: reads.Page, form: MessageForm, *, read_no: int, status: int = 200
) -> HttpResponse:
    partner, is_asked = reads.partner_in(talk, request.user), talk.answerer_id == request.user.pk
    references = [talk.about] if talk.about else []
    things.prime([*references, *(message.thing for message in shown.messages if message.thing)], request)
    context = {
        "talk": talk,
        "partner": partner,
        "face": reads.faces_of([partner]).get(partner.pk, ""),
        "rows": _rows(request, talk, shown.messages),
        "older": shown.older,
        "first_unread": read_no + 1 if read_no < talk.last_no else 0,
        "last_no": shown.messages[-1].no if shown.messages else 0,
        "form": form,
        "about_card": things.card(talk.about, request) if talk.about else None,
        **_clock(request, talk),
        "hours": None if talk.is_peer else hours_of(talk.answerer),
        "away": None if is_asked else contacts.away_until(talk.answerer_id),
        "canned": reads.canned_of(request.user) if is_asked else [],
        "has_blocked": has_blocked(request.user, partner),
        "closed": _closed(request.user, talk),
    }
    return page(request, "community/messages/conversation.html", context, status=status)


def _closed(user: Any, talk: Conversation) -> str:
    """Why nothing can be written here any more, "" where it can."""
    try:
        require_open(user, talk)
    except Refused as error:
        return str(error)
    return ""
