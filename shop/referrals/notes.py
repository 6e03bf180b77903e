"""A note's way to something for sale is a touch as a link's is (DISTRIBUTION.md, 4): listens to kit.visits."""

from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from shop.referrals.cookies import asks_not_to_be_tracked, remember_visitor, visitor_of
from shop.referrals.flows import record_note_click
from shop.referrals.views.link import is_visit

FOR_SALE = {"offer", "course", "lesson"}


def note_visit(request: HttpRequest, response: HttpResponse, *, source: str, to: str) -> None:
    """The same cookie as /r/ gives, under the same rules, and only where the click was stored."""
    kind, _colon, ident = source.partition(":")
    if kind != "note" or to.partition(":")[0] not in FOR_SALE or not is_visit(request):
        return
    visitor = visitor_of(request) or uuid4()
    if record_note_click(note=int(ident), ref=to, visitor=visitor, user=request.user):
        remember_visitor(response, visitor, lasting=not asks_not_to_be_tracked(request))
