"""A teacher's own account at Stripe, opened from /teach/income/."""

from typing import Any

import pytest

from kit.models import AuditEntry
from shop.payouts.models import PayeeAccount
from tests.stripe_stand_in.faults import Fault

pytestmark = pytest.mark.django_db
PAGE = "/teach/income/"
START = "/teach/income/account/"


def _read(browser: Any) -> str:
    return str(browser.get(PAGE, headers={"Accept-Language": "en"}).content.decode())


def test_a_teacher_opens_an_account_and_stripe_tells_when_it_is_ready(till: Any, teacher: Any, client_of: Any) -> None:
    browser = client_of(teacher)
    assert "Open an account at Stripe" in _read(browser)
    response = browser.post(START, {"country": "GB"})
    account = PayeeAccount.objects.get(user=teacher)
    assert response["Location"] == f"{till.stand_in.base}/setup/{account.account_id}"
    assert "still needs something" in _read(browser)
    browser.post(START, {"country": "GB"})
    assert len(list(till.stand_in.world.store.oldest_first("account"))) == 1
    till.stand_in.finish_setup(account.account_id)
    till.deliver()
    assert "your account is ready" in _read(browser)
    trail = AuditEntry.objects.filter(action="payee.account", target=f"user:{teacher.pk}").order_by("pk")
    assert [line.actor_id for line in trail] == [teacher.pk, None]


def test_a_time_out_makes_one_account(till: Any, teacher: Any, client_of: Any) -> None:
    browser = client_of(teacher)
    till.stand_in.faults.add(Fault(silent=True, after_work=True, path="/v1/accounts", method="POST"))
    assert browser.post(START, {"country": "GB"})["Location"] == PAGE
    assert PayeeAccount.objects.get().account_id is None
    assert browser.post(START, {"country": "GB"})["Location"].startswith(till.stand_in.base)
    assert len(list(till.stand_in.world.store.oldest_first("account"))) == 1


def test_where_stripe_pays_nobody_another_country_may_be_tried(till: Any, teacher: Any, client_of: Any) -> None:
    browser = client_of(teacher)
    page = browser.post(START, {"country": "TW"}, follow=True, headers={"Accept-Language": "en"}).content.decode()
    assert "Stripe cannot pay you there" in page
    assert not PayeeAccount.objects.exists()
    assert browser.post(START, {"country": "GB"})["Location"].startswith(till.stand_in.base)


def test_who_cut_us_off_may_open_another_account(till: Any, teacher: Any, client_of: Any) -> None:
    browser = client_of(teacher)
    browser.post(START, {"country": "GB"})
    first = PayeeAccount.objects.get().account_id
    till.stand_in.finish_setup(first)
    till.stand_in.deauthorize(first)
    till.deliver()
    assert "Open an account at Stripe" in _read(browser)
    browser.post(START, {"country": "GB"})
    assert PayeeAccount.objects.get().account_id not in (None, first)


def test_an_account_that_is_nobodys_here_is_parked(till: Any) -> None:
    import stripe as sdk

    from shop.payments.models import WebhookEvent

    client = sdk.StripeClient("sk_test_x", base_addresses={"api": till.stand_in.base})
    account = client.v1.accounts.create({"type": "standard"})
    till.stand_in.change_account(account.id, payouts_enabled=False)
    till.deliver()
    assert WebhookEvent.objects.get(type="account.updated").state == "parked"


def test_strangers_open_no_account(till: Any, student: Any, client: Any, client_of: Any) -> None:
    assert "login" in client.post(START, {"country": "GB"})["Location"]
    assert client_of(student).post(START, {"country": "GB"}).status_code == 404
    assert client_of(student).get(START).status_code in (404, 405)
    assert not PayeeAccount.objects.exists()
