"""The URL map as the demo fills it: every page that people open, and who opens it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A page: its name for pictures and tables, its path without a language, the demo account that opens it ('' for nobody)."""

    name: str
    path: str
    who: str = ""


def places() -> list[Place]:
    """All of them; asks the demo's database for numbers and ids."""
    return [*_public(), *_students(), *_shop(), *_community(), *_walls(), *_meetings(), *_referrers(), *_teachers()]


def _public() -> list[Place]:
    from courses.models import Certificate

    certificate = Certificate.objects.filter(revoked_at=None).order_by("pk").first()
    found = [
        Place("home", "/"),
        Place("catalogue", "/courses/"),
        Place("landing", "/courses/ukulele/"),
        Place("landing-pickup", "/courses/calligraphy/"),
        Place("preview-lesson", "/courses/ukulele/day-1/"),
        Place("person", "/people/yuan/"),
        Place("search", "/search/?q=%E5%92%8C%E5%BC%A6"),
        Place("search-nothing", "/search/?q=zzzzqq"),
        Place("login", "/accounts/login/"),
        Place("login-by-code", "/accounts/login/code/"),
        Place("sign-up", "/accounts/signup/"),
        Place("password-reset", "/accounts/password/reset/"),
        Place("not-found", "/no-such-page/"),
    ]
    if certificate is not None:
        found.append(Place("certificate", f"/certificates/{certificate.uuid}/"))
    return found


def _students() -> list[Place]:
    return [
        Place("learn", "/learn/", "student"),
        Place("learn-empty", "/learn/", "visitor"),
        Place("lesson", "/courses/ukulele/day-2/", "student"),
        Place("lesson-locked", "/courses/ukulele/day-30/", "student"),
        Place("lesson-for-sale", "/courses/ukulele/day-2/", "visitor"),
        Place("wall", "/learn/ukulele-class-1/wall/", "student"),
        Place("inbox", "/notices/", "student"),
        Place("account", "/account/", "student"),
        Place("works", "/account/works/", "student"),
        Place("privacy", "/account/privacy/", "student"),
        Place("addresses", "/account/addresses/", "student"),
        Place("letters", "/notices/letters/", "student"),
    ]


def _shop() -> list[Place]:
    from shop.orders.models import Order

    found = [
        Place("shop", "/shop/"),
        Place("offer", "/shop/ukulele/"),
        Place("basket-empty", "/basket/"),
        Place("orders", "/orders/", "student"),
        Place("orders-empty", "/orders/", "visitor"),
    ]
    order = Order.objects.filter(user__email="student@demo.test", state="paid").order_by("-pk").first()
    if order is not None:
        found.append(Place("order", f"/orders/{order.number}/", "student"))
    return found


def _community() -> list[Place]:
    from community.models import Space, Topic

    space = Space.objects.get(slug="ukulele-class-1")
    topic = Topic.objects.filter(space=space, removed_at=None).order_by("-last_no", "-pk")[0]
    return [
        Place("spaces", "/community/", "student"),
        Place("board", "/community/ukulele-class-1/", "student"),
        Place("topic", topic.path, "student"),
        Place("new-topic", "/community/ukulele-class-1/new/", "student"),
        Place("reports", "/community/ukulele-class-1/reports/", "moderator"),
    ]


def _walls() -> list[Place]:
    """Feed, notes, messages, wishes, and what a person chooses about them."""
    from community.models import Conversation, Note, Wish

    found = [
        Place("feed", "/feed/", "student"),
        Place("feed-empty", "/feed/", "visitor"),
        Place("notes", "/notes/"),
        Place("new-note", "/notes/new/", "student"),
        Place("messages", "/messages/", "student"),
        Place("muted", "/community/muted/", "student"),
        Place("notice-choices", "/notices/settings/", "student"),
        Place("wishes", "/feedback/"),
        Place("new-wish", "/feedback/new/", "student"),
        Place("releases", "/feedback/releases/"),
        Place("moderation", "/community/moderation/", "moderator"),
        Place("moderation-desk", "/community/ukulele-class-1/moderation/", "moderator"),
        Place("moderation-log", "/community/ukulele-class-1/moderation/log/", "moderator"),
        Place("moderation-guard", "/community/ukulele-class-1/moderation/guard/", "moderator"),
        Place("members", "/community/ukulele-class-1/members/", "student"),
    ]
    if note := Note.objects.filter(published_at__isnull=False, removed_at=None).order_by("-pk").first():
        found.append(Place("note", note.path))
    if talk := Conversation.objects.filter(correspondents__user__email="student@demo.test").order_by("-pk").first():
        found.append(Place("conversation", f"/messages/{talk.pk}/", "student"))
    if wish := Wish.objects.order_by("-pk").first():
        found.append(Place("wish", f"/feedback/{wish.pk}/", "student"))
    return found


def _meetings() -> list[Place]:
    from community.models import Draw, Event

    found = [Place("events", "/events/"), Place("new-event", "/events/new/", "teacher")]
    if event := Event.objects.order_by("-starts_at").first():
        found.append(Place("event", f"/events/{event.pk}/"))
    if draw := Draw.objects.select_related("space").order_by("-pk").first():
        found += [
            Place("draws", f"/community/{draw.space.slug}/draws/", "student"),
            Place("draw-record", f"/draws/{draw.pk}/"),
        ]
    return found


def _referrers() -> list[Place]:
    return [
        Place("promote", "/promote/", "referrer"),
        Place("promote-new", "/promote/", "visitor"),
        Place("promote-numbers", "/promote/numbers/", "referrer"),
        Place("promote-link", "/promote/links/", "referrer"),
        Place("promote-share", "/promote/links/demo/", "referrer"),
        Place("promote-payouts", "/promote/payouts/", "referrer"),
        Place("promote-channels", "/promote/channels/", "referrer"),
        Place("promote-cases", "/promote/cases/", "referrer"),
        Place("promote-report", "/promote/report/", "visitor"),
    ]


def _teachers() -> list[Place]:
    return [
        Place("teach", "/teach/", "teacher"),
        Place("teach-homework", "/teach/homework/", "teacher"),
        Place("teach-questions", "/teach/questions/", "teacher"),
        Place("teach-silent", "/teach/silent/", "teacher"),
        Place("teach-class", "/teach/classes/ukulele-class-1/", "teacher"),
        Place("teach-numbers", "/teach/numbers/", "teacher"),
        Place("teach-course", "/teach/courses/ukulele/", "teacher"),
        Place("teach-team", "/teach/courses/ukulele/team/", "teacher"),
        Place("teach-money", "/teach/courses/ukulele/money/", "teacher"),
        Place("teach-certificates", "/teach/courses/ukulele/certificates/", "teacher"),
        Place("teach-letters", "/teach/courses/ukulele/letters/", "teacher"),
        Place("teach-referrers", "/teach/referrers/", "teacher"),
        Place("teach-sessions", "/teach/classes/ukulele-class-1/live/", "teacher"),
    ]


def in_language(language: str, path: str) -> str:
    """The address that forces a language."""
    return f"/{language}{path}"
