from typing import Any

from allauth.account.signals import user_logged_in, user_signed_up
from django.apps import AppConfig
from django.http import HttpRequest


class ReferralsConfig(AppConfig):
    name = "shop.referrals"
    verbose_name = "Referrals"

    def ready(self) -> None:
        from kit import outbox, slots, visitor_pages, visits
        from shop.referrals import privacy
        from shop.referrals.flows import note_outcome
        from shop.referrals.flows.poster import ERASED, delete_file
        from shop.referrals.notes import note_visit
        from shop.referrals.recommended import fill_offer_place, fill_recommended, variant

        privacy.register_all()
        outbox.on("progress.day_reached", note_outcome)
        outbox.on(ERASED, delete_file)
        slots.fill("certificate.next", lambda _request, certificate: _invitation(certificate.enrolment.cohort.course))
        slots.fill("homework.accepted", lambda _request, course: _invitation(course))
        slots.fill("teach.more", lambda _request, **_place: ("shop/promote/teach_more.html", {}))
        slots.fill("offer.place", fill_offer_place)
        slots.fill("page.recommended", fill_recommended)
        visits.on(note_visit)
        visitor_pages.vary_by(variant)
        user_signed_up.connect(bind, dispatch_uid="referrals.signed_up")
        user_logged_in.connect(bind, dispatch_uid="referrals.logged_in")


def _invitation(course: Any) -> tuple[str, dict[str, Any]]:
    return "shop/promote/invite.html", {"course": course}


def bind(sender: Any, request: HttpRequest, user: Any, **kwargs: Any) -> None:
    """allauth says who just came in; the flow ties this browser's clicks to the account."""
    from shop.referrals.cookies import visitor_of
    from shop.referrals.flows import bind_visitor

    visitor = visitor_of(request)
    if visitor is not None:
        bind_visitor(user=user, visitor=visitor)
