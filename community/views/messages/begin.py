"""Choosing whom to write to, and the first message."""

from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from community import contacts, flows
from community.flows.message_clock import hours_of
from community.message_forms import MessageForm
from community.models import Conversation
from community.reads.messages import faces_of
from community.views.messages.common import REFUSALS, answered, page, status_for, words_of
from kit import things


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """`about` (`course:5`): whoever answers for it; `to`: a person's handle; neither: whom one can write to.

    Where that conversation is there already, the page leads to it. Whom one may not write to is not there (404).
    """
    about = request.POST.get("about", request.GET.get("about", ""))[:60]
    handle = request.POST.get("to", request.GET.get("to", ""))[:60]
    card = things.card(about, request) if about else None
    person = _person(request, about if card else "", handle)
    if person is None:
        return _pick(request)
    about = about if card else ""
    known = Conversation.objects.filter(asker__in=[request.user, person], answerer__in=[request.user, person], about=about)
    if request.method != "POST" and (found := known.first()):
        return redirect("community:conversation", found.pk)
    if not contacts.may_write_to(request.user, person) and not known.exists():
        raise Http404("nobody to write to")
    if request.method == "POST":
        return _send(request, MessageForm(request.POST, request.FILES), person, about, card)
    return _form(request, MessageForm(), person, about, card)


def _person(request: HttpRequest, about: str, handle: str) -> Any:
    """Named by the handle, else whoever answers for the thing; None where neither is asked for."""
    people = get_user_model().objects.select_related("profile__portrait").filter(is_active=True)
    if handle:
        found = people.filter(profile__handle=handle).first()
    elif about and (answerer := contacts.answerer_of(about, request.user)):
        found = people.filter(pk=answerer).first()
    elif "about" in request.GET or "about" in request.POST:
        found = None
    else:
        return None
    if found is None or found.pk == request.user.pk:
        raise Http404("nobody to write to")
    return found


def _send(request: HttpRequest, form: MessageForm, person: Any, about: str, card: things.Card | None) -> HttpResponse:
    values = {"files": request.FILES.getlist("files"), "source": request.POST.get("source", "")}
    form.is_valid()  # what is wrong with the words, the flow says
    key = form.sent_key(request.headers.get("Idempotency-Key", ""))
    try:
        sent = flows.write_to(
            author=request.user, person=person, about=about, about_title=card.title if card else "", key=key, **values
        )
    except REFUSALS as error:
        form.add_error(None, words_of(error))
        return answered(_form(request, form, person, about, card, status=status_for(error)), error)
    return redirect("community:conversation", sent.conversation_id)


def _form(
    request: HttpRequest, form: MessageForm, person: Any, about: str, card: things.Card | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "person": person,
        "face": faces_of([person]).get(person.pk, ""),
        "about": about,
        "about_card": card,
        "hours": hours_of(person) if contacts.answers_to(person, request.user) else None,
        "away": contacts.away_until(person.pk),
    }
    return page(request, "community/messages/new.html", context, status=status)


def _pick(request: HttpRequest) -> HttpResponse:
    team, friends = contacts.team_for(request.user), contacts.friends_of(request.user)
    faces = faces_of([*team, *friends])
    groups = [[(person, faces.get(person.pk, "")) for person in people] for people in (team, friends)]
    return page(request, "community/messages/pick.html", {"team": groups[0], "friends": groups[1]})
