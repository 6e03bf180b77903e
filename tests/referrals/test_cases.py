"""Reports about links, and the case that they open, through time: heard, decided, appealed (DISTRIBUTION.md)."""

from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from accounts.models import User
from accounts.roles import OWNER, give_role
from kit.clock import now
from kit.models import AuditEntry
from kit.storage import PrivateStorage
from notices.models import Notice
from shop.referrals import flows
from shop.referrals.models import Agreement, Attribution, Case, CaseEvidence, CaseReport, Commission, Link, Programme
from tests.factories import make_user

pytestmark = pytest.mark.django_db
FORM = {"link": "mei", "reason": "misleading", "text": "Promises money back for ever", "seen_at": "LINE group"}


@pytest.fixture
def second_owner() -> User:
    user = make_user()
    give_role(user=user, role=OWNER)
    return user


@pytest.fixture
def case(link: Link, owner: User) -> Case:
    return flows.report_link(link=link, reason="misleading", text="Look at this", seen_at="LINE", reporter=None, address="")


def _trail(case: Case) -> list[str]:
    return list(AuditEntry.objects.filter(target=f"case:{case.pk}").order_by("pk").values_list("action", flat=True))


def _picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return SimpleUploadedFile("p.png", out.getvalue())


def _old(case: Case, clock: Any) -> Case:
    """The referrer has had the time to answer."""
    clock.advance(days=7, minutes=1)
    return case


def test_a_visitor_reports_with_evidence_and_both_sides_are_told(link: Link, referrer: User, owner: User) -> None:
    response = Client().post("/en/promote/report/", {**FORM, "link": "https://x.test/r/MEI/?a=1", "pictures": [_picture()]})
    assert response.status_code == 302
    case = Case.objects.get()
    assert (case.link, case.reason, case.state) == (link, "misleading", "open")
    assert PrivateStorage().exists(CaseEvidence.objects.get().key)
    assert Notice.objects.filter(user=referrer, url=f"/promote/cases/{case.pk}/").exists()
    assert Notice.objects.filter(user=owner, url=f"/admin/shop/cases/{case.pk}/").exists()
    assert _trail(case) == ["case.opened"]


@pytest.mark.parametrize(
    "wrong", [{"link": "nobody"}, {"link": ""}, {"reason": "x"}, {"text": ""}, {"text": "x" * 2001}, {"seen_at": "x" * 501}]
)
def test_a_report_that_cannot_be_read_opens_nothing(link: Link, wrong: dict[str, str]) -> None:
    assert Client().post("/en/promote/report/", {**FORM, **wrong}).status_code == 422
    assert not Case.objects.exists()


