"""The owner's pages: programmes with versioned rules, applications, price floors, the fraud queue, disputes, corrections."""

from typing import Any

import pytest

from kit.clock import now
from kit.models import AuditEntry
from notices.models import Notice
from shop.referrals import flows
from shop.referrals.models import Admission, Agreement, Attribution, Commission, Objection, Programme, Suspicion
from shop.referrals.rules import Rules
from tests.factories import make_coupon, make_user

pytestmark = pytest.mark.django_db
FORM = {
    "name": "Bring a friend", "joining": "open", "is_open": "on", "jurisdiction": "CN", "seat": "30", "stock": "5", "bonus": "",
    "vest_share": "0", "vest_day": "7", "window_days": "30", "levels": "1", "text": "All of it.",
}  # fmt: skip


@pytest.fixture
def browser(owner: Any, client_of: Any) -> Any:
    return client_of(owner)


def test_a_programme_is_made_and_its_next_version_counts_from_then_on(browser: Any, owner: Any) -> None:
    assert browser.post("/admin/shop/programmes/new/", FORM).status_code == 302
    row = Programme.objects.get()
    change = {**FORM, "seat": "12.5", "bonus": "5.00", "vest_share": "50", "everyday": "599", "new_customers_only": "on"}
    for _again in range(2):
        assert browser.post(f"/admin/shop/programmes/{row.pk}/", change).status_code == 302
    first, second = row.versions.order_by("number")
    assert (first.rules["rates"]["seat"], first.text) == (3000, "All of it.")
    rules = Rules.from_json(second.rules)
    assert (rules.rates["seat"], rules.bonus, rules.vest_share, rules.floors) == (
        1250,
        {"CNY": 500},
        5000,
        {"everyday": {"CNY": 59900}},
    )
    assert AuditEntry.objects.filter(action="programme.rules", actor_id=owner.pk).count() == 2


@pytest.mark.parametrize(
    ("wrong", "said"), [({"levels": "2"}, "第七条(三)"), ({"join_fee": "10"}, "第七条(二)"), ({"per_recruit": "1"}, "第七条(一)")]
)
def test_an_illegal_plan_is_refused_on_the_page_with_its_source(browser: Any, wrong: dict[str, str], said: str) -> None:
    page = browser.post("/admin/shop/programmes/new/", {**FORM, **wrong})
    assert said in page.content.decode()
    assert not Programme.objects.exists()


def test_prices_and_coupons_below_the_agreed_floor_are_named(browser: Any, bundle: Any) -> None:
    floors = {"everyday": {"CNY": 60000}, "campaign": {"CNY": 55000}}
    row = flows.create_programme(name="Floor", rules=Rules(floors=floors))
    make_coupon("DEEP10", percent=1000)
    make_coupon("MILD05", percent=500)
    page = browser.get(f"/en/admin/shop/programmes/{row.pk}/").content.decode()
    assert "¥599" in page
    assert "DEEP10" in page
    assert "MILD05" not in page
    flows.change_rules(programme=row, rules=Rules(), actor=None)
    assert "DEEP10" not in browser.get(f"/en/admin/shop/programmes/{row.pk}/").content.decode()


def test_applications_invitations_and_ends_are_the_owners(browser: Any, student: Any) -> None:
    row = flows.create_programme(name="Chosen", rules=Rules(), joining="application")
    flows.apply_to_join(user=student, programme=row, message="My group")
    assert "My group" in browser.get(f"/en/admin/shop/programmes/{row.pk}/").content.decode()
    browser.post(f"/admin/shop/applications/{Admission.objects.get().pk}/", {"action": "accept", "reason": ""})
    agreement = flows.join_programme(user=student, programme=row)
    browser.post(f"/admin/shop/agreements/{agreement.pk}/end/", {"reason": ""})
    assert Agreement.objects.get().ended_at is None
    browser.post(f"/admin/shop/agreements/{agreement.pk}/end/", {"reason": "Below the floor"})
    assert Agreement.objects.get().ended_at is not None
    guest = make_user()
    browser.post(f"/admin/shop/programmes/{row.pk}/invite/", {"email": guest.email.upper()})
    assert Admission.objects.get(user=guest).state == "invited"
    browser.post(f"/admin/shop/programmes/{row.pk}/invite/", {"email": "nobody@demo.test"})
    assert Admission.objects.count() == 2


