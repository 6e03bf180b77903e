"""What happens to parcels, a file per journey."""

from shop.fulfilment.flows.addressing import CannotReaddress, readdress
from shop.fulfilment.flows.asking_back import send_return_mail
from shop.fulfilment.flows.inspecting import end_return, inspect_return
from shop.fulfilment.flows.listing import Outcome, ship_listed
from shop.fulfilment.flows.parcels import begin_class_when_all_is_there, create_shipments, stop_shipments
from shop.fulfilment.flows.printing import print_parcels, take_slip_back
from shop.fulfilment.flows.promising import shift_promises
from shop.fulfilment.flows.resending import CannotResend, resend
from shop.fulfilment.flows.returns import CannotReturn, request_return
from shop.fulfilment.flows.running_low import tell_low
from shop.fulfilment.flows.sending import mark_arrived, mark_delivered, mark_unclaimed, ship
from shop.fulfilment.flows.splitting import CannotSplit, split_parcel
from shop.fulfilment.flows.stocktaking import (
    Hand,
    add_shelf,
    count_goods,
    expect_goods,
    move_goods,
    receive_goods,
    set_low_at,
    write_off_goods,
)
from shop.fulfilment.flows.telling import send_shipment_mail
from shop.fulfilment.flows.tracking import CannotShip, correct_tracking

__all__ = [
    "CannotReaddress",
    "CannotResend",
    "CannotReturn",
    "CannotShip",
    "CannotSplit",
    "Hand",
    "Outcome",
    "add_shelf",
    "begin_class_when_all_is_there",
    "correct_tracking",
    "count_goods",
    "create_shipments",
    "end_return",
    "expect_goods",
    "inspect_return",
    "mark_arrived",
    "mark_delivered",
    "mark_unclaimed",
    "move_goods",
    "print_parcels",
    "readdress",
    "receive_goods",
    "request_return",
    "resend",
    "send_return_mail",
    "send_shipment_mail",
    "set_low_at",
    "shift_promises",
    "ship",
    "ship_listed",
    "split_parcel",
    "stop_shipments",
    "take_slip_back",
    "tell_low",
    "write_off_goods",
]