def test_what_is_no_picture_opens_nothing(link: Link) -> None:
    hostile = SimpleUploadedFile("p.png", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>")
    assert Client().post("/en/promote/report/", {**FORM, "pictures": [hostile]}).status_code == 422
    assert not Case.objects.exists()


def test_reports_of_the_same_join_one_case_and_tell_once(case: Case, link: Link, referrer: User) -> None:
    again = flows.report_link(link=link, reason="misleading", text="Me too", seen_at="", reporter=make_user(), address="")
    other = flows.report_link(link=link, reason="spam", text="Ten a day", seen_at="", reporter=None, address="")
    assert (again, other == case) == (case, False)
    assert case.reports.count() == 2
    assert Notice.objects.filter(user=referrer, key__startswith="case:").count() == 2
    with pytest.raises(IntegrityError):
        Case.objects.create(link=link, reason="spam", opened_at=now(), due_at=now())


def test_one_place_reports_five_times_an_hour(link: Link, clock: Any) -> None:
    answers = [Client().post("/en/promote/report/", FORM) for _n in range(6)]
    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 3600
    assert CaseReport.objects.count() == 5
    clock.advance(hours=1, minutes=1)
    assert Client().post("/en/promote/report/", FORM).status_code == 302


def test_a_report_keeps_no_raw_address(link: Link) -> None:
    Client().post("/en/promote/report/", FORM)
    assert "127.0.0.1" not in str(CaseReport.objects.values().get())
    assert len(CaseReport.objects.get().address_hash) == 32


def test_a_penalty_waits_until_the_referrer_is_heard(case: Case, owner: User, clock: Any) -> None:
    with pytest.raises(flows.CannotDecide):
        flows.decide_case(case=case, decision="warning", reason="Too bold", actor=owner)
    clock.advance(days=6, hours=23)
    with pytest.raises(flows.CannotDecide):
        flows.decide_case(case=case, decision="kill_links", reason="Too bold", actor=owner)
    clock.advance(hours=2)
    assert flows.decide_case(case=case, decision="warning", reason="Too bold", actor=owner).state == "decided"


def test_once_answered_it_may_be_decided(case: Case, owner: User, referrer: User) -> None:
    flows.answer_case(case=case, text="It was a joke")
    flows.decide_case(case=case, decision="warning", reason="Too bold", actor=owner)
    assert _trail(case) == ["case.opened", "case.answered", "case.decided"]
    assert Notice.objects.filter(user=referrer, key=f"case:{case.pk}:decided").exists()
    with pytest.raises(flows.CannotDecide):
        flows.answer_case(case=case, text="Too late")
    with pytest.raises(flows.CannotDecide):
        flows.decide_case(case=case, decision="nothing", reason="Again", actor=owner)


def test_nothing_wrong_needs_no_waiting(case: Case, owner: User, link: Link) -> None:
    assert flows.decide_case(case=case, decision="nothing", reason="All fine", actor=owner).state == "decided"
    link.refresh_from_db()
    assert link.killed_at is None


def test_a_link_that_is_switched_off_brings_nobody_and_what_was_earned_stays(
    case: Case, owner: User, link: Link, clicked: Any, make_order: Any, clock: Any
) -> None:
    make_order(visitor=clicked)
    earned = Commission.objects.count()
    other = flows.create_link(owner=link.owner, target="/shop/")
    flows.decide_case(case=_old(case, clock), decision="kill_links", reason="Again", actor=owner)
    stranger = Client()
    assert stranger.get("/r/mei/").url == "/courses/"
    assert not stranger.cookies, "it leads on and credits nobody"
    stranger.get(f"/r/{other.code}/")
    assert stranger.cookies
    make_order(visitor=clicked, email="later@x.test", street="Elsewhere 2")
    assert Attribution.objects.count() == 1
    assert Commission.objects.count() == earned > 0
    assert not Commission.objects.filter(amount__lt=0).exists()


def test_the_end_of_the_agreement_ends_every_link_and_is_not_undone_by_joining_again(
    case: Case, owner: User, referrer: User, programme: Programme, clicked: Any, make_order: Any, clock: Any
) -> None:
    flows.decide_case(case=_old(case, clock), decision="end_agreement", reason="Third time", actor=owner)
    assert not Agreement.objects.filter(user=referrer, ended_at=None).exists()
    assert not Link.objects.filter(owner=referrer, killed_at=None).exists()
    make_order(visitor=clicked)
    assert not Attribution.objects.exists()
    with pytest.raises(flows.CannotJoin):
        flows.join_programme(user=referrer, programme=programme)
    flows.invite(user=referrer, programme=programme, actor=owner)
    assert flows.join_programme(user=referrer, programme=programme).ended_at is None


def test_an_appeal_is_made_once_in_time_and_decided_by_another(
    case: Case, owner: User, second_owner: User, link: Link, clock: Any
) -> None:
    flows.decide_case(case=_old(case, clock), decision="kill_links", reason="Again", actor=owner)
    clock.advance(days=13, hours=23)
    flows.appeal_case(case=case, text="It was not me")
    with pytest.raises(flows.CannotDecide):
        flows.appeal_case(case=case, text="Once more")
    with pytest.raises(flows.CannotDecide):
        flows.decide_appeal(case=case, decision="kill_links", reason="No", actor=owner)
    done = flows.decide_appeal(case=case, decision="warning", reason="Believable", actor=second_owner)
    assert (done.state, done.in_force) == ("closed", "warning")
    link.refresh_from_db()
    assert link.killed_at is None, "a milder decision takes back what was switched off"
    with pytest.raises(flows.CannotDecide):
        flows.decide_appeal(case=case, decision="nothing", reason="x", actor=second_owner)
    assert _trail(case)[2:] == ["case.appealed", "case.links_restored", "case.appeal_decided"]


@pytest.mark.parametrize("other", ["kill_links", "end_agreement"])
def test_who_wins_one_appeal_stays_bound_by_another_case(
    case: Case, owner: User, second_owner: User, clock: Any, other: str
) -> None:
    more = flows.report_link(link=case.link, reason="spam", text="Again", seen_at="LINE", reporter=None, address="")
    flows.decide_case(case=_old(case, clock), decision="kill_links", reason="Shown", actor=owner)
    flows.decide_case(case=more, decision=other, reason="Shown", actor=owner)
    flows.appeal_case(case=case, text="It was not me")
    flows.decide_appeal(case=case, decision="nothing", reason="Right", actor=second_owner)
    assert Link.objects.get(pk=case.link_id).killed_at is not None
    flows.appeal_case(case=more, text="Nor was this")
    flows.decide_appeal(case=more, decision="nothing", reason="Right", actor=second_owner)
    assert Link.objects.get(pk=case.link_id).killed_at is None


def test_an_appeal_that_is_lost_leaves_it_switched_off(
    case: Case, owner: User, second_owner: User, link: Link, clock: Any
) -> None:
    flows.decide_case(case=_old(case, clock), decision="kill_links", reason="Again", actor=owner)
    flows.appeal_case(case=case, text="It was not me")
    flows.decide_appeal(case=case, decision="kill_links", reason="It was", actor=second_owner)
    link.refresh_from_db()
    assert link.killed_at is not None


def test_who_won_the_appeal_may_sign_again(
    case: Case, owner: User, second_owner: User, referrer: User, programme: Programme, clock: Any
) -> None:
    flows.decide_case(case=_old(case, clock), decision="end_agreement", reason="x", actor=owner)
    flows.appeal_case(case=case, text="It was not me")
    flows.decide_appeal(case=case, decision="nothing", reason="Right", actor=second_owner)
    assert flows.join_programme(user=referrer, programme=programme).ended_at is None
    assert Link.objects.filter(owner=referrer, killed_at=None).exists()


def test_a_single_owner_decides_the_appeal_too(case: Case, owner: User, clock: Any) -> None:
    flows.decide_case(case=_old(case, clock), decision="warning", reason="x", actor=owner)
    flows.appeal_case(case=case, text="No")
    assert flows.decide_appeal(case=case, decision="nothing", reason="Right", actor=owner).state == "closed"


def test_after_two_weeks_there_is_no_appeal_and_the_case_is_closed(case: Case, owner: User, clock: Any) -> None:
    flows.decide_case(case=case, decision="nothing", reason="Fine", actor=owner)
    clock.advance(days=13, hours=23)
    assert flows.watch_cases() == 0
    clock.advance(hours=2)
    with pytest.raises(flows.CannotDecide):
        flows.appeal_case(case=case, text="Too late")
    assert [flows.watch_cases(), flows.watch_cases()] == [1, 0]
    case.refresh_from_db()
    assert (case.state, case.in_force) == ("closed", "nothing")
    assert _trail(case)[-1] == "case.closed"


def test_an_overdue_case_is_escalated_to_every_owner_once_a_stage(
    case: Case, owner: User, second_owner: User, clock: Any
) -> None:
    clock.advance(days=13, hours=23)
    assert flows.watch_cases() == 0
    clock.advance(hours=2)
    assert [flows.watch_cases(), flows.watch_cases()] == [1, 0]
    for user in (owner, second_owner):
        assert Notice.objects.filter(user=user, key=f"case:{case.pk}:overdue:open").count() == 1
    flows.decide_case(case=case, decision="warning", reason="x", actor=owner)
    flows.appeal_case(case=case, text="No")
    assert flows.watch_cases() == 0
    clock.advance(days=14, minutes=1)
    assert [flows.watch_cases(), flows.watch_cases()] == [1, 0]
    assert _trail(case).count("case.escalated") == 2


def test_the_referrer_reads_answers_and_appeals_on_pages(
    case: Case, owner: User, referrer: User, client_of: Any, clock: Any
) -> None:
    CaseEvidence.objects.create(report=case.reports.get(), key="cases/x.png")
    CaseReport.objects.update(text="<script>alert(1)</script>", reporter=make_user(name="Snitch"))
    browser, address = client_of(referrer), f"/en/promote/cases/{case.pk}/"
    assert address in browser.get("/en/promote/cases/").content.decode()
    page = browser.get(address).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert(1)" not in page
    assert "Snitch" not in page
    proof = browser.get(f"{address}evidence/{CaseEvidence.objects.get().pk}/")
    assert "X-Amz-Signature" in proof.url
    assert browser.post(f"{address}speak/", {"text": ""}).status_code == 422
    browser.post(f"{address}speak/", {"text": "My side"})
    assert "My side" in browser.get(address).content.decode()
    flows.decide_case(case=case, decision="warning", reason="Be careful", actor=owner)
    assert "Be careful" in browser.get(address).content.decode()
    browser.post(f"{address}speak/", {"text": "I appeal"})
    case.refresh_from_db()
    assert (case.state, case.appeal) == ("appealed", "I appeal")


def test_the_owner_decides_on_pages(case: Case, owner: User, second_owner: User, client_of: Any, clock: Any) -> None:
    browser, address = client_of(owner), f"/admin/shop/cases/{case.pk}/"
    assert address in browser.get("/en/admin/shop/cases/").content.decode()
    assert "No answer yet" in browser.get(f"/en{address}").content.decode()
    flows.answer_case(case=case, text="My side of it")
    assert "My side of it" in browser.get(f"/en{address}").content.decode()
    for wrong in ({"decision": "x", "reason": "y"}, {"decision": "warning", "reason": " "}):
        browser.post(f"{address}decide/", wrong)
    assert Case.objects.get().state == "open"
    browser.post(f"{address}decide/", {"decision": "kill_links", "reason": "No"})
    assert Case.objects.get().decision == "kill_links"
    flows.appeal_case(case=case, text="Please")
    assert "another owner decides the appeal" in browser.get(f"/en{address}").content.decode()
    client_of(second_owner).post(f"{address}decide/", {"decision": "nothing", "reason": "Yes"})
    assert Case.objects.get().state == "closed"


def test_strangers_see_no_case(case: Case, student: User, teacher: User, client_of: Any) -> None:
    proof = CaseEvidence.objects.create(report=case.reports.get(), key="cases/x.png")
    for user in (student, teacher):
        browser = client_of(user)
        assert browser.get(f"/promote/cases/{case.pk}/").status_code == 404
        assert browser.post(f"/promote/cases/{case.pk}/speak/", {"text": "x"}).status_code == 404
        assert browser.get(f"/promote/cases/{case.pk}/evidence/{proof.pk}/").status_code == 404
        assert browser.get(f"/admin/shop/cases/{case.pk}/").status_code in (302, 403)
        assert browser.get(f"/admin/shop/cases/evidence/{proof.pk}/").status_code in (302, 403)
        browser.post(f"/admin/shop/cases/{case.pk}/decide/", {"decision": "warning", "reason": "x"})
    assert Client().get(f"/promote/cases/{case.pk}/").status_code == 302
    assert Case.objects.get().state == "open"


def test_the_owners_list_asks_the_same_for_one_case_and_for_many(case: Case, owner: User, client_of: Any) -> None:
    browser, counts = client_of(owner), []
    browser.get("/admin/shop/cases/")
    for more in (0, 20):
        for number in range(more):
            link = flows.create_link(owner=make_user(), target="/", code=f"x{number}")
            flows.report_link(link=link, reason="spam", text="x", seen_at="", reporter=None, address="")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/admin/shop/cases/")
        counts.append(len(queries))
    assert counts[0] == counts[1]
