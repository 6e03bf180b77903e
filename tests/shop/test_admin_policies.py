"""/admin/shop/policies/: what each offer promises about money back."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalogue.policies import EU, Policy
from tests.factories import make_cohort, make_offer

pytestmark = pytest.mark.django_db
FIELDS = {"cooling_days": "14", "opened_days": "30", "return_days": "10", "kit_opened": "60", "kit_kept": "5"}


@pytest.fixture
def browser(owner: Any, client_of: Any) -> Any:
    return client_of(owner)


def test_the_owner_writes_a_policy_row_by_row(browser: Any, bundle: Any) -> None:
    address = f"/en/admin/shop/policies/{bundle.pk}/"
    rows = {"limit_0": "0", "back_0": "90", "limit_1": "20", "back_1": "40"}
    assert browser.post(address, {**FIELDS, **rows, "digital_consent": "on", "delivery_back": "on"}).status_code == 302
    bundle.refresh_from_db()
    assert bundle.refund_policy == Policy(14, 10, ((0, 90), (20, 40)), 30, 60, 5, delivery_back=True, digital_consent=True)
    page = browser.get(address).content.decode()
    assert "up to 20 % opened, 40 % comes back" in page
    assert 'name="back_1" value="40"' in page
    assert "opened for 60 % of it" in browser.get("/en/admin/shop/policies/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"cooling_days": "-1"}, {"kit_opened": "101"}, {"limit_0": "5"}, {"limit_0": "5", "back_0": "5", "opened_days": "0"}],
)
def test_what_makes_no_sense_is_said_and_not_written(browser: Any, bundle: Any, wrong: dict[str, str]) -> None:
    response = browser.post(f"/en/admin/shop/policies/{bundle.pk}/", {**FIELDS, "opened_days": "0", **wrong})
    assert response.status_code == 200
    assert "error-message" in response.content.decode()
    bundle.refresh_from_db()
    assert bundle.policy == {}


def test_a_template_fills_the_form_and_saves_nothing(browser: Any, bundle: Any) -> None:
    page = browser.get(f"/en/admin/shop/policies/{bundle.pk}/?template=eu").content.decode()
    assert f'name="cooling_days" value="{EU.cooling_days}"' in page
    bundle.refresh_from_db()
    assert bundle.refund_policy == Policy()


def test_the_list_costs_the_same_however_many_offers_there_are(browser: Any, bundle: Any) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get("/en/admin/shop/policies/").status_code == 200
        return len(seen)

    browser.get("/en/admin/shop/policies/")
    few = queries()
    for _number in range(5):
        make_offer(cohort=make_cohort())
    assert queries() == few
