"""/admin/shop/disputes/: what is known is filled in, kept as a draft, sent to the bank once; and the deadline is told once."""

import hashlib
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from courses.models import Enrolment, ProgressEvent
from kit.clock import now
from kit.models import AuditEntry
from notices.models import Notice
from shop.checkout.evidence import SHOWN, first_draft
from shop.checkout.flows import (
    CannotAnswer,
    attach_paper,
    remove_paper,
    save_evidence,
    submit_evidence,
    warn_of_deadlines,
)
from shop.fulfilment.flows import ship
from shop.fulfilment.models import Shipment
from shop.orders.models import Order
from shop.payments.models import Dispute, DisputeEvidence
from shop.payments.stripe import submit_evidence as submit_at_stripe
from tests.factories import make_offer
from tests.invoices.test_issue_papers import HOME
from tests.shop.crowd import at_once
from tests.shop.till import Till

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
LIST = "/en/admin/shop/disputes/"
TEXTS = {"product_description": "A ukulele class", "uncategorized_text": "She wrote that she likes it."}


@pytest.fixture
def order(till: Till, bundle: Any, student: Any, packer: Any, visitor_of_referrer: uuid.UUID) -> Order:
    """Sent and begun, then disputed."""
    order = till.bought(bundle, user=student, visitor=visitor_of_referrer, delivery=HOME, name="王小明")
    ship(shipment=Shipment.objects.get(), carrier="tcat", tracking="900123", actor=packer)
    seat = Enrolment.objects.get()
    ProgressEvent.objects.create(enrolment=seat, lesson=bundle.course.lessons.get(), kind="opened", at=now())
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    return order


@pytest.fixture
def dispute(order: Order) -> Dispute:
    return Dispute.objects.get()


def at_stripe(till: Till, dispute: Dispute) -> dict[str, Any]:
    found = till.stand_in.world.store.find(dispute.provider_id)
    assert found is not None
    return found


def page(browser: Client, dispute: Dispute) -> str:
    return browser.get(f"{LIST}{dispute.pk}/").content.decode()


def test_the_list_names_amount_reason_deadline_state_and_frozen_commission(
    dispute: Dispute, order: Order, owner: Any, client_of: Any
) -> None:
    found = client_of(owner).get(LIST).content.decode()
    assert dispute.evidence_due is not None
    for text in (order.number, "¥599", "said to be fraud", "needs an answer", f"{dispute.evidence_due:%Y-%m-}", "¥147.20"):
        assert text in found, text
    assert order.number not in client_of(owner).get(f"{LIST}?state=closed").content.decode()


def test_what_order_parcel_and_lessons_know_is_filled_in(
    till: Till, bundle: Any, dispute: Dispute, order: Order, owner: Any, client_of: Any
) -> None:
    draft = first_draft(dispute)
    assert draft["shipping_tracking_number"] == "900123"
    assert draft["shipping_carrier"]
    assert draft["shipping_date"] == f"{Shipment.objects.get().shipped_at:%Y-%m-%d}"
    assert "和平東路 1 號" in draft["shipping_address"]
    assert draft["access_activity_log"].endswith(f"UTC  opened: {bundle.course.lessons.get().title}")
    assert "Ukulele class with kit" in draft["product_description"]
    assert "¥599" in draft["product_description"]
    assert (draft["customer_name"], draft["customer_email_address"]) == ("王小明", order.email)
    assert f"{order.terms['refund_days']} days after paying" in draft["refund_policy_disclosure"]
    found = page(client_of(owner), dispute)
    assert all(text.split("\n")[0][:40] in found for text in ("900123", "UTC  opened", "王小明"))


def test_nothing_is_made_up_where_nothing_was_sent_or_opened(till: Till, student: Any) -> None:
    order = till.bought(make_offer(), user=student)
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    draft = first_draft(Dispute.objects.get())
    assert not {name for name in draft if name.startswith("shipping") or name in ("access_activity_log", "service_date")}


