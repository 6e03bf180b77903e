"""POST /webhooks/stripe/: who may tell us something, and what becomes of it."""

import json
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from kit.clock import now
from shop.checkout.flows import sweep_missed_events, sweep_webhooks
from shop.orders.models import Order
from shop.payments.models import WebhookEvent
from tests.shop.till import Till, snapshot

URL = "/webhooks/stripe/"
State = WebhookEvent.State


def _waiting(till: Till, bundle: Any, student: Any) -> tuple[Order, list[tuple[bytes, str, dict[str, Any]]]]:
    order = till.place(bundle, user=student)
    till.pay(order)
    return order, till.stand_in.take_webhooks()


@pytest.mark.django_db
@pytest.mark.parametrize("damage", ["no signature", "forged", "changed", "old", "garbage"])
def test_what_stripe_did_not_sign_gets_400_and_leaves_nothing(till: Till, bundle: Any, student: Any, damage: str) -> None:
    order, taken = _waiting(till, bundle, student)
    body, signature, _event = taken[-1]
    bad = {
        "no signature": (body, ""),
        "forged": (body, till.stand_in.sign(body, secret="whsec_forged")),
        "changed": (body + b" ", signature),
        "old": (body, till.stand_in.sign(body, timestamp=int(time.time()) - 400)),
        "garbage": (b"\xff\xfe{", "t=x,v1=y"),
    }[damage]
    before = snapshot()
    assert till.post(*bad).status_code == 400
    assert not WebhookEvent.objects.exists()
    assert snapshot() == before
    order.refresh_from_db()
    assert order.state == Order.State.AWAITING


@pytest.mark.django_db
def test_a_signed_body_that_is_no_event_gets_400(till: Till) -> None:
    for body in (b"[]", b"{}", b'"x"', b"null", b"not json"):
        assert till.post(body, till.stand_in.sign(body)).status_code == 400
    assert not WebhookEvent.objects.exists()


@pytest.mark.django_db
def test_it_answers_to_post_alone_and_needs_no_csrf_token(till: Till) -> None:
    assert Client().get(URL).status_code == 405
    body = json.dumps(
        {"id": "evt_1", "object": "event", "type": "customer.created", "data": {"object": {"id": "cus_1"}}}
    ).encode()
    assert till.post(body, till.stand_in.sign(body)).status_code == 204


@pytest.mark.django_db
def test_both_secrets_are_good_while_one_is_being_replaced(till: Till) -> None:
    for number, secret in enumerate(["whsec_test", "whsec_test_old"]):
        body = json.dumps({"id": f"evt_{number}", "object": "event", "type": "customer.created", "data": {"object": {}}}).encode()
        assert till.post(body, till.stand_in.sign(body, secret=secret)).status_code == 204
    assert WebhookEvent.objects.count() == 2


@pytest.mark.django_db
def test_types_that_we_do_not_use_are_stored_and_ignored(till: Till, db: None) -> None:
    till.stand_in.send_event("customer.created", {"id": "cus_1", "object": "customer"})
    till.stand_in.send_event("payout.paid", {"id": "po_1", "object": "payout"})
    till.deliver()
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {State.IGNORED}


@pytest.mark.django_db
def test_fault_01_the_same_event_again_answers_2xx_and_changes_nothing(till: Till, bundle: Any, student: Any) -> None:
    _order, taken = _waiting(till, bundle, student)
    for body, signature, _event in taken:
        till.post(body, signature)
    before, events = snapshot(), WebhookEvent.objects.count()
    for body, signature, _event in taken:
        assert till.post(body, signature).status_code == 204
    assert snapshot() == before
    assert WebhookEvent.objects.count() == events


@pytest.mark.django_db
def test_an_event_whose_task_was_lost_is_processed_by_the_sweep(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order, taken = _waiting(till, bundle, student)
    for body, signature, _event in taken:  # without running what is queued on commit: the worker was killed
        till.stripe.post(URL, body, content_type="application/json", headers={"Stripe-Signature": signature})
    assert sweep_webhooks() == 0  # not at once: a worker may be at it
    clock.advance(seconds=30)
    assert sweep_webhooks() == len(taken)
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    assert sweep_webhooks() == 0


@pytest.mark.django_db
def test_an_event_that_stripe_cannot_explain_now_is_tried_again_later(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order, taken = _waiting(till, bundle, student)
    body, signature, event = taken[-1]
    till.stand_in.fail_next(500, times=1, path="sessions")
    assert till.post(body, signature).status_code == 204
    row = WebhookEvent.objects.get(event_id=event["id"])
    assert (row.state, row.attempts, row.note) == (State.FAILED, 1, "StripeUnavailable")
    clock.advance(minutes=1)
    sweep_webhooks()
    row.refresh_from_db()
    order.refresh_from_db()
    assert (row.state, order.state) == (State.DONE, Order.State.PAID)


@pytest.mark.django_db
def test_events_that_never_arrived_are_fetched(till: Till, bundle: Any, student: Any) -> None:
    order = till.place(bundle, user=student)
    till.pay(order)
    till.stand_in.take_webhooks(delivered=False)
    assert sweep_missed_events() > 0
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    till.check_books()
    before = snapshot()
    assert sweep_missed_events() == 0
    assert snapshot() == before


@pytest.mark.django_db
def test_a_warning_of_fraud_reaches_the_owner(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    from notices.models import Notice

    order = till.bought(bundle, user=student)
    till.stand_in.send_event(
        "radar.early_fraud_warning.created",
        {"id": "issfr_1", "object": "radar.early_fraud_warning", "payment_intent": order.payments.get().provider_id},
    )
    till.deliver()
    assert Notice.objects.get(user=owner, kind="money").key == "fraud_warning:issfr_1"


@pytest.mark.django_db(transaction=True)
def test_fault_01_the_same_event_twice_at_once_is_one_effect(till: Till, bundle: Any, student: Any) -> None:
    from tests.shop.crowd import at_once

    order, taken = _waiting(till, bundle, student)
    answers = at_once([partial(till.post, item[0], item[1]) for item in taken for _twice in range(4)])
    assert {answer.status_code for answer in answers} == {204}
    till.check_books()
    order.refresh_from_db()
    assert order.state == Order.State.PAID
    from courses.models import Enrolment
    from shop.fulfilment.models import Shipment
    from shop.ledger.reads import balance

    assert (Enrolment.objects.count(), Shipment.objects.count(), balance("revenue:seat", "CNY")) == (1, 1, -46900)
    assert not WebhookEvent.objects.exclude(state__in=[State.DONE, State.IGNORED]).exists()
    assert now() - WebhookEvent.objects.latest("received_at").received_at < timedelta(minutes=5)