@pytest.fixture
def sold(till: Any, bundle: Any, visitor_of_referrer: Any) -> Attribution:
    return Attribution.objects.get(order=till.bought(bundle, visitor=visitor_of_referrer))


@pytest.mark.parametrize(("action", "left"), [("dismiss", 14720), ("uphold", 0)])
def test_the_fraud_queue_shows_evidence_and_takes_a_decision_with_a_reason(
    browser: Any, sold: Attribution, action: str, left: int
) -> None:
    row = Suspicion.objects.create(
        key="x", kind="clicks", referrer=sold.referrer, evidence={"clicks": 77, "link": "demo"}, opened_at=now()
    )
    row.covers.add(sold)
    flows.freeze(order=sold.order)
    page = browser.get("/en/admin/shop/fraud/").content.decode()
    assert "77" in page
    assert "Clicks from one address" in page
    browser.post(f"/admin/shop/fraud/{row.pk}/", {"action": action, "reason": ""})
    row.refresh_from_db()
    assert row.state == "open"
    browser.post(f"/admin/shop/fraud/{row.pk}/", {"action": action, "reason": "I looked"})
    assert sum(Commission.objects.values_list("amount", flat=True)) == left


def test_a_receipt_is_disputed_within_thirty_days_and_answered(
    browser: Any, sold: Attribution, client_of: Any, clock: Any, student: Any
) -> None:
    mine, address = client_of(sold.referrer), f"/promote/receipts/{sold.order.number}/"
    assert client_of(student).post(f"{address}dispute/", {"text": "Mine"}).status_code == 404
    mine.post(f"{address}dispute/", {"text": ""})
    assert not Objection.objects.exists()
    mine.post(f"{address}dispute/", {"text": "My sister used my coupon too"})
    mine.post(f"{address}dispute/", {"text": "Again"})
    row = Objection.objects.get()
    assert "My sister" in browser.get("/en/admin/shop/fraud/").content.decode()
    browser.post(f"/admin/shop/objections/{row.pk}/", {"action": "uphold", "answer": "You are right: corrected."})
    assert "You are right" in mine.get(f"/en{address}").content.decode()
    assert Notice.objects.filter(user=sold.referrer, key=f"objection:{row.pk}").count() == 1
    assert AuditEntry.objects.get(action="objection.answered").reason == "You are right: corrected."
    row.delete()
    clock.advance(days=31)
    mine.post(f"{address}dispute/", {"text": "Too late"})
    assert not Objection.objects.exists()


def test_a_correction_by_hand_needs_amount_and_reason(browser: Any, sold: Attribution, till: Any) -> None:
    address = f"/admin/shop/commissions/{sold.pk}/correct/"
    for wrong in ({"amount": "", "reason": "x"}, {"amount": "5", "reason": ""}, {"amount": "abc", "reason": "x"}):
        browser.post(address, wrong)
    assert not Commission.objects.filter(kind="adjustment").exists()
    browser.post(address, {"amount": "-5.00", "reason": "Two posters"})
    line = Commission.objects.get(kind="adjustment")
    assert (line.amount, line.note) == (-500, "Two posters")
    assert "Two posters" in browser.get("/en/admin/shop/commissions/").content.decode()
    till.check_books()


@pytest.mark.parametrize(
    "path", ["/admin/shop/programmes/", "/admin/shop/programmes/new/", "/admin/shop/fraud/", "/admin/shop/programmes/1/"]
)
def test_strangers_see_nothing_of_it(path: str, client_of: Any, student: Any, packer: Any) -> None:
    for user in (student, packer):
        assert client_of(user).get(path).status_code in {302, 403}


def test_lists_ask_the_same_for_few_rows_and_many(browser: Any, student: Any, django_assert_max_num_queries: Any) -> None:
    for _round in range(2):
        for path in ("/admin/shop/programmes/", "/admin/shop/fraud/"):
            with django_assert_max_num_queries(20):
                browser.get(path)
        for number in range(15):
            flows.create_programme(name=f"P{_round}-{number}", rules=Rules())
            Suspicion.objects.create(
                key=f"k{_round}-{number}", kind="clicks", referrer=student, evidence={"clicks": 1}, opened_at=now()
            )
