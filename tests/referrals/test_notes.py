"""An order that came from a note credits its author like a link does, and that is said beside the offer."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client, RequestFactory
from django.utils import translation

from accounts.models import User
from community.flows import notes
from community.models import Note, NotePicture
from kit.clock import now
from kit.models import Picture
from shop.referrals import flows, numbers
from shop.referrals.cookies import visitor_of
from shop.referrals.models import Agreement, Attribution, Click, Link, Programme
from shop.referrals.receipts import exported
from shop.referrals.replay import differences
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def note(referrer: User, offer: Any) -> Note:
    found = notes.write_note(author=referrer, title="My strings", source="", tags=[], key="n")
    cover = Picture.objects.create(title="x", file="pictures/none.webp", width=4, height=5)
    NotePicture.objects.create(note=found, picture=cover, position=1)
    notes.tag_thing(note=found, ref=f"offer:{offer.pk}")
    return notes.publish_note(note=found)


def way(note: Note) -> str:
    return f"/notes/{note.pk}/to/{note.things.get().pk}/"


def token(browser: Client) -> UUID | None:
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in browser.cookies.items()}
    return visitor_of(request)


def test_a_click_in_a_note_credits_its_author(note: Note, programme: Programme, make_order: Any, referrer: User) -> None:
    browser = Client()
    assert browser.get(way(note)).status_code == 302
    order = make_order(visitor=token(browser))
    row = Attribution.objects.get(order=order)
    assert row.referrer == referrer
    [touch] = row.receipt["touches"]
    assert (touch["kind"], touch["channel"], touch["live"]) == ("note", f"note:{note.pk}", True)
    assert differences(exported(row)) == []


def test_bought_in_the_note_itself_credits_its_author(note: Note, programme: Programme, make_order: Any, referrer: User) -> None:
    row = Attribution.objects.get(order=make_order(place=f"note:{note.pk}"))
    assert row.referrer == referrer
    assert row.receipt["touches"][0]["kind"] == "note"


def test_a_click_in_a_note_grows_old(note: Note, programme: Programme, make_order: Any, clock: Any) -> None:
    browser = Client()
    browser.get(way(note))
    clock.advance(days=31)
    order = make_order(visitor=token(browser))
    assert not Attribution.objects.filter(order=order).exists()
    assert order.terms["referral"]["receipt"]["decision"]["verdicts"] == ["too_old"]


def test_a_note_that_was_removed_credits_nobody(note: Note, programme: Programme, make_order: Any, moderator: User) -> None:
    browser = Client()
    browser.get(way(note))
    notes.remove_note(by=moderator, note=note, reason="x")
    for order in (make_order(visitor=token(browser)), make_order(place=f"note:{note.pk}")):
        assert not Attribution.objects.filter(order=order).exists()


def test_without_an_agreement_nothing_is_stored_and_no_cookie_given(note: Note, programme: Programme) -> None:
    browser = Client()
    Agreement.objects.update(ended_at=now())
    browser.get(way(note))
    Agreement.objects.all().delete()
    browser.get(way(note))
    assert not Click.objects.exists()
    assert token(browser) is None


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Dest": "image"}, {"Sec-Purpose": "prefetch"}, {"Sec-Fetch-Dest": "iframe"}])
def test_what_is_no_visit_stores_nothing(note: Note, programme: Programme, headers: dict[str, str]) -> None:
    browser = Client()
    browser.get(way(note), headers=headers)
    assert not Click.objects.exists()
    assert token(browser) is None


def test_who_asks_not_to_be_tracked_keeps_the_token_until_the_browser_closes(note: Note, programme: Programme) -> None:
    browser = Client()
    browser.get(way(note), headers={"Sec-GPC": "1"})
    assert Click.objects.count() == 1
    assert not browser.cookies["cy_ref"]["max-age"]


def test_the_authors_own_click_is_none(note: Note, programme: Programme, referrer: User, client_of: Any) -> None:
    client_of(referrer).get(way(note))
    assert not Click.objects.exists()


def test_a_click_is_bound_to_the_account_that_signs_in(note: Note, programme: Programme, make_order: Any, referrer: User) -> None:
    browser, buyer = Client(), make_user()
    browser.get(way(note))
    visitor = token(browser)
    assert visitor is not None
    flows.bind_visitor(user=buyer, visitor=visitor)
    order = make_order(user=buyer, email=buyer.email)
    assert Attribution.objects.get(order=order).referrer == referrer


def test_who_signs_up_after_a_click_in_a_note_stays_the_authors(
    note: Note, programme: Programme, make_order: Any, referrer: User, clock: Any
) -> None:
    browser = Client()
    browser.get(way(note))
    visitor = token(browser)
    assert visitor is not None
    buyer = make_user()
    flows.bind_visitor(user=buyer, visitor=visitor)
    clock.advance(days=200)
    order = make_order(user=buyer, email=buyer.email)
    row = Attribution.objects.get(order=order)
    assert row.referrer == referrer
    assert [touch["kind"] for touch in row.receipt["touches"]] == ["note", "binding"]
    assert row.receipt["decision"]["winner"] == 1
    assert differences(exported(row)) == []


def test_clicks_sign_ups_and_orders_by_notes_are_a_channel_of_their_own(
    note: Note, programme: Programme, make_order: Any, referrer: User, client_of: Any
) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.get(way(note))
    flows.bind_visitor(user=make_user(), visitor=token(browsers[0]))  # type: ignore[arg-type]
    make_order(visitor=token(browsers[1]))
    with translation.override("en"):
        [row] = numbers.report(referrer, "channel", 7)
    assert (row.label, row.clicks, row.sign_ups, row.orders, row.kept) == ("notes", 2, 1, 1, 1)
    [course] = numbers.report(referrer, "course", 7)
    assert (course.clicks, course.orders) == (2, 1)
    assert "2" in client_of(referrer).get("/en/promote/numbers/?by=channel").content.decode()


def test_the_second_click_uses_the_first_ones_link_which_is_nothing_that_the_author_made(
    note: Note, programme: Programme, referrer: User, client_of: Any
) -> None:
    for _visit in range(2):
        Client().get(way(note))
    link = Link.objects.get()
    assert (link.owner, link.note, Click.objects.filter(link=link).count()) == (referrer, note, 2)
    assert link.code not in client_of(referrer).get("/promote/").content.decode()


def test_a_note_whose_link_a_case_switched_off_credits_nobody(note: Note, programme: Programme, make_order: Any) -> None:
    browser, late = Client(), Client()
    browser.get(way(note))
    Link.objects.update(killed_at=now())
    late.get(way(note))
    assert token(late) is None
    assert not Attribution.objects.filter(order=make_order(visitor=token(browser))).exists()


def test_it_is_said_beside_the_offer_that_the_author_earns_and_only_then(note: Note, programme: Programme) -> None:
    assert "earns a share" in Client().get(f"/en{note.path}").content.decode()
    Agreement.objects.all().delete()
    assert "earns a share" not in Client().get(f"/en{note.path}").content.decode()


def test_links_may_lead_to_notes(note: Note, programme: Programme, referrer: User, client_of: Any) -> None:
    assert note.path in client_of(referrer).get("/promote/links/").content.decode()
    link = flows.create_link(owner=referrer, target=note.path)
    assert Client().get(f"/r/{link.code}/")["Location"] == note.path