def test_a_long_activity_log_fits_stripe_s_limit(bundle: Any, dispute: Dispute) -> None:
    course, seat = bundle.course, Enrolment.objects.get()
    for number in range(2, SHOWN + 40):
        lesson = course.lessons.create(slug=f"l{number}", title="x" * 160, position=number)
        ProgressEvent.objects.create(enrolment=seat, lesson=lesson, kind="opened", at=now())
    log = first_draft(dispute)["access_activity_log"]
    assert len(log) <= 20_000


def test_a_draft_is_kept_and_stripe_hears_nothing(till: Till, dispute: Dispute, owner: Any, client_of: Any) -> None:
    browser = client_of(owner)
    till.stand_in.fail_next(500, path="disputes")  # would show, were Stripe called
    answer = browser.post(f"{LIST}{dispute.pk}/", {**TEXTS, "action": "save"}, follow=True).content.decode()
    till.stand_in.faults.clear()
    assert "Saved. Nothing has been sent yet." in answer
    assert "A ukulele class" in answer
    assert DisputeEvidence.objects.get().texts == TEXTS
    assert not at_stripe(till, dispute)["evidence_details"]["has_evidence"]


def test_submitted_evidence_is_with_the_bank_and_the_trail_names_who_sent_it(
    till: Till, dispute: Dispute, order: Order, owner: Any, client_of: Any
) -> None:
    browser = client_of(owner)
    answer = browser.post(f"{LIST}{dispute.pk}/", {**TEXTS, "action": "submit"}, follow=True).content.decode()
    assert "The evidence is with the bank" in answer
    assert "What was sent to the bank" in answer
    assert '<form method="post"' not in answer[answer.index("yard-page") :]
    found = at_stripe(till, dispute)
    assert {name: found["evidence"][name] for name in TEXTS} == TEXTS
    assert found["evidence"]["customer_name"] is None
    assert found["status"] == "under_review"
    dispute.refresh_from_db()
    assert (dispute.state, dispute.evidence.state) == ("under_review", "submitted")
    entry = AuditEntry.objects.get(action="dispute.answered", target=order.holder)
    assert (entry.actor_id, entry.after["dispute"]) == (owner.pk, dispute.provider_id)
    till.deliver()
    dispute.refresh_from_db()
    assert dispute.state == "under_review"


def test_evidence_is_sent_once(till: Till, dispute: Dispute, owner: Any) -> None:
    submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    with pytest.raises(CannotAnswer, match="already"):
        submit_evidence(dispute=dispute, texts={"product_description": "Other"}, actor=owner)
    with pytest.raises(CannotAnswer):
        save_evidence(dispute=dispute, texts={"product_description": "Other"})
    assert at_stripe(till, dispute)["evidence_details"]["submission_count"] == 1


def test_nothing_to_say_is_not_sent(till: Till, dispute: Dispute, owner: Any) -> None:
    with pytest.raises(CannotAnswer, match="nothing to send"):
        submit_evidence(dispute=dispute, texts={"product_description": "  "}, actor=owner)
    assert at_stripe(till, dispute)["status"] == "needs_response"


def test_where_stripe_refuses_the_draft_is_kept_and_the_page_says_why(
    till: Till, dispute: Dispute, owner: Any, client_of: Any
) -> None:
    browser = client_of(owner)
    till.stand_in.fail_next(400, path="disputes")
    answer = browser.post(f"{LIST}{dispute.pk}/", {**TEXTS, "action": "submit"}, follow=True).content.decode()
    assert "Stripe did not take the evidence" in answer
    assert "The last try to send it came to nothing" in answer
    evidence = DisputeEvidence.objects.get()
    assert (evidence.state, evidence.texts) == ("draft", TEXTS)
    submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    evidence.refresh_from_db()
    assert (evidence.state, evidence.trouble) == ("submitted", "")


