"""A referrer's commission waits for a parcel that is sent again (rule 10 of the programme)."""

import uuid
from typing import Any

from kit.outbox import deliver, due_message_ids
from shop.fulfilment.flows import inspect_return, mark_unclaimed, resend, ship
from shop.fulfilment.models import Return, Shipment
from shop.referrals.models import Commission
from tests.fulfilment.conftest import HOME
from tests.shop.till import Till


def test_while_a_parcel_is_sent_again_the_commission_is_held(
    till: Till, bundle: Any, visitor_of_referrer: uuid.UUID, packer: Any
) -> None:
    till.bought(bundle, visitor=visitor_of_referrer, delivery=HOME)
    parcel = Shipment.objects.get()
    ship(shipment=parcel, carrier="tcat", tracking="9001", actor=packer)
    mark_unclaimed(shipment=parcel, actor=packer)
    inspect_return(ret=Return.objects.get(), pieces=1, restock=True, seen=0, actor=packer)
    Commission.objects.update(available_at=parcel.created_at, state="available")
    resend(shipment=parcel, delivery=HOME, actor=packer)
    for message_id in due_message_ids():
        deliver(message_id=message_id)
    assert set(Commission.objects.values_list("available_at", "state")) == {(None, "pending")}
    till.check_books()
