"""/admin/shop/payouts/."""

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.checkout.flows import kit_only, refund_order, release_holds
from shop.payouts.flows import change_split, mark_failed, mark_paid, name_bank, prepare_payouts
from shop.payouts.models import Earning, Payout
from shop.referrals.flows import freeze
from tests.payouts.conftest import Earn

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/payouts/"


def test_the_owner_sees_who_is_owed_before_anything_is_prepared(earn: Earn, owner: Any, referrer: Any, client_of: Any) -> None:
    earn()
    page = client_of(owner).get(LIST).content.decode()
    assert referrer.email in page
    assert "¥147.20" in page
    assert not Payout.objects.exists()


def test_the_bank_file_lists_prepared_payouts_and_runs_nothing(earn: Earn, owner: Any, referrer: Any, client_of: Any) -> None:
    referrer.name = "=HYPERLINK(1)"
    referrer.save()
    name_bank(user=referrer, holder="+1", bank="CTBC", account="0001")
    earn()
    browser = client_of(owner)
    browser.post(f"{LIST}prepare/")
    response = browser.get(f"{LIST}payouts.csv")
    assert response["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    payout = Payout.objects.get()
    assert rows[1:] == [[f"CY-P-{payout.pk}", "'=HYPERLINK(1)", referrer.email, "CNY", "147.20", "'+1", "CTBC", "0001"]]


def test_the_owner_says_what_the_bank_did(earn: Earn, owner: Any, client_of: Any) -> None:
    earn()
    browser = client_of(owner)
    browser.post(f"{LIST}prepare/")
    payout = Payout.objects.get()
    browser.post(f"{LIST}{payout.pk}/settle/", {"action": "paid", "transfer_id": "B-7"})
    payout.refresh_from_db()
    assert (payout.state, payout.transfer_id) == ("paid", "B-7")
    assert "B-7" in browser.get(f"{LIST}{payout.pk}/").content.decode()
    browser.post(f"{LIST}{payout.pk}/settle/", {"action": "failed", "reason": "Account closed"})
    payout.refresh_from_db()
    assert payout.state == "failed"
    page = browser.post(f"{LIST}{payout.pk}/settle/", {"action": "paid"}, follow=True).content.decode()
    payout.refresh_from_db()
    assert payout.state == "failed"
    assert "This payout failed" in page


def test_a_payout_with_a_disputed_order_is_marked_and_not_in_the_file(earn: Earn, owner: Any, client_of: Any) -> None:
    order = earn()
    (payout,) = prepare_payouts(actor=owner)
    freeze(order=order)
    browser = client_of(owner)
    assert "Do not send" in browser.get(f"{LIST}{payout.pk}/").content.decode()
    assert f"CY-P-{payout.pk}," not in browser.get(f"{LIST}payouts.csv").content.decode()


def test_the_list_asks_the_same_for_ten_payouts_and_for_a_thousand(earn: Earn, owner: Any, client_of: Any) -> None:
    earn()
    (payout,) = prepare_payouts(actor=owner)
    mark_paid(payout=payout, actor=owner)
    mark_failed(payout=payout, actor=owner)
    browser, counts = client_of(owner), []
    for wanted in (10, 1000):
        Payout.objects.bulk_create(
            Payout(
                payee=payout.payee,
                currency="CNY",
                amount=1,
                key=f"copy-{n}",
                state="prepared",
                created_at=payout.created_at,
            )
            for n in range(Payout.objects.count(), wanted)
        )
        browser.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            browser.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 16


def test_the_preview_shows_who_gets_what_from_which_lines_and_the_bank_file(
    earn: Earn, till: Any, bundle: Any, referrer: Any, teacher: Any, owner: Any, client_of: Any, settings: Any
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    first = earn()
    release_holds()
    for payout in prepare_payouts(actor=owner):
        mark_paid(payout=payout, actor=owner)
    refund_order(order=first, components=kit_only(first), actor=owner, reason="kit back")
    till.deliver()
    second = earn()
    release_holds()
    settings.PAYOUT_MINIMUMS = {"CNY": 20000}
    page = client_of(owner).get(f"{LIST}preview/").content.decode()
    lines = list(teacher.earnings.filter(state="available"))
    offset = sum(line.amount for line in lines if line.amount < 0)
    total = sum(line.amount for line in lines)
    assert offset < 0
    assert f"<td>{total / 100:.2f}</td>" in page
    assert f"-¥{-offset / 100:.2f}" in page
    assert f"<td>{teacher.email}</td>" in page
    assert f"<td>{referrer.email}</td>" not in page, "below the minimum: not in the file"
    assert "waits for ¥200" in page
    assert first.number in page
    assert second.number in page
    assert not Payout.objects.filter(state="prepared").exists()
    assert [row.amount for row in prepare_payouts(actor=owner)] == [total]


def test_the_bank_file_holds_teachers_shares(earn: Earn, bundle: Any, teacher: Any, owner: Any, client_of: Any) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    name_bank(user=teacher, holder="Teacher", bank="CTBC", account="0002")
    earn()
    release_holds()
    browser = client_of(owner)
    browser.post(f"{LIST}prepare/")
    payout = Payout.objects.get(payee=teacher)
    assert f"CY-P-{payout.pk}," in browser.get(f"{LIST}payouts.csv").content.decode()
    assert "Teacher's share" in browser.get(f"{LIST}{payout.pk}/").content.decode()


@pytest.mark.parametrize("path", ["", "preview/", "payouts.csv", "prepare/"])
def test_strangers_see_no_payouts(teacher: Any, packer: Any, client: Any, client_of: Any, path: str) -> None:
    for browser in (client, client_of(teacher), client_of(packer)):
        assert browser.get(LIST + path).status_code in (302, 405)
        assert browser.post(LIST + path).status_code in (302, 403, 405)


def test_the_preview_asks_the_same_for_two_lines_and_for_three_hundred(
    earn: Earn, bundle: Any, teacher: Any, owner: Any, client_of: Any
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    earn()
    release_holds()
    browser, counts, line = client_of(owner), [], Earning.objects.earliest("pk")
    fields = {field.attname: getattr(line, field.attname) for field in Earning._meta.fields if not field.primary_key}
    for more in (0, 300):
        Earning.objects.bulk_create(Earning(**{**fields, "number": 10 + number}) for number in range(more))
        browser.get(f"{LIST}preview/")
        with CaptureQueriesContext(connection) as queries:
            page = browser.get(f"{LIST}preview/").content.decode()
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 22
    assert "and 294 more lines" in page
