"""Carries out the purchases: from the click on a link to the parcel, the refund, the dispute."""

from datetime import timedelta
from functools import partial
from uuid import NAMESPACE_URL, UUID, uuid5

from django.contrib.auth.models import AnonymousUser

from kit.addresses import checked
from launch.demo.load.accounts import ensure_address, user_of
from launch.demo.load.calendar import Calendar, Step
from launch.demo.load.purchases import PURCHASES, Door, Purchase, card_of, door_of, number_of
from launch.demo.load.till import Till
from launch.demo.people import PEOPLE
from shop.catalogue.models import Offer
from shop.catalogue.shipping import Fee, Parcel, shipping_fee
from shop.checkout.flows import begin_payment, cancel_order, kit_only, place_order, refund_order
from shop.checkout.sending import parcel_of
from shop.fulfilment.flows import inspect_return, mark_arrived, mark_delivered, print_parcels, request_return, ship
from shop.fulfilment.models import Return, Shipment
from shop.orders.delivery import DeliveryData
from shop.orders.flows import add_to_basket, open_basket
from shop.orders.models import Basket, Order
from shop.orders.reads import full_basket
from shop.payments.models import Dispute, Payment
from shop.referrals.flows import bind_visitor, record_click
from shop.referrals.models import Click

LATER = timedelta(minutes=3)
ANSWER_DAY = "16:20"


def steps(calendar: Calendar, till: Till) -> list[Step]:
    return [step for purchase in PURCHASES for step in _steps_of(calendar, till, purchase)]


def _steps_of(calendar: Calendar, till: Till, one: Purchase) -> list[Step]:
    moment = calendar.minutes_ago(-int(one.clock)) if one.clock.startswith("-") else calendar.moment(one.ago, one.clock)
    made = [Step(moment, partial(_place, one)), Step(moment + LATER, partial(_end, till, one))]
    if one.via:
        early = moment - timedelta(hours=1) if "@" in one.who else calendar.moment(one.ago, "08:05")
        made += [Step(early, partial(_click, one)), Step(early + timedelta(minutes=76), partial(_bind, one))]
    if one.ends == "expired":
        made.append(Step(moment + timedelta(minutes=50), till.listen))
    if one.printed:
        made.append(Step(calendar.moment(one.ago - 1, "09:00"), partial(_print, one)))
    for ago, clock, do in (
        (one.shipped, "15:30", _ship),
        (one.arrived, "11:40", _arrive),
        (one.delivered, "18:10", _deliver),
    ):
        if ago is not None:
            made.append(Step(calendar.moment(ago, clock), partial(do, one)))
    if one.returned:
        made.append(Step(calendar.moment(one.returned[0], "20:30"), partial(_ask_return, one)))
        made.append(Step(calendar.moment(one.returned[1], "14:15"), partial(_take_return, till, one)))
    if one.refunded is not None:
        made.append(Step(calendar.moment(one.refunded, ANSWER_DAY), partial(_refund, till, one)))
    if one.disputed is not None:
        made.append(Step(calendar.moment(one.disputed, "07:10"), partial(_dispute, till, one)))
    return made


def _order(one: Purchase) -> Order | None:
    """Everybody buys an offer once: e-mail and offer tell orders apart."""
    email = _email(one)
    return Order.objects.filter(email=email, lines__offer__slug=one.offer).first()


def _email(one: Purchase) -> str:
    if one.who == "jiahui+gift@mail.test":  # the referrer herself, with a plus in her address
        return user_of("jiahui").email.replace("@", "+gift@")
    return one.who if "@" in one.who else user_of(one.who).email


def _visitor(one: Purchase) -> UUID:
    return uuid5(NAMESPACE_URL, f"demo:{one.who}:{one.offer}")


def _click(one: Purchase) -> None:
    if not Click.objects.filter(visitor=_visitor(one)).exists():
        record_click(code=one.via, visitor=_visitor(one), address=f"198.51.100.{number_of(one.who) % 250}", user=AnonymousUser())


def _bind(one: Purchase) -> None:
    """At sign-up; a guest's account is made by paying, and its clicks stay the browser's."""
    if "@" not in one.who:
        bind_visitor(user=user_of(one.who), visitor=_visitor(one))


def _place(one: Purchase) -> None:
    if _order(one) is not None:
        return
    user = None if "@" in one.who else user_of(one.who)
    basket = open_basket(user=user or AnonymousUser(), token=None)
    offer = Offer.objects.get(slug=one.offer)
    add_to_basket(basket=basket, offer=offer)
    name = one.name or next(person.name for person in PEOPLE if person.handle == one.who)
    door = door_of(one)
    delivery = _delivery(door, name, one) if one.offer != "ukulele-seat" else None
    if user is not None and delivery is not None and not door.chain:
        ensure_address(user, name=name, phone=delivery.phone, parts=door.parts)
    place_order(
        basket=basket,
        key=f"demo:{one.offer}",
        user=user,
        email=_email(one),
        name=name,
        language=(user and user.language) or "zh-hant",
        delivery=delivery,
        shipping=_fee(basket, door.country) if delivery is not None else Fee(),
        visitor=_visitor(one) if one.via else None,
    )


