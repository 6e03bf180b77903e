"""A large payout leaves only after a second person has agreed (DISTRIBUTION.md, 13; PAYOUT_APPROVAL_FROM)."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.roles import OWNER, give_role
from kit.clock import now
from kit.models import AuditEntry
from shop.payouts.flows import CannotChange, approve, mark_failed, mark_paid, name_bank, prepare_payouts, transfer_payout
from shop.payouts.models import PayeeAccount, Payout
from shop.payouts.reads import can_transfer, payouts, to_transfer
from tests.factories import make_user
from tests.payouts.conftest import Earn

pytestmark = pytest.mark.django_db
LIST = "/admin/shop/payouts/"
EACH = 14720


@pytest.fixture
def second_owner() -> Any:
    user = make_user()
    give_role(user=user, role=OWNER)
    return user


@pytest.fixture
def large(earn: Earn, referrer: Any, owner: Any, settings: Any) -> Payout:
    """A prepared payout of exactly the limit, to a named bank."""
    settings.PAYOUT_APPROVAL_FROM = {"CNY": EACH}
    name_bank(user=referrer, holder="陳小美", bank="CTBC", account="0001 2345 6789")
    earn()
    (payout,) = prepare_payouts(actor=owner)
    return payout


def test_it_is_in_no_bank_file_until_a_second_owner_has_approved_it(large: Payout, second_owner: Any) -> None:
    assert to_transfer() == []
    approve(payout=large, actor=second_owner)
    assert to_transfer() == [large]


def test_it_cannot_be_called_paid_before(large: Payout, owner: Any, second_owner: Any) -> None:
    with pytest.raises(CannotChange):
        mark_paid(payout=large, actor=owner)
    approve(payout=large, actor=second_owner)
    assert mark_paid(payout=large, actor=owner).state == Payout.State.PAID


def test_stripe_does_not_send_it_before(large: Payout, referrer: Any, owner: Any, second_owner: Any) -> None:
    PayeeAccount.objects.create(user=referrer, country="TW", key="k", account_id="acct_1", payouts_enabled=True, created_at=now())
    assert not can_transfer(payouts().get(pk=large.pk))
    with pytest.raises(CannotChange):
        transfer_payout(payout=large, actor=owner)
    large.refresh_from_db()
    assert (large.state, large.transfer_key) == ("prepared", None)
    approve(payout=large, actor=second_owner)
    assert can_transfer(payouts().get(pk=large.pk))


def test_who_prepared_it_cannot_approve_it(large: Payout, owner: Any) -> None:
    with pytest.raises(CannotChange):
        approve(payout=large, actor=owner)
    with pytest.raises(IntegrityError), transaction.atomic():
        Payout.objects.filter(pk=large.pk).update(approved_by=owner)
    assert to_transfer() == []


def test_one_that_failed_is_not_approved_any_more(large: Payout, owner: Any, second_owner: Any) -> None:
    mark_failed(payout=large, actor=owner, reason="wrong name")
    with pytest.raises(CannotChange):
        approve(payout=large, actor=second_owner)


def test_below_the_limit_one_person_is_enough(large: Payout, owner: Any, settings: Any) -> None:
    settings.PAYOUT_APPROVAL_FROM = {"CNY": EACH + 1}
    assert to_transfer() == [large]
    mark_paid(payout=large, actor=owner)


def test_two_owners_do_it_on_their_pages_and_the_trail_says_so(
    large: Payout, owner: Any, second_owner: Any, client_of: Any
) -> None:
    first, other = client_of(owner), client_of(second_owner)
    page = first.get(f"{LIST}{large.pk}/").content.decode()
    assert "another owner than the one who prepared it" in page
    assert 'value="approve"' not in page
    assert 'value="paid"' not in page
    assert "waits for a second owner" in first.get(LIST).content.decode()
    first.post(f"{LIST}{large.pk}/settle/", {"action": "approve"})
    assert to_transfer() == []
    assert 'value="approve"' in other.get(f"{LIST}{large.pk}/").content.decode()
    for _twice in range(2):
        other.post(f"{LIST}{large.pk}/settle/", {"action": "approve"})
    assert f"CY-P-{large.pk}," in first.get(f"{LIST}payouts.csv").content.decode()
    assert 'value="paid"' in first.get(f"{LIST}{large.pk}/").content.decode()
    (line,) = AuditEntry.objects.filter(action="payout.approved")
    assert (line.actor_id, line.target) == (second_owner.pk, f"payout:{large.pk}")


def test_what_has_no_bank_yet_is_left_out_and_said(earn: Earn, owner: Any, client_of: Any) -> None:
    earn()
    (payout,) = prepare_payouts(actor=owner)
    assert to_transfer() == []
    page = client_of(owner).get(LIST).content.decode()
    assert "no bank details yet" in page
    assert f"CY-P-{payout.pk}," not in client_of(owner).get(f"{LIST}payouts.csv").content.decode()