@pytest.mark.parametrize("after_work", [False, True])
def test_where_stripe_hangs_the_draft_is_kept_and_the_same_words_go_again_by_the_same_key(
    till: Till, dispute: Dispute, owner: Any, settings: Any, after_work: bool
) -> None:
    settings.STRIPE_TIMEOUT_SECONDS = 0.6
    (till.stand_in.time_out_next if after_work else till.stand_in.hang_next)(2, path="disputes")
    with pytest.raises(CannotAnswer, match="does not answer"):
        submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    evidence = DisputeEvidence.objects.get()
    assert (evidence.state, evidence.trouble, evidence.texts) == ("draft", "StripeUnavailable", TEXTS)
    settings.STRIPE_TIMEOUT_SECONDS = 5
    key = evidence.key
    submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    evidence.refresh_from_db()
    assert (evidence.state, evidence.key) == ("submitted", key)
    assert at_stripe(till, dispute)["evidence_details"]["submission_count"] == 1


def test_other_words_get_another_key(till: Till, dispute: Dispute, owner: Any) -> None:
    till.stand_in.fail_next(500, path="disputes")
    with pytest.raises(CannotAnswer):
        submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    key = DisputeEvidence.objects.get().key
    submit_evidence(dispute=dispute, texts={**TEXTS, "service_date": "2026-11-26"}, actor=owner)
    assert DisputeEvidence.objects.get().key != key
    assert at_stripe(till, dispute)["evidence"]["service_date"] == "2026-11-26"


def test_evidence_that_stripe_took_without_telling_counts_as_sent_once_its_event_comes(
    till: Till, dispute: Dispute, owner: Any, settings: Any
) -> None:
    settings.STRIPE_TIMEOUT_SECONDS = 0.6
    till.stand_in.time_out_next(2, path="disputes")
    with pytest.raises(CannotAnswer):
        submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    settings.STRIPE_TIMEOUT_SECONDS = 5
    till.deliver()
    assert DisputeEvidence.objects.get().state == "submitted"


def test_what_was_answered_in_stripe_s_dashboard_is_not_said_to_be_ours(till: Till, dispute: Dispute, owner: Any) -> None:
    till.stand_in.fail_next(400, path="disputes")
    with pytest.raises(CannotAnswer):
        submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    submit_at_stripe(dispute.provider_id, texts={"product_description": "Something else"}, key="by-hand")
    till.deliver()
    dispute.refresh_from_db()
    assert (dispute.state, dispute.evidence.state) == ("under_review", "draft")


def test_past_its_day_and_once_decided_a_dispute_takes_nothing(till: Till, dispute: Dispute, owner: Any, clock: Any) -> None:
    clock.advance(days=8)
    with pytest.raises(CannotAnswer, match="no evidence any more"):
        save_evidence(dispute=dispute, texts=TEXTS)
    till.stand_in.close_dispute(dispute.provider_id, won=False)
    till.deliver()
    Dispute.objects.update(evidence_due=now() + timedelta(days=1))
    with pytest.raises(CannotAnswer, match="no evidence any more"):
        submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)


def test_an_inquiry_may_be_answered_too(till: Till, dispute: Dispute, owner: Any) -> None:
    found = at_stripe(till, dispute)
    till.stand_in.world.store.save({**found, "status": "warning_needs_response"})
    Dispute.objects.update(state="warning_needs_response")
    submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    dispute.refresh_from_db()
    assert dispute.state == "warning_under_review"


def test_the_deadline_is_told_once_and_leads_to_the_page(owner: Any, dispute: Dispute, clock: Any) -> None:
    assert warn_of_deadlines() == 0
    clock.advance(days=4, hours=1)
    assert warn_of_deadlines() == 1
    warn_of_deadlines()
    notice = Notice.objects.get(user=owner, key=f"dispute_due:{dispute.pk}")
    assert notice.url.endswith(f"/admin/shop/disputes/{dispute.pk}/")
    opened = Notice.objects.get(user=owner, key=f"dispute_opened:{dispute.pk}")
    assert opened.url == notice.url