def _fee(basket: Basket, country: str) -> Fee:
    return shipping_fee(parcel_of(full_basket(basket)), country=country)


def _delivery(door: Door, name: str, one: Purchase) -> DeliveryData:
    mobile = f"0912{number_of(one.who) % 1_000_000:06d}" if door.country == "TW" else "13900001234"
    if door.chain:
        return DeliveryData("store", name, mobile, "TW", chain=door.chain, store_code=door.store_code, store_name=door.store_name)
    return DeliveryData("home", name, mobile, **checked(door.parts))


def _end(till: Till, one: Purchase) -> None:
    """The buyer is at the payment page: pays, pays by a slow method, or closes the window."""
    order = _order(one)
    if order is None or order.state != Order.State.AWAITING:
        return
    till.follow_clock()
    begin_payment(order=order)
    session = Payment.objects.filter(order=order).latest("pk").session_id or ""
    if one.ends == "review":
        _change_address(order)
    if one.ends == "delayed":
        till.delay(session)
    elif one.ends == "cancelled":
        cancel_order(order=order, actor=None)
    elif one.ends in ("paid", "review"):
        till.pay(session, card_of(one.who))


def _change_address(order: Order) -> None:
    """The one row that no flow writes: while the payment page is open, the parcel's way grows dearer. What is paid then
    differs from the total, and settling sends the order to review."""
    fee = shipping_fee(Parcel(order.currency, 0, order.subtotal), country="HK").amount
    Order.objects.filter(pk=order.pk, shipping=0).update(shipping=fee, total=order.total + fee)


def _parcel(one: Purchase, *states: object) -> Shipment | None:
    return Shipment.objects.filter(order=_order(one), state__in=states).first()


def _print(one: Purchase) -> None:
    if (parcel := _parcel(one, Shipment.State.TO_PACK)) and parcel.printed_at is None:
        print_parcels(shipments=[parcel], actor=user_of("laowu"))


def _ship(one: Purchase) -> None:
    if parcel := _parcel(one, Shipment.State.TO_PACK):
        print_parcels(shipments=[parcel], actor=user_of("laowu"))
        door = door_of(one)
        carrier = door.chain or {"CN": "sf"}.get(door.country, "tcat")
        tracking = f"9{number_of(one.who + one.offer):011d}"
        ship(shipment=parcel, carrier=carrier, tracking=tracking, actor=user_of("laowu"))


def _arrive(one: Purchase) -> None:
    if parcel := _parcel(one, Shipment.State.SHIPPED):
        mark_arrived(shipment=parcel, actor=user_of("laowu"))


def _deliver(one: Purchase) -> None:
    if parcel := _parcel(one, Shipment.State.SHIPPED, Shipment.State.ARRIVED):
        mark_delivered(shipment=parcel, actor=user_of("laowu"))


def _ask_return(one: Purchase) -> None:
    order = _order(one)
    if order is not None and not order.returns.exists():
        part = next(iter(kit_only(order)))
        request_return(order=order, component=part, reason="家裡剛好有人送了一把，琴還沒拆封。")


def _take_return(till: Till, one: Purchase) -> None:
    """The kit is back: it goes to the shelf, its share to the buyer; the course stays."""
    till.follow_clock()
    for ret in Return.objects.filter(order=_order(one), state=Return.State.REQUESTED):
        inspect_return(ret=ret, pieces=ret.left, restock=True, seen=ret.came, actor=user_of("laowu"))
        refund_order(
            order=ret.order, components=kit_only(ret.order), actor=user_of("shuyuan"), reason="琴未拆封退回", key=_key(ret.order)
        )
    till.listen()


def _refund(till: Till, one: Purchase) -> None:
    till.follow_clock()
    order = _order(one)
    if order is not None and order.state == Order.State.PAID:
        refund_order(order=order, actor=user_of("shuyuan"), reason="出差改期，等下一班", key=_key(order))
    till.listen()


def _key(order: Order) -> str:
    return f"demo-refund-{order.pk}"


def _dispute(till: Till, one: Purchase) -> None:
    payment = Payment.objects.filter(order=_order(one), state=Payment.State.SUCCEEDED).first()
    if payment is not None and payment.provider_id and not Dispute.objects.filter(payment=payment).exists():
        till.dispute(payment.provider_id)
