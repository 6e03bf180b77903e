"""Who recommended the page that a visitor is looking at, said where the programme asks for it (DISTRIBUTION.md, 14)."""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils.translation import gettext as _

from kit.clock import now
from shop.referrals.cookies import visitor_of
from shop.referrals.cover import covers
from shop.referrals.models import Agreement, Click, Programme, ProgrammeVersion
from shop.referrals.rules import Rules
from shop.referrals.touches import note_of, topic_of

Template = tuple[str, dict[str, Any]]


def variant(request: HttpRequest) -> str:
    """What a page kept for visitors depends on: whose link they followed last. One query for those who followed one."""
    click = _clicks(request).first()
    return f"by-{click.link_id}" if click else ""


def fill_recommended(request: HttpRequest, course: Any = None, offer: Any = None) -> Template | None:
    """Slot page.recommended: name and disclosure. One query for those who followed a link, none for others.

    Silent where the click is too old to earn, where its referrer has no agreement in force or is looking at the own link,
    and where the programme does not want it said.
    """
    agreed = Agreement.objects.filter(user=OuterRef("link__owner"), ended_at=None)
    click = (
        _clicks(request)
        .select_related("link__owner")
        .annotate(
            agreed=ArraySubquery(
                agreed.values(json=JSONObject(programme="programme_id", offer="programme__offer_id", rules="version__rules"))
            ),
            paying=ArraySubquery(_paying(course, offer)),
        )
        .first()
    )
    if click is None or click.link.owner_id == request.user.pk or not click.paying:
        return None
    paying = _own_first(click.paying)
    rules, programme = Rules.from_json(paying["rules"]), _programme(paying)
    if not rules.show_recommender or now() - click.at > timedelta(days=rules.window_days):
        return None
    agreements = [Agreement(programme=_programme(row), version=ProgrammeVersion(rules=row["rules"])) for row in click.agreed]
    if not any(covers(agreement, programme, rules) for agreement in agreements):
        return None
    return "shop/promote/recommended.html", {
        "person": click.link.owner,
        "code": click.link.code,
        "disclosure": rules.disclosure or _plain(),
    }


def fill_offer_place(request: HttpRequest, place: str) -> Template | None:
    """Slot offer.place: an offer bought in a topic or by a note credits its author (rule 4), and that is said beside it, where
    the author has an agreement in force. One query for a place, however many offers stand in it."""
    known: dict[str, Any] = request.__dict__.setdefault("offer_places", {})
    if place not in known:
        known[place] = _author_who_earns(topic_of(place), note_of(place))
    person = known[place]
    if person is None or person.pk == request.user.pk:
        return None
    return "shop/promote/offer_place.html", {"person": person}


def _author_who_earns(topic: int | None, note: int | None) -> Any:
    if topic is None and note is None:
        return None
    wrote = Q(user__topics=topic, user__topics__removed_at=None) if topic else Q(user__notes=note, user__notes__removed_at=None)
    live = Agreement.objects.filter(wrote, ended_at=None, user__is_staff=False).select_related("user").first()
    return live.user if live else None


def disclosure_for(course: Any = None, offer: Any = None) -> str:
    """The sentence that goes wherever something is recommended for money (rule 14). One query."""
    paying = list(_paying(course, offer))
    rules = Rules.from_json(_own_first(paying)["rules"]) if paying else Rules()
    return rules.disclosure or _plain()


def _plain() -> str:
    return _("Who recommends earns a share if you buy. You pay the same.")


def _own_first(paying: list[dict[str, Any]]) -> dict[str, Any]:
    return min(paying, key=lambda row: (row["offer"] is None, row["programme"]))


def _clicks(request: HttpRequest) -> QuerySet[Click]:
    """This browser's clicks on live links, the latest first; nothing without the cookie, and no query."""
    visitor = visitor_of(request)
    if visitor is None:
        return Click.objects.none()
    return Click.objects.filter(visitor=visitor, link__killed_at=None, at__lte=now()).order_by("-at", "-pk")


def _paying(course: Any, offer: Any) -> QuerySet[Any]:
    """The rules in force of the programmes that may pay for what the page sells: its own, and the general one."""
    own = Q(programme__offer=offer) if offer else Q(programme__offer__course=course) if course else Q(pk=None)
    rows = ProgrammeVersion.objects.filter(own | Q(programme__offer=None), programme__is_open=True)
    newest = rows.order_by("programme", "-number").distinct("programme")
    shape = {"programme": "programme_id", "offer": "programme__offer_id", "rules": "rules"}
    asked = {name: f"programme__{name}" for name in ("joining", "own_agreement")}
    return newest.values_list(JSONObject(**shape, **asked), flat=True)


def _programme(row: dict[str, Any]) -> Programme:
    """As far as `covers` asks of it."""
    known = {name: row[name] for name in ("joining", "own_agreement") if name in row}
    return Programme(pk=row["programme"], offer_id=row["offer"], **known)