def test_nobody_is_told_of_a_deadline_that_is_met_or_over(dispute: Dispute, owner: Any, clock: Any) -> None:
    submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    clock.advance(days=5)
    assert warn_of_deadlines() == 0
    Dispute.objects.update(state="needs_response")
    assert warn_of_deadlines() == 0, "evidence is with the bank"
    DisputeEvidence.objects.all().delete()
    assert warn_of_deadlines() == 1
    clock.advance(days=3)
    assert warn_of_deadlines() == 0


def test_the_home_page_counts_what_waits_for_an_answer(dispute: Dispute, owner: Any, client_of: Any) -> None:
    browser = client_of(owner)
    assert "disputes to answer" in browser.get("/en/admin/").content.decode()
    submit_evidence(dispute=dispute, texts=TEXTS, actor=owner)
    assert "disputes to answer" not in browser.get("/en/admin/").content.decode()


@pytest.mark.parametrize("who", ["teacher", "packer", "student", "moderator"])
def test_nobody_else_reads_or_answers(who: str, dispute: Dispute, request: pytest.FixtureRequest, client_of: Any) -> None:
    browser, visitor = client_of(request.getfixturevalue(who)), Client()
    for address in (LIST, f"{LIST}{dispute.pk}/"):
        assert browser.get(address).status_code == 302
        assert "/accounts/login/" in visitor.get(address)["Location"]
        assert browser.post(address, {**TEXTS, "action": "submit"}).status_code == 302
    assert not DisputeEvidence.objects.exists()


def test_the_list_costs_the_same_for_one_and_for_many(till: Till, dispute: Dispute, owner: Any, client_of: Any) -> None:
    browser = client_of(owner)
    with CaptureQueriesContext(connection) as few:
        browser.get(LIST)
    payment = dispute.payment
    Dispute.objects.bulk_create(
        Dispute(payment=payment, provider_id=f"dp_{n}", amount=1, currency="CNY", state="needs_response", opened_at=now())
        for n in range(20)
    )
    with CaptureQueriesContext(connection) as many:
        browser.get(LIST)
    assert len(few) == len(many)


PDF, PNG = b"%PDF-1.7\n\xff\x00\r\n--x\r\n\x85%%EOF", b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def paper(name: str = "receipt.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_papers_are_attached_replaced_taken_off_and_sent_with_the_texts(
    till: Till, dispute: Dispute, order: Order, owner: Any, client_of: Any
) -> None:
    browser, address = client_of(owner), f"{LIST}{dispute.pk}/"
    more = {"receipt": paper(), "shipping_documentation": paper("簽收.png", PNG), "uncategorized_file": paper("x.pdf")}
    answer = browser.post(address, {**TEXTS, **more, "action": "save"}, follow=True).content.decode()
    assert all(name in answer for name in ("receipt.pdf", "簽收.png", "x.pdf", "A ukulele class"))
    assert not at_stripe(till, dispute)["evidence_details"]["has_evidence"]
    browser.post(address, {**TEXTS, "receipt": paper("newer.pdf"), "action": "save"})
    browser.post(address, {**TEXTS, "action": "remove:uncategorized_file"})
    draft = DisputeEvidence.objects.get()
    assert {name: row["name"] for name, row in draft.papers.items()} == {
        "receipt": "newer.pdf",
        "shipping_documentation": "簽收.png",
    }
    answer = browser.post(address, {**TEXTS, "action": "submit"}, follow=True).content.decode()
    assert "newer.pdf" in answer
    sent = at_stripe(till, dispute)["evidence"]
    assert sent["product_description"] == TEXTS["product_description"]
    assert sent["uncategorized_file"] is None
    file = till.stand_in.world.store.find(sent["shipping_documentation"])
    assert file is not None
    assert (file["filename"], file["_sha256"]) == ("簽收.png", hashlib.sha256(PNG).hexdigest())
    assert DisputeEvidence.objects.get().state == "submitted"
    assert AuditEntry.objects.get(action="dispute.answered").after["fields"] == [
        *["product_description", "receipt", "shipping_documentation", "uncategorized_text"]
    ]


