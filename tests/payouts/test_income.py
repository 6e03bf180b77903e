"""/teach/income/ and its sums on /teach/: what a teacher earned, and why; nobody else's."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kit.clock import now
from shop.checkout.flows import kit_only, refund_order, release_holds
from shop.payouts.flows import change_split, mark_paid, prepare_payouts
from shop.payouts.models import Earning
from tests.payouts.conftest import Earn

pytestmark = pytest.mark.django_db
PAGE = "/teach/income/"


@pytest.fixture
def shared(bundle: Any, teacher: Any, owner: Any) -> Any:
    change_split(offer=bundle, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    return bundle


def _read(browser: Any, path: str = PAGE) -> str:
    return str(browser.get(path, headers={"Accept-Language": "en"}).content.decode())


def test_each_line_says_what_why_and_when(till: Any, shared: Any, teacher: Any, owner: Any, client_of: Any) -> None:
    order = till.bought(shared)
    browser = client_of(teacher)
    page = _read(browser)
    assert order.number in page
    assert "The parcel has not been delivered yet." in page
    refund_order(order=order, components=kit_only(order), actor=owner, reason="kit back")
    till.deliver()
    assert "The buyer got this money back" in _read(browser)
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    assert "The buyer&#x27;s bank is asking questions" in _read(browser)


def test_what_is_waiting_free_and_paid_is_told_apart(
    earn: Earn, shared: Any, teacher: Any, owner: Any, client_of: Any, clock: Any
) -> None:
    earn()
    browser = client_of(teacher)
    page, free = _read(browser), Earning.objects.earliest("pk").available_at
    assert "The buyer may still return the order." in page
    assert f'datetime="{free.astimezone(ZoneInfo("Asia/Taipei")):%Y-%m-%dT%H:%M}' in page  # type: ignore[union-attr]
    release_holds()
    clock.advance(days=3)
    assert "The time for refunds and returns is over." in _read(browser)
    for payout in prepare_payouts(actor=owner):
        mark_paid(payout=payout, actor=owner)
    page = _read(browser)
    assert "Paid out to you." in page
    assert f'datetime="{now().astimezone(ZoneInfo("Asia/Taipei")):%Y-%m-%d}' in page
    earned = sum(Earning.objects.values_list("amount", flat=True))
    assert f"¥{earned // 100}" in page
    assert f"¥{earned // 100}" in _read(browser, "/teach/")


def test_another_teacher_sees_nothing_of_it(till: Any, shared: Any, teacher2: Any, client_of: Any) -> None:
    order = till.bought(shared)
    page = _read(client_of(teacher2))
    assert order.number not in page
    assert "¥" not in page
    assert "Income" not in _read(client_of(teacher2), "/teach/")


def test_strangers_find_nothing(shared: Any, student: Any, client: Any, client_of: Any) -> None:
    assert client.get(PAGE).status_code == 302
    assert client_of(student).get(PAGE).status_code == 404


def test_who_teaches_no_more_still_sees_what_was_earned(shared: Any, teacher: Any, client_of: Any) -> None:
    teacher.groups.clear()
    assert client_of(teacher).get(PAGE).status_code == 200


def test_it_asks_the_same_for_two_lines_and_for_three_hundred(till: Any, shared: Any, teacher: Any, client_of: Any) -> None:
    till.bought(shared)
    browser, counts, line = client_of(teacher), [], Earning.objects.earliest("pk")
    fields = {field.attname: getattr(line, field.attname) for field in Earning._meta.fields if not field.primary_key}
    for more in (0, 300):
        Earning.objects.bulk_create(Earning(**{**fields, "number": 10 + number}) for number in range(more))
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12
    assert f"?before={Earning.objects.order_by('-pk')[29].pk}" in _read(browser)
