"""Joining: one press, by application, by invitation; versions, signatures, channels."""

from typing import Any

import pytest
from django.test import Client

from kit.models import AuditEntry
from notices.models import Notice
from shop.referrals import flows
from shop.referrals.flows.agreement import signature_of
from shop.referrals.models import Admission, Agreement, Attribution, Channel, Link, Programme
from shop.referrals.rules import Rules
from tests.factories import make_user
from tests.referrals.conftest import MakeOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(request: Any) -> Programme:
    return flows.create_programme(name="Chosen few", rules=Rules(), joining=request.param, text="The whole of it.")


def press(browser: Client, programme: Programme, **more: Any) -> Any:
    return browser.post("/promote/join/", {"programme": programme.pk, **more})


def test_agreeing_is_recorded_with_the_version_and_a_digest_of_what_was_read(
    client_of: Any, student: Any, programme: Programme
) -> None:
    version = programme.versions.get()
    press(client_of(student), programme, version=version.pk)
    agreement = Agreement.objects.get(user=student)
    assert (agreement.version, agreement.signature) == (version, signature_of(version))
    assert AuditEntry.objects.get(action="agreement.signed", actor_id=student.pk).after["signature"] == agreement.signature
    other = flows.change_rules(programme=programme, rules=Rules(), text="Another text.", actor=None)
    assert signature_of(other) != agreement.signature


def test_who_read_an_older_version_has_not_agreed(client_of: Any, student: Any, programme: Programme) -> None:
    read = programme.versions.get()
    flows.change_rules(programme=programme, rules=Rules(window_days=7), actor=None)
    press(client_of(student), programme, version=read.pk)
    assert not Agreement.objects.filter(user=student).exists()


def test_the_whole_agreement_stands_behind_a_link(client_of: Any, student: Any, programme: Programme) -> None:
    flows.change_rules(programme=programme, rules=Rules(), text="Clause one.\nClause two.", actor=None)
    browser = client_of(student)
    assert f"/promote/agreements/{programme.pk}/" in browser.get("/promote/").content.decode()
    assert "Clause two." in browser.get(f"/en/promote/agreements/{programme.pk}/").content.decode()
    assert browser.get("/promote/agreements/99999/").status_code == 404
    assert Client().get(f"/promote/agreements/{programme.pk}/").status_code == 302


@pytest.mark.parametrize("closed", ["application", "invitation"], indirect=True)
def test_what_is_not_open_cannot_be_joined_by_a_press(client_of: Any, student: Any, closed: Programme) -> None:
    press(client_of(student), closed)
    assert not Agreement.objects.exists()


@pytest.mark.parametrize("closed", ["application"], indirect=True)
@pytest.mark.parametrize("accept", [True, False])
def test_an_application_is_decided_once_and_told(
    client_of: Any, student: Any, owner: Any, closed: Programme, accept: bool
) -> None:
    browser = client_of(student)
    browser.post("/promote/apply/", {"programme": closed.pk, "message": "My LINE group"})
    browser.post("/promote/apply/", {"programme": closed.pk, "message": "Again"})
    row = Admission.objects.get()
    assert (row.state, row.message) == ("waiting", "My LINE group")
    assert "being read" in browser.get("/en/promote/").content.decode()
    flows.decide_application(admission=row, accept=accept, actor=owner, reason="We know her")
    flows.decide_application(admission=row, accept=not accept, actor=owner)
    press(browser, closed)
    assert Agreement.objects.filter(user=student).exists() is accept
    assert Notice.objects.filter(user=student, kind="promote").count() == 1
    assert AuditEntry.objects.get(action="programme.application").reason == "We know her"


@pytest.mark.parametrize("closed", ["invitation"], indirect=True)
def test_an_invitation_is_seen_by_the_invited_alone(client_of: Any, student: Any, owner: Any, closed: Programme) -> None:
    flows.invite(user=student, programme=closed, actor=owner)
    assert "Chosen few" not in client_of(make_user()).get("/promote/").content.decode()
    assert press(client_of(make_user()), closed).status_code == 404
    assert "Chosen few" in client_of(student).get("/promote/").content.decode()
    press(client_of(student), closed)
    assert Agreement.objects.get().user == student
    assert Admission.objects.get().state == "accepted"