def test_a_paper_that_no_bank_reads_and_papers_that_are_too_large_are_refused_and_the_words_are_kept(
    till: Till, dispute: Dispute, owner: Any, client_of: Any
) -> None:
    browser, address = client_of(owner), f"{LIST}{dispute.pk}/"
    answer = browser.post(address, {**TEXTS, "receipt": paper("x.pdf", b"MZ\x90"), "action": "submit"}, follow=True)
    assert "“x.pdf” is no PDF, JPEG or PNG" in answer.content.decode()
    large = PDF + bytes(2_500_000)
    attach_paper(dispute=dispute, field="receipt", paper=paper(content=large))
    answer = browser.post(address, {**TEXTS, "refund_policy": paper("y.pdf", large), "action": "save"}, follow=True)
    assert "with “y.pdf” they would have more" in answer.content.decode()
    attach_paper(dispute=dispute, field="receipt", paper=paper(content=large))  # in the place of the other: not both count
    draft = DisputeEvidence.objects.get()
    assert (draft.state, draft.texts, list(draft.papers)) == ("draft", TEXTS, ["receipt"])


def test_where_stripe_does_not_take_a_paper_the_draft_stays_as_it_was(
    till: Till, dispute: Dispute, owner: Any, settings: Any
) -> None:
    save_evidence(dispute=dispute, texts=TEXTS)
    till.stand_in.fail_next(400, path="files")
    with pytest.raises(CannotAnswer, match="did not take “receipt"):
        attach_paper(dispute=dispute, field="receipt", paper=paper())
    settings.STRIPE_TIMEOUT_SECONDS = 0.6
    till.stand_in.hang_next(2, path="files")
    with pytest.raises(CannotAnswer, match="does not answer"):
        attach_paper(dispute=dispute, field="receipt", paper=paper())
    draft = DisputeEvidence.objects.get()
    assert (draft.texts, draft.papers) == (TEXTS, {})


def test_a_paper_alone_is_an_answer_and_another_paper_gets_another_key(till: Till, dispute: Dispute, owner: Any) -> None:
    attach_paper(dispute=dispute, field="receipt", paper=paper())
    till.stand_in.fail_next(500, path="disputes")
    with pytest.raises(CannotAnswer):
        submit_evidence(dispute=dispute, texts={}, actor=owner)
    key = DisputeEvidence.objects.get().key
    attach_paper(dispute=dispute, field="receipt", paper=paper("newer.pdf"))
    submit_evidence(dispute=dispute, texts={}, actor=owner)
    evidence = DisputeEvidence.objects.get()
    assert (evidence.state, evidence.key == key) == ("submitted", False)
    for change in (
        lambda: attach_paper(dispute=dispute, field="receipt", paper=paper()),
        lambda: remove_paper(dispute=dispute, field="receipt"),
    ):
        with pytest.raises(CannotAnswer, match="already"):
            change()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_send_it_once(till: Till, student: Any, owner: Any) -> None:
    order = till.bought(make_offer(), user=student)
    till.stand_in.open_dispute(till.charge_of(order))
    till.deliver()
    dispute = Dispute.objects.get()
    answers = at_once([lambda: submit_evidence(dispute=dispute, texts=TEXTS, actor=owner) for _n in range(4)])
    assert all(isinstance(answer, DisputeEvidence | CannotAnswer) for answer in answers), answers
    assert at_stripe(till, dispute)["evidence_details"]["submission_count"] == 1
    assert AuditEntry.objects.filter(action="dispute.answered").count() == 1
