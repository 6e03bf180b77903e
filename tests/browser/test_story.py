"""The story that must always work (PRODUCT.md), forwards and backwards, on a phone and on a desk."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from courses.models import Enrolment
from shop.orders.models import Order
from shop.referrals import flows as referrals
from shop.referrals.rules import Rules
from tests.browser import steps
from tests.browser.street import Street
from tests.factories import make_cohort, make_course, make_offer, make_sku

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def school(owner: User, teacher: User, packer: User, referrer: User) -> Any:
    """A course of three days with homework on the second, a ukulele in the box, a referrer with a link."""
    course = make_course(slug="ukulele", title="從零基礎到自由彈唱", teacher=teacher, lessons=3, homework_on=2)
    cohort = make_cohort(course=course, name="Class 1", slug="ukulele-class-1", start_rule="delivery")
    sku = make_sku(seller=teacher, code="UKE", on_hand=3)
    offer = make_offer(cohort=cohort, sku=sku, slug="ukulele", title="從零基礎到自由彈唱", price=59900, weights=(449, 150))
    programme = referrals.create_programme(name="Students bring students", rules=Rules())
    referrals.join_programme(user=referrer, programme=programme)
    referrals.create_link(owner=referrer, target="/courses/ukulele/", code="demo")
    return offer


def buy(page: Page, street: Street, mailbox: list[Any], shot: Any, *, email: str = "xiaoming@buyer.test") -> str:
    """From the shared link to a paid order; its number."""
    page.goto("/en/r/demo/")
    expect(page).to_have_url(re.compile(r"/en/courses/ukulele/$"))
    shot(page, "01-landing")
    steps.follow(page, "Try the first lesson free")
    expect(page.get_by_role("heading", name="Lesson 1")).to_be_visible()
    shot(page, "02-preview")
    page.goto("/en/courses/ukulele/")
    steps.press(page, "Buy now")
    expect(page).to_have_url(re.compile(r"/en/checkout/$"))
    steps.sign_up_at_the_checkout(page, email, mailbox)
    steps.fill_in_taiwan(page)
    shot(page, "03-checkout")
    steps.pay(page, street)
    shot(page, "04-order")
    return steps.order_number(page)


def send_parcel(page: Page, number: str, shot: Any) -> None:
    page.goto("/en/admin/shop/parcels/")
    shot(page, "05-parcels")
    page.goto(f"/en/admin/shop/parcels/{Order.objects.get(number=number).shipments.get().number}/")
    page.get_by_label("Carrier").select_option(index=1)
    page.get_by_label("Tracking number").fill("900123456789")
    steps.press(page, "Mark as sent")


def deliver_parcel(page: Page, number: str) -> None:
    page.goto(f"/en/admin/shop/parcels/{Order.objects.get(number=number).shipments.get().number}/")
    steps.press(page, "Mark as delivered")


def test_the_story_forwards(
    school: Any,
    open_window: Any,
    street: Street,
    shot: Any,
    clock: Any,
    mailoutbox: list[Any],
    owner: User,
    teacher: User,
    packer: User,
    referrer: User,
) -> None:
    student, desk = open_window(), open_window(packer)
    number = buy(student, street, mailoutbox, shot)
    student.goto("/en/learn/")
    expect(student.get_by_text("Day 1 begins when it is delivered").first).to_be_visible()

    send_parcel(desk, number, shot)
    student.goto(f"/en/orders/{number}/")
    expect(student.get_by_text("900123456789").first).to_be_visible()
    shot(student, "06-parcel-on-its-way")
    deliver_parcel(desk, number)

    learn(student, shot, clock)
    teach(open_window(teacher), shot)
    finish(student, open_window(), shot, clock)
    paid_out(open_window(owner), open_window(referrer), shot, clock, number)
    student.goto("/en/promote/")
    steps.press(student, "Agree and get my link")
    expect(student.get_by_role("heading", name="Your links")).to_be_visible()


def learn(page: Page, shot: Any, clock: Any) -> None:
    """Day 1 done, day 2 locked until it comes; a question, homework, check-in."""
    page.goto("/en/learn/")
    shot(page, "07-learn")
    steps.follow(page, "Go to today's lesson")
    steps.press(page, "Mark as done")
    page.goto("/en/courses/ukulele/day-2/")
    expect(page.get_by_text("The words of lesson 2")).to_have_count(0)
    shot(page, "08-not-open-yet")
    clock.advance(days=1)
    page.goto("/en/courses/ukulele/day-2/")
    expect(page.get_by_text("The words of lesson 2").first).to_be_visible()
    if not page.locator("#ask-title").is_visible():
        page.get_by_text("Ask a question").first.click()
    page.locator("#ask-title").fill("Why does my C buzz?")
    page.locator("#ask-source").fill("I press the third fret with the ring finger.")
    steps.press(page, "Ask my class")
    page.goto("/en/courses/ukulele/day-2/")
    page.locator("#homework-text").fill("My first four bars.")
    steps.press(page, "Hand in")
    steps.press(page, "Mark as done")
    shot(page, "09-lesson")
    page.goto("/en/learn/")
    steps.press(page, "Check in")
    expect(page.get_by_text("Checked in today").first).to_be_visible()


def teach(page: Page, shot: Any) -> None:
    """The teacher answers on the board, accepts the homework."""
    page.goto("/en/teach/")
    shot(page, "10-teach")
    page.goto("/en/teach/questions/")
    steps.follow(page, "Why does my C buzz?")
    page.get_by_label("Your reply").fill("Press **behind** the fret, not on it.")
    steps.press(page, "Reply")
    steps.press(page, "This is the answer")
    shot(page, "11-topic")
    page.goto("/en/teach/homework/")
    page.locator("main a[href*='/teach/homework/']").locator("visible=true").last.click()
    page.get_by_label("Your answer").fill("Well played, keep the beat.")
    page.get_by_label("Accept: well done").check()
    steps.press(page, "Send the answer")


def finish(page: Page, stranger: Page, shot: Any, clock: Any) -> None:
    """The answer shows in both places; the last lesson brings the certificate, which a stranger verifies."""
    page.goto("/en/courses/ukulele/day-2/")
    expect(page.locator("#questions").get_by_text("behind", exact=True)).to_be_visible()
    page.goto("/en/community/ukulele-class-1/")
    expect(page.get_by_text("Why does my C buzz?").first).to_be_visible()
    shot(page, "12-board")
    clock.advance(days=1)
    page.goto("/en/courses/ukulele/day-3/")
    steps.press(page, "Mark as done")
    page.goto("/en/learn/")
    steps.follow(page, "See your certificate")
    stranger.goto(page.url)
    expect(stranger.get_by_text("Verified").first).to_be_visible()
    expect(stranger.get_by_text("王小明").first).to_be_visible()
    shot(stranger, "13-certificate")


def paid_out(boss: Page, referrer: Page, shot: Any, clock: Any, number: str) -> None:
    """The hold ends, the owner pays, the referrer sees why."""
    referrer.goto("/en/promote/")
    expect(referrer.get_by_text(number).first).to_be_visible()
    clock.advance(days=8)
    assert referrals.release_held_commissions() == 2
    boss.goto("/en/admin/shop/payouts/")
    steps.follow(boss, "Look at the next run")
    steps.press(boss, "Prepare payouts")
    boss.locator("a[href*='/shop/payouts/']").filter(has_text="CY-P-").first.click()
    steps.press(boss, "It was paid")
    shot(boss, "14-payout")
    referrer.goto("/en/promote/")
    shot(referrer, "15-promote")
    expect(referrer.get_by_text("¥142.20").first).to_be_visible()
    boss.goto("/en/admin/shop/ledger/")
    expect(boss.get_by_text("does not balance")).to_have_count(0)
    shot(boss, "16-ledger")


def test_the_story_backwards(
    school: Any,
    open_window: Any,
    street: Street,
    shot: Any,
    clock: Any,
    mailoutbox: list[Any],
    owner: User,
    packer: User,
    referrer: User,
) -> None:
    student, desk, boss = open_window(), open_window(packer), open_window(owner)
    number = buy(student, street, mailoutbox, shot)
    send_parcel(desk, number, shot)
    deliver_parcel(desk, number)

    # The kit comes back, the course stays: exactly its share.
    student.goto(f"/en/orders/{number}/")
    student.get_by_text("Send back").first.click()
    steps.press(student, "Ask for a return")
    desk.goto("/en/admin/shop/returns/")
    shot(desk, "21-returns")
    steps.press(desk, "Inspected")
    assert steps.refund(boss, number, "Only the goods: the course stays") == "¥150"
    street.deliver_webhooks()
    student.goto("/en/courses/ukulele/day-1/")
    expect(student.get_by_text("The words of lesson 1").first).to_be_visible()
    student.goto(f"/en/orders/{number}/")
    shot(student, "22-kit-returned")
    page = open_window(referrer)
    page.goto("/en/promote/")
    expect(page.get_by_text("-¥7.50").first).to_be_visible()

    # Everything comes back: lessons, board and seat close together.
    clock.advance(days=1)
    student.goto("/en/courses/ukulele/day-2/")
    expect(student.get_by_text("The words of lesson 2").first).to_be_visible()
    assert steps.refund(boss, number, "Everything: course, goods and delivery") == "¥449"
    street.deliver_webhooks()
    assert Enrolment.objects.get().state == Enrolment.State.REVOKED
    for address, status in (("/en/courses/ukulele/day-2/", 403), ("/en/community/ukulele-class-1/", 404)):
        answer = student.goto(address)
        assert answer is not None
        assert answer.status == status
        expect(student.get_by_text("The words of lesson 2")).to_have_count(0)
    shot(student, "23-closed")
    boss.goto(f"/en/admin/shop/orders/{number}/")
    shot(boss, "24-refunded-order")
    boss.goto("/en/admin/shop/ledger/")
    expect(boss.get_by_text("does not balance")).to_have_count(0)