@pytest.mark.parametrize("closed", ["invitation"], indirect=True)
def test_nobody_applies_where_only_invitations_count(student: Any, closed: Programme) -> None:
    with pytest.raises(flows.CannotJoin):
        flows.apply_to_join(user=student, programme=closed, message="Please")


def test_a_closed_programme_takes_nobody(student: Any, programme: Programme, owner: Any) -> None:
    flows.set_joining(programme=programme, joining="open", is_open=False, actor=owner)
    with pytest.raises(flows.CannotJoin):
        flows.join_programme(user=student, programme=programme)


def test_the_general_agreement_does_not_open_a_programme_that_chooses_its_people(
    make_order: MakeOrder, clicked: Any, offer: Any
) -> None:
    flows.create_programme(name="Ukulele", offer=offer, rules=Rules(), joining="application")
    make_order(visitor=clicked)
    assert not Attribution.objects.exists()


def test_an_agreement_that_is_ended_stops_earning_and_is_in_the_trail(
    make_order: MakeOrder, clicked: Any, owner: Any, referrer: Any
) -> None:
    first = make_order(visitor=clicked)
    flows.end_agreement(agreement=Agreement.objects.get(user=referrer), actor=owner, reason="Prices below the floor")
    make_order(visitor=clicked)
    assert Attribution.objects.get().order == first
    assert AuditEntry.objects.get(action="agreement.ended").reason == "Prices below the floor"


def test_channels_are_registered_once_and_are_ones_own(client_of: Any, student: Any) -> None:
    browser = client_of(student)
    for _again in range(2):
        browser.post("/promote/channels/register/", {"kind": "line", "address": "Mums of class 3"})
    channel = Channel.objects.get()
    assert "Mums of class 3" in browser.get("/promote/channels/").content.decode()
    other = client_of(make_user())
    assert "Mums of class 3" not in other.get("/promote/channels/").content.decode()
    assert other.post(f"/promote/channels/{channel.pk}/end/").status_code == 404
    browser.post(f"/promote/channels/{channel.pk}/end/")
    assert "Mums of class 3" not in browser.get("/promote/channels/").content.decode()
    assert browser.post("/promote/channels/register/", {"kind": "line", "address": ""}).status_code == 422
    assert Client().get("/promote/channels/").status_code == 302


def test_the_page_shows_coupons_in_ones_name(client_of: Any, student: Any) -> None:
    from tests.factories import make_coupon

    make_coupon("MEI10", referrer=student)
    assert "MEI10" in client_of(student).get("/promote/channels/").content.decode()
    assert "MEI10" not in client_of(make_user()).get("/promote/channels/").content.decode()


def test_an_agreement_speaks_of_what_its_offer_holds(client_of: Any, student: Any, programme: Programme, offer: Any) -> None:
    """A course without a box earns nothing "of the goods in the box", whatever the rules say of goods."""
    own = flows.create_programme(name="Just the course", rules=Rules(), offer=offer)
    browser = client_of(student)
    assert "goods in the box" in browser.get(f"/en/promote/agreements/{own.pk}/").content.decode()
    offer.bundles.get(is_current=True).components.filter(kind="stock").delete()
    page = browser.get(f"/en/promote/agreements/{own.pk}/").content.decode()
    assert "of the course fee" in page
    assert "goods in the box" not in page


def test_agreeing_gives_a_link_to_what_the_programme_is_about_also_to_who_has_links(
    client_of: Any, student: Any, programme: Programme, offer: Any
) -> None:
    browser = client_of(student)
    press(browser, programme)
    own = flows.create_programme(name="Ukulele", rules=Rules(), offer=offer)
    answer = press(browser, own)
    link = Link.objects.get(owner=student, target=f"/courses/{offer.course.slug}/")
    assert link.code in answer["Location"]
    press(browser, own)
    assert Link.objects.filter(owner=student, target=link.target).count() == 1
