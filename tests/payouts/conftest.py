"""A referrer with commission that is ready to be paid, earned by real orders."""

from collections.abc import Callable
from typing import Any

import pytest

from shop.fulfilment.flows import mark_delivered, ship
from shop.orders.models import Order
from shop.referrals.flows import release_held_commissions
from tests.factories import make_cohort, make_course, make_offer, make_sku
from tests.fulfilment.conftest import client_of, english  # noqa: F401  (fixtures)
from tests.shop.conftest import till, visitor_of_referrer  # noqa: F401  (fixtures)

Earn = Callable[[], Order]


@pytest.fixture
def bundle(teacher: Any) -> Any:
    """As the shop's, in a class that stays open while weeks pass."""
    return make_offer(cohort=make_cohort(course=make_course(lessons=1), days=300), sku=make_sku(seller=teacher))


@pytest.fixture
def earn(till: Any, bundle: Any, visitor_of_referrer: Any, clock: Any, packer: Any) -> Earn:  # noqa: F811
    """earn(): an order by the referrer's link, delivered, its hold over. Each earns 14070 + 650 of CNY."""

    def make() -> Order:
        order = till.bought(bundle, visitor=visitor_of_referrer)
        for parcel in order.shipments.filter(state="to_pack"):
            ship(shipment=parcel, carrier="own", tracking="", actor=packer)
            mark_delivered(shipment=parcel, actor=packer)
        # The message `shipment.delivered` is delivered by the sweep; here its handler is asked directly.
        from kit.outbox import deliver, due_message_ids

        for message_id in due_message_ids():
            deliver(message_id=message_id)
        clock.advance(days=9)
        release_held_commissions()
        return order

    return make
