"""Where a payee is paid: asked when money is due, proven again before a change, at rest for 72 hours after it."""

from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from kit.models import AuditEntry
from notices.models import Notice
from shop.payouts.flows import (
    CannotChange,
    connect_payee,
    end_account,
    mark_paid,
    name_bank,
    prepare_payouts,
    transfer_payout,
)
from shop.payouts.models import PayeeAccount, PayeeBank, Payout
from shop.payouts.reads import to_transfer
from tests.factories import make_user
from tests.payouts.conftest import Earn

pytestmark = pytest.mark.django_db
BANK = {"holder": "Mei Lin", "bank": "First Bank, Taipei", "account": "0001 2345 6789"}
OTHER = {"holder": "Mei Lin", "bank": "Second Bank", "account": "9999 8888 7777"}


def signed_in(user: Any) -> Client:
    """A browser in which that person has just shown the password."""
    browser = Client()
    browser.post("/accounts/login/", {"login": user.email, "password": "courseyard-demo"})
    return browser


@pytest.fixture
def due(earn: Earn, owner: Any) -> Payout:
    earn()
    (payout,) = prepare_payouts(actor=owner)
    return payout


def test_nobody_is_asked_for_bank_details_before_money_is_due(referrer: Any, client_of: Any, earn: Earn) -> None:
    browser = client_of(referrer)
    assert "/promote/payouts/bank/" not in browser.get("/promote/").content.decode()
    assert "/promote/payouts/bank/" not in browser.get("/promote/payouts/").content.decode()
    assert browser.get("/promote/payouts/bank/").status_code == 404


def test_once_money_is_due_one_is_asked_and_the_bank_file_says_where(
    due: Payout, referrer: Any, client_of: Any, owner: Any
) -> None:
    notice = Notice.objects.get(user=referrer, key=f"payout:{due.pk}:where")
    assert notice.url == "/promote/payouts/"
    assert "/promote/payouts/bank/" in client_of(referrer).get("/promote/").content.decode()
    browser = signed_in(referrer)
    assert browser.post("/promote/payouts/bank/", {**BANK, "account": "=1"}).status_code == 422
    assert browser.post("/promote/payouts/bank/", BANK).status_code == 302
    assert "0001 2345 6789" in client_of(owner).get("/admin/shop/payouts/payouts.csv").content.decode()
    page = browser.get("/en/promote/payouts/").content.decode()
    assert "6789" in page
    assert "0001 2345" not in page


def test_who_has_named_a_bank_is_not_asked_again(referrer: Any, earn: Earn, owner: Any) -> None:
    name_bank(user=referrer, **BANK)
    earn()
    (payout,) = prepare_payouts(actor=owner)
    assert not Notice.objects.filter(key=f"payout:{payout.pk}:where").exists()


def test_a_borrowed_browser_must_prove_who_it_is(due: Payout, referrer: Any, client_of: Any) -> None:
    response = client_of(referrer).post("/promote/payouts/bank/", BANK)
    assert response.status_code == 302
    assert "next=%2Fpromote%2Fpayouts%2Fbank%2F" in response.headers["Location"]
    assert not PayeeBank.objects.exists()


def test_the_first_details_are_paid_to_at_once_and_changed_ones_rest_for_72_hours(due: Payout, referrer: Any, clock: Any) -> None:
    name_bank(user=referrer, **BANK)
    assert [row.bank.account for row in to_transfer()] == [BANK["account"]]
    name_bank(user=referrer, **OTHER)
    name_bank(user=referrer, **OTHER)
    assert to_transfer() == []
    assert Notice.objects.filter(user=referrer, key__startswith="payee.bank:").count() == 1
    clock.advance(hours=71, minutes=59)
    assert to_transfer() == []
    clock.advance(minutes=2)
    assert [row.bank.account for row in to_transfer()] == [OTHER["account"]]
    assert PayeeBank.objects.count() == 2, "the old details stay on record"


def test_a_change_is_in_the_trail_without_the_number(due: Payout, referrer: Any) -> None:
    name_bank(user=referrer, **BANK)
    entry = AuditEntry.objects.get(action="payee.bank")
    assert entry.actor_id == referrer.pk
    assert "2345" not in str(entry.after)


def test_an_account_at_stripe_that_replaces_another_one_rests_too(
    due: Payout, referrer: Any, till: Any, owner: Any, clock: Any
) -> None:
    def connect() -> None:
        connect_payee(user=referrer, country="GB", return_url="http://site.test/back/")
        till.stand_in.finish_setup(PayeeAccount.objects.get().account_id)
        till.deliver()

    connect()
    assert PayeeAccount.objects.get().rests_until is None
    assert end_account(account_id=str(PayeeAccount.objects.get().account_id))
    assert name_bank(user=referrer, **BANK).rests_until is not None, "the bank in place of the account rests as well"
    connect()
    with pytest.raises(CannotChange, match="72"):
        transfer_payout(payout=due, actor=owner)
    clock.advance(hours=73)
    assert transfer_payout(payout=due, actor=owner).state == "paid"


def test_a_statement_names_every_line_and_the_sum(due: Payout, referrer: Any, owner: Any) -> None:
    import io

    mark_paid(payout=due, actor=owner)
    response = signed_in(referrer).get(f"/en/promote/payouts/{due.pk}/statement.pdf")
    pages = PdfReader(io.BytesIO(response.content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\x00", "")
    assert f"CY-P-{due.pk}" in text
    assert "147.20" in text
    for entry in due.entries.all():
        assert entry.line.component.line.order.number in text


def test_payouts_statements_and_details_are_ones_own(due: Payout, referrer: Any, client_of: Any) -> None:
    stranger = client_of(make_user())
    assert stranger.get(f"/promote/payouts/{due.pk}/statement.pdf").status_code == 404
    assert f"CY-P-{due.pk}" not in stranger.get("/promote/payouts/").content.decode()
    assert stranger.get("/promote/payouts/bank/").status_code == 404
    for path in ("/promote/payouts/", "/promote/payouts/bank/", f"/promote/payouts/{due.pk}/statement.pdf"):
        assert Client().get(path).status_code == 302


@pytest.mark.parametrize("rows", [2, 60])
def test_the_page_asks_the_same_for_few_payouts_and_many(
    due: Payout, referrer: Any, client_of: Any, rows: int, django_assert_max_num_queries: Any
) -> None:
    Payout.objects.bulk_create(
        Payout(payee=referrer, currency="CNY", amount=1, key=f"x{n}", state="failed", created_at=due.created_at)
        for n in range(rows)
    )
    browser = client_of(referrer)
    with django_assert_max_num_queries(10):
        browser.get("/promote/payouts/")
