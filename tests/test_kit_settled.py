"""kit.settled: read once in a while, forgotten at a change, never kept in tests."""

from typing import Any

import pytest

from shop.catalogue.models import TaxRate
from shop.catalogue.taxes import tax_for
from shop.payments.flows import set_bank_account
from shop.payments.reads import bank_account
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_what_is_settled_is_asked_once_and_a_change_here_is_seen_at_once(settings: Any, django_assert_num_queries: Any) -> None:
    settings.SETTLED_SECONDS = 60
    owner = make_user()
    values = {"currency": "CNY", "days": 3, "is_on": True, "actor": owner}
    set_bank_account(details="first", **values)
    bank_account("CNY")
    with django_assert_num_queries(0):
        assert [bank_account(code) is not None for code in ("CNY", "TWD", "CNY")] == [True, False, True]
    set_bank_account(details="second", **values)
    found = bank_account("CNY")
    assert found is not None
    assert found.details == "second"
    set_bank_account(details="second", **{**values, "is_on": False})
    assert bank_account("CNY") is None


def test_after_its_time_it_is_asked_again(settings: Any, django_assert_num_queries: Any) -> None:
    settings.SETTLED_SECONDS = 60
    tax_for("DE")
    with django_assert_num_queries(0):
        tax_for("FR")
    TaxRate.objects.bulk_create([TaxRate(country="DE", rate=1900, name="MwSt", valid_from="2020-01-01T00:00Z")])  # tells nobody
    assert tax_for("DE").rate == 0
    settings.SETTLED_SECONDS = 0
    assert tax_for("DE").rate == 1900
    with django_assert_num_queries(1):
        tax_for("DE")
    TaxRate.objects.get().delete()
    assert tax_for("DE").rate == 0
