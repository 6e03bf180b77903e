"""A note's way to something for sale is a touch as a link's is (DISTRIBUTION.md, 4): listens to kit.visits."""

from django.http import HttpRequest, HttpResponse

from shop.referrals.flows import link_in_note
from shop.referrals.views.link import is_visit, take_click

FOR_SALE = {"offer", "course", "lesson"}


def note_visit(request: HttpRequest, response: HttpResponse, *, source: str, to: str) -> None:
    """The same click and cookie as /r/ gives, under the same rules, where the note's author may earn."""
    kind, _colon, ident = source.partition(":")
    if kind != "note" or to.partition(":")[0] not in FOR_SALE or not is_visit(request):
        return
    link = link_in_note(note=int(ident), target=response["Location"], visitor=request.user)
    if link is None:
        return
    target, remember = take_click(request, link.code)
    if target is not None:
        remember(response)
