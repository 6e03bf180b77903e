"""Papers are issued with the payment, the refund, the lost dispute: once, numbered without gaps, never changed."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from kit.models import OutboxMessage
from kit.tasks import sweep_outbox
from shop.catalogue.flows import set_tax_rate
from shop.checkout.flows import begin_payment, kit_only, process_event, refund_order
from shop.invoices.content import invoice_content
from shop.invoices.flows import issue_due_paper, issue_missing_papers
from shop.invoices.models import Paper, Series
from shop.invoices.reads import runs
from shop.orders.delivery import DeliveryData
from shop.orders.models import Order
from shop.payments.flows import store_event
from shop.payments.models import Refund
from shop.payments.stripe import verify_event
from stock.flows import release
from stock.models import StockItem
from tests.factories import make_coupon, make_offer
from tests.invoices.conftest import papers
from tests.shop.till import Till

pytestmark = pytest.mark.django_db
HOME = DeliveryData(
    method="home", name="王小明", phone="0912345678", country="TW", region="台北市", city="大安區", street="和平東路 1 號"
)


def refund(till: Till, order: Any, components: Any = "everything", reason: str = "asked for it") -> Refund:
    made = refund_order(order=order, components=components, actor=None, reason=reason)
    till.deliver()
    sweep_outbox()
    return made


def test_a_paid_order_has_one_invoice_however_often_it_is_told(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student, delivery=HOME, shipping=1500)
    year = order.paid_at.year
    assert papers() == [("invoice", f"INV-{year}-000001", 61400)]
    paper = Paper.objects.get()
    assert [(line["title"], line["amount"], [part["title"] for part in line["parts"]]) for line in paper.content["lines"]] == [
        ("Ukulele class with kit", 59900, [part.title for part in order.lines.get().components.all()])
    ]
    assert paper.content["shipping"] == 1500
    assert paper.content["buyer"]["address"][-1] == "和平東路 1 號"
    issue_due_paper({"order": order.pk, "source": order.holder})
    assert len(papers()) == 1


def test_what_was_never_paid_and_what_costs_nothing_has_no_invoice(till: Till, bundle: Any, student: Any) -> None:
    waiting = till.place(bundle)
    issue_due_paper({"order": waiting.pk, "source": waiting.holder})
    make_coupon("ALL", percent=10_000)
    free = till.place(bundle, user=student, coupon="ALL")
    begin_payment(order=free)
    sweep_outbox()
    free.refresh_from_db()
    assert free.state == "paid"
    assert papers() == []


def paid_while_the_broker_is_away(till: Till, *offers: Any) -> Order:
    """Paid and handed over; what was queued on commit never ran."""
    order = till.place(*offers)
    till.pay(order)
    for body, signature, _event in till.stand_in.take_webhooks():
        event, _new = store_event(facts=verify_event(body, signature))
        process_event(event_id=event.pk)
    order.refresh_from_db()
    assert (order.state, papers(order=order)) == ("paid", [])
    return order


def test_an_invoice_is_not_lost_where_the_broker_is_away(till: Till, bundle: Any) -> None:
    order = paid_while_the_broker_is_away(till, bundle)
    sweep_outbox()
    assert [kind for kind, _number, _total in papers(order=order)] == ["invoice"]


def test_the_nightly_look_issues_what_was_given_up(till: Till, bundle: Any, student: Any, clock: Any) -> None:
    order = paid_while_the_broker_is_away(till, bundle)
    free_of_paper = till.place(make_offer())
    OutboxMessage.objects.all().delete()
    assert issue_missing_papers() == 0, "what is young may still be on its way"
    refund_order(order=order, components=kit_only(order), actor=None, reason="")
    OutboxMessage.objects.all().delete()
    clock.advance(hours=2)
    assert issue_missing_papers() == 2
    assert [(kind, total) for kind, _number, total in papers()] == [("invoice", 59900), ("credit", 13000)]
    assert issue_missing_papers() == 0
    assert not free_of_paper.papers.exists()


def test_the_nightly_look_sees_lost_disputes(till: Till, bundle: Any, clock: Any) -> None:
    order = till.bought(bundle)
    dispute = till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    till.stand_in.close_dispute(dispute["id"], won=False)
    for body, signature, _event in till.stand_in.take_webhooks():
        event, _new = store_event(facts=verify_event(body, signature))
        process_event(event_id=event.pk)
    OutboxMessage.objects.all().delete()
    clock.advance(hours=2)
    assert issue_missing_papers() == 1
    assert [kind for kind, _number, _total in papers()] == ["invoice", "credit"]


def test_refunds_get_credit_notes_with_numbers_of_their_own(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    refund(till, order, kit_only(order))
    refund(till, order)
    year = order.paid_at.year
    assert papers() == [
        ("invoice", f"INV-{year}-000001", 59900),
        ("credit", f"CRN-{year}-000001", 13000),
        ("credit", f"CRN-{year}-000002", 46900),
    ]
    assert {paper.corrects.number for paper in Paper.objects.filter(kind="credit")} == {f"INV-{year}-000001"}


def test_tax_of_invoice_and_credit_notes_is_that_of_the_order(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    set_tax_rate(country="TW", name="VAT", rate=500, actor=owner)
    order = till.bought(bundle, user=student, delivery=HOME, shipping=1500)
    refund(till, order, kit_only(order))
    refund(till, order)
    invoice = Paper.objects.get(kind="invoice").content
    assert invoice["taxes"] == [{"name": "VAT", "rate": 500, "net": 61400 - order.tax, "tax": order.tax}]
    assert invoice["shipping_tax"] == order.shipping_tax == 71
    credits = [paper.content for paper in Paper.objects.filter(kind="credit")]
    assert sum(row["tax"] for content in credits for row in content["taxes"]) == order.tax
    assert sum(content["total"] for content in credits) == invoice["total"]


def test_a_refund_that_fails_afterwards_takes_its_credit_note_back(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    till.stand_in.next_refund("pending")
    made = refund(till, order)
    made.refresh_from_db()
    till.stand_in.finish_refund(made.provider_id, "failed")
    till.deliver()
    till.deliver()
    sweep_outbox()
    year = order.paid_at.year
    assert papers(kind="reversal") == [("reversal", f"REV-{year}-000001", 59900)]
    assert Paper.objects.get(kind="reversal").corrects == Paper.objects.get(kind="credit")


def test_messages_in_the_wrong_order_issue_the_same_papers(till: Till, bundle: Any, student: Any) -> None:
    order = till.bought(bundle, user=student)
    made = refund_order(order=order, actor=None, reason="")
    source = f"refund:{made.pk}"
    issue_due_paper({"order": order.pk, "source": f"{source}:back"})
    issue_due_paper({"order": order.pk, "source": source})
    assert [kind for kind, _number, _total in papers()] == ["invoice", "credit", "reversal"]


def test_a_lost_dispute_gets_a_credit_note_and_a_won_one_none(till: Till, bundle: Any, student: Any) -> None:
    for user, won in ((student, True), (None, False)):
        order = till.bought(bundle, user=user)
        dispute = till.stand_in.open_dispute(till.charge_of(order))
        till.deliver()
        till.stand_in.close_dispute(dispute["id"], won=won)
        till.deliver()
        assert [kind for kind, _n, _t in papers(order=order)] == (["invoice"] if won else ["invoice", "credit"])


def test_money_that_could_not_be_placed_gets_no_paper(till: Till, student: Any) -> None:
    offer = make_offer()
    order = till.place(offer, user=student)
    till.pay(order)
    order.lines.get().components.update(ref="sku:gone")
    release(holder=order.holder)
    StockItem.objects.create(ref="sku:gone", on_hand=0)
    till.post(*till.stand_in.take_webhooks()[-1][:2])
    sweep_outbox()
    assert papers() == []


def test_an_issued_paper_never_changes(till: Till, bundle: Any) -> None:
    till.bought(bundle)
    for change in (lambda: Paper.objects.update(total=1), lambda: Paper.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_a_number_whose_transaction_is_undone_is_given_out_again(till: Till, bundle: Any) -> None:
    order = paid_while_the_broker_is_away(till, bundle)

    def issue_and_fail() -> None:
        with transaction.atomic():
            issue_due_paper({"order": order.pk, "source": order.holder})
            assert Series.objects.get().last == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        issue_and_fail()
    sweep_outbox()
    till.bought(bundle)
    assert [number[-6:] for _kind, number, _total in papers()] == ["000001", "000002"]
    assert [run.complete for run in runs()] == [True]


def test_a_gap_in_a_series_is_seen(till: Till, bundle: Any) -> None:
    till.bought(bundle)
    Series.objects.update(last=5)
    assert [(run.papers, run.last, run.complete) for run in runs()] == [(1, 5, False)]


def test_what_bears_no_tax_stands_apart(till: Till, bundle: Any, student: Any, owner: Any) -> None:
    set_tax_rate(country="TW", name="VAT", rate=500, actor=owner)
    order = till.place(bundle, user=student, delivery=HOME, shipping=1500)
    Order.objects.update(tax=order.tax - order.shipping_tax, shipping_tax=0)
    content = invoice_content(Order.objects.get())
    assert content["taxes"][1] == {"name": "", "rate": 0, "net": 1500, "tax": 0}
    assert sum(row["net"] + row["tax"] for row in content["taxes"]) == content["total"] == 61400
