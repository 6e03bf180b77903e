"""The demo is what PRODUCT.md names, comes through the real flows, and a second load changes nothing."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from accounts.models import User
from community.models import Topic
from courses.models import Certificate, Course, Enrolment, Lesson, LessonPage, Media, Submission
from kit.addresses import checked
from kit.models import OutboxMessage
from launch.demo.load import load
from launch.demo.load.purchases import PURCHASES, card_of, door_of
from shop.catalogue.models import Offer
from shop.catalogue.reads import wares
from shop.checkout.flows import kit_only, refund_order
from shop.fulfilment.models import Shipment
from shop.ledger.reads import trial_balance
from shop.orders.models import Order
from shop.payments.models import WebhookEvent
from shop.payouts.models import Earning, Payout
from shop.referrals.models import Attribution, Commission
from stock.models import StockItem
from tests import database
from tests.stripe_stand_in import StandIn

# pytest-django makes the test database only where a test asks for it: the mark keeps `demo` out of any other database.
pytestmark = pytest.mark.django_db
ACCOUNTS = ("owner", "teacher", "teacher2", "packer", "moderator", "referrer", "student", "visitor")


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any, stand_in_server: StandIn) -> Iterator[StandIn]:
    """The whole demo in the test database, loaded once for this file and flushed after it."""
    from django.conf import settings

    assert connection.settings_dict["NAME"].startswith("test_")
    stand_in_server.reset()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "STRIPE_API_BASE", stand_in_server.base)
        load(say=print)
        yield stand_in_server
        database.restore()
        stand_in_server.reset()


def visit(who: str, path: str) -> Any:
    client = Client(HTTP_ACCEPT_LANGUAGE="zh-hant")
    if who:
        client.force_login(User.objects.get(email=f"{who}@demo.test"), backend="accounts.backends.AccountBackend")
    return client.get(path)


def counts() -> dict[str, int]:
    """Rows of every table but the sessions that these tests make."""
    kept = (model for model in apps.get_models() if model._meta.label != "sessions.Session")
    return {model._meta.label: model._default_manager.count() for model in kept}


def test_every_fixed_account_signs_in_with_the_password_of_the_demo(demo: StandIn) -> None:
    for name in ACCOUNTS:
        assert Client().login(username=f"{name}@demo.test", password="courseyard-demo"), name


def test_fixed_public_places_answer(demo: StandIn) -> None:
    for path in ("/courses/", "/courses/ukulele/", "/courses/coffee/", "/courses/calligraphy/", "/shop/", "/shop/ukulele/"):
        assert visit("", path).status_code == 200, path


def test_the_referrers_link_leads_to_the_course(demo: StandIn) -> None:
    answer = visit("", "/r/demo/")
    assert (answer.status_code, answer["Location"]) == (302, "/courses/ukulele/")


def test_day_one_is_open_to_everyone_and_day_two_is_not(demo: StandIn) -> None:
    assert "C 和弦" in visit("", "/courses/ukulele/day-1/").content.decode()
    assert visit("", "/courses/ukulele/day-2/").status_code != 200
    assert visit("visitor", "/courses/ukulele/day-2/").status_code == 403


def test_thirty_lessons_bear_the_fixed_names(demo: StandIn) -> None:
    slugs = list(Lesson.objects.filter(course__slug="ukulele").values_list("slug", flat=True))
    assert slugs == [f"day-{day}" for day in range(1, 31)]


def test_the_student_reads_today_and_not_yet_the_next_day(demo: StandIn) -> None:
    assert visit("student", "/courses/ukulele/day-14/").status_code == 200
    assert visit("student", "/courses/ukulele/day-15/").status_code != 200
    assert visit("student", "/learn/").status_code == 200


def test_every_lesson_has_its_picture_and_every_ukulele_lesson_its_clip(demo: StandIn) -> None:
    for page in LessonPage.objects.filter(live=True).select_related("lesson__course"):
        kinds = [block.value["media"].kind for block in page.body if block.block_type == "media"]
        wanted = {"image", "audio"} if page.lesson.course.slug == "ukulele" else {"image"}
        assert wanted <= set(kinds), page.title
    assert LessonPage.objects.filter(live=True).count() == 44


def test_every_clip_has_captions(demo: StandIn) -> None:
    clips = Media.objects.filter(course__slug="ukulele", kind="audio")
    assert clips
    assert all(clip.captions.get("zh-hant") for clip in clips)


def test_the_recording_of_a_lesson_comes_from_storage_by_a_signed_address(demo: StandIn) -> None:
    page = LessonPage.objects.get(lesson__course__slug="ukulele", lesson__slug="day-1")
    found = [block.value["media"] for block in page.body if block.block_type == "media"]
    clip = next(item for item in found if item.kind == "audio")
    answer = visit("", f"/courses/ukulele/day-1/media/{clip.pk}/")
    assert answer.status_code == 302
    assert "X-Amz-Signature" in answer["Location"]


def test_the_board_of_the_class_has_conversations_with_accepted_answers(demo: StandIn) -> None:
    page = visit("student", "/community/ukulele-class-1/")
    assert "換 F 的時候右手一定會停" in page.content.decode()
    assert visit("visitor", "/community/ukulele-class-1/").status_code == 404
    assert Topic.objects.filter(accepted_no__isnull=False, about__startswith="lesson:").count() >= 5


def test_topics_lie_in_the_past_in_the_order_of_their_posts(demo: StandIn) -> None:
    for topic in Topic.objects.all():
        moments = list(topic.posts.order_by("no").values_list("created_at", flat=True))
        assert moments == sorted(moments), topic.title


def test_orders_are_in_every_state_that_flows_can_reach(demo: StandIn) -> None:
    states = Counter(Order.objects.values_list("state", flat=True))
    assert {"awaiting", "processing", "paid", "cancelled", "expired", "review"} <= set(states)
    parcels = set(Shipment.objects.values_list("state", flat=True))
    assert parcels == {"to_pack", "shipped", "arrived", "delivered", "stopped"}


def test_a_kit_came_back_and_its_buyer_kept_the_course(demo: StandIn) -> None:
    order = Order.objects.get(email="hsiaohui@mail.test")
    seat, kit = order.lines.get().components.order_by("kind")
    assert (seat.refunded_net, kit.refunded_net, kit.returned) == (0, kit.net, 1)
    assert Enrolment.objects.get(source=order.holder).state == "active"


def test_a_full_refund_ended_the_seat(demo: StandIn) -> None:
    order = Order.objects.get(email="jianhong@mail.test")
    assert Enrolment.objects.get(source=order.holder).state == "revoked"


def test_every_state_of_commission_and_shares_is_there_and_the_first_payouts_are_paid(demo: StandIn) -> None:
    assert set(Commission.objects.values_list("state", flat=True)) == {"pending", "frozen", "available", "paid"}
    assert Commission.objects.filter(kind="reversal").exists()
    assert Attribution.objects.filter(state="held_self").count() == 1
    assert set(Earning.objects.values_list("state", flat=True)) == {"pending", "frozen", "available", "paid"}
    assert Earning.objects.filter(kind="reversal").exists()
    assert set(Payout.objects.values_list("state", flat=True)) == {"paid"}
    assert Payout.objects.filter(entries__earning__isnull=False).exists()
    assert Payout.objects.filter(entries__commission__isnull=False).exists()


def test_debits_equal_credits(demo: StandIn) -> None:
    sums = Counter[str]()
    for row in trial_balance():
        sums[row.currency] += row.amount
    assert set(sums.values()) == {0}
    assert len(trial_balance()) > 8


def test_each_course_has_classes_in_progress_open_and_full(demo: StandIn) -> None:
    free = {item.ref: item.free for item in StockItem.objects.filter(ref__startswith="cohort:")}
    for course in Course.objects.all():
        left = [free[cohort.seat_ref] for cohort in course.cohorts.all()]
        assert 0 in left
        assert max(left) > 0
    states = {ware.offer.slug: ware.state for ware in wares(Offer.objects.all())}
    assert (states["ukulele"], states["ukulele-weekend"]) == ("live", "sold_out")


def test_the_teachers_queue_and_the_certificates_are_not_empty(demo: StandIn) -> None:
    assert Submission.objects.filter(state="submitted").count() >= 3
    assert Submission.objects.filter(enrolment__user__email="student@demo.test", review__remarks__second=3).exists()
    certificate = Certificate.objects.filter(enrolment__cohort__slug="ukulele-first").first()
    assert certificate is not None
    assert visit("", f"/certificates/{certificate.uuid}/").status_code == 200


def test_the_visitor_has_bought_nothing(demo: StandIn) -> None:
    visitor = User.objects.get(email="visitor@demo.test")
    assert not visitor.orders.exists()
    assert not visitor.enrolments.exists()


def test_nothing_is_left_to_be_sent_and_nothing_failed_on_the_way(demo: StandIn) -> None:
    assert not OutboxMessage.objects.filter(done_at=None, due_at__lte=Order.objects.latest("pk").placed_at).exists()
    assert not WebhookEvent.objects.exclude(state__in=["done", "ignored"]).exists()


def test_loading_again_changes_nothing(demo: StandIn) -> None:
    before = counts()
    assert load(say=print) is False
    load(say=print, again=True)
    assert {label: (before[label], number) for label, number in counts().items() if before[label] != number} == {}


def test_the_clock_is_put_back(demo: StandIn, settings: Any) -> None:
    assert settings.CLOCK_OFFSET == 0
    assert demo.clock_offset == 0


def test_buyers_have_doors_that_exist_and_cards_of_their_own() -> None:
    for purchase in PURCHASES:
        door = door_of(purchase)
        assert door.chain or checked(door.parts)["postal_code"]
    assert len({card_of(purchase.who) for purchase in PURCHASES}) == len({purchase.who for purchase in PURCHASES})


def test_the_owner_can_refund_a_demo_order_at_the_stand_in(demo: StandIn) -> None:
    """Stands last: the stand-in keeps the refund, which the database forgets with the test."""
    order = Order.objects.get(email="bohan@mail.test")
    refund = refund_order(order=order, components=kit_only(order), actor=User.objects.get(email="owner@demo.test"), reason="try")
    assert (refund.state, refund.amount) == ("succeeded", 13000)
