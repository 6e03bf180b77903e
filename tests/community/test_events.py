"""Events: who makes them, who sees what of them, seats that are never oversold, the line, cancelling, reminders, calendars."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import stock.flows.holding
from accounts.roles import INSTRUCTOR, take_role
from community import flows
from community.errors import Refused
from community.flows.event_waits import SeatsFree, expire_event_offers, join_event_line
from community.flows.events import cancel_event, change_event
from community.flows.telling_events import send_event_reminders
from community.flows.ticket_mail import send_ticket_mail
from community.flows.tickets import Full, close_lost_tickets, give_seat_back, reserve_seat
from community.models import Event, EventWait, Ticket
from community.ticket_codes import signed_code
from kit.clock import now
from kit.models import AuditEntry, OutboxMessage
from kit.persons import erase_everything, everything_of
from notices.models import Notice
from notices.reads import inbox
from stock.models import StockItem
from tests.community.event_cast import ROOM, facts, free, line_of, live, make_event
from tests.factories import make_space, make_user
from tests.shop.crowd import at_once, oversold

pytestmark = pytest.mark.django_db
FORM = {
    "title": "Evening of chords",
    "day": "2031-07-01",
    "time": "20:00",
    "minutes": 90,
    "time_zone": "Asia/Taipei",
    "place": "offline",
    "venue": "Tea house",
    "address": "1 Lane, Taipei",
    "map_url": "https://map.example.org/1",
    "seats": 12,
    "source": "Bring **picks**.",
}


def post(client: Client, event: Event, what: str, **values: Any) -> Any:
    return client.post(f"/en/events/{event.pk}/{what}/", values, follow=True)


def page_of(client: Client, event: Event) -> str:
    return str(client.get(f"/en/events/{event.pk}/", follow=True).content.decode())


def test_a_teacher_makes_a_public_event_by_its_own_clock_and_everybody_sees_it(teacher: Any, client_of: Any) -> None:
    answer = client_of(teacher).post("/en/events/new/", FORM)
    assert answer.status_code == 302
    event = Event.objects.get()
    assert event.starts_at == datetime(2031, 7, 1, 12, 0, tzinfo=UTC)
    assert StockItem.objects.get(ref=event.seat_ref).on_hand == 12
    assert AuditEntry.objects.filter(action="event.made", actor_id=teacher.pk).exists()
    page = page_of(Client(), event)
    assert "Tea house" in page
    assert "<strong>picks</strong>" in page
    assert "https://map.example.org/1" in page
    assert "Evening of chords" in Client().get("/en/events/").content.decode()


@pytest.mark.parametrize("field", ["join_url", "map_url"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "http://plain.example.org/", "https://a b"])
def test_links_are_https_or_refused(teacher: Any, client_of: Any, field: str, address: str) -> None:
    answer = client_of(teacher).post("/en/events/new/", FORM | {field: address})
    assert answer.status_code == 400
    assert not Event.objects.exists()


def test_only_teachers_and_owners_make_events(student: Any, owner: Any, teacher: Any, moderator: Any, client_of: Any) -> None:
    space = make_space()
    boss, member = make_user(), make_user()
    flows.join(user=boss, space=space, role="owner")
    for person in (member, moderator):
        flows.join(user=person, space=space, role="moderator")
    for person in (student, member, moderator):
        assert client_of(person).get("/events/new/").status_code == 404
        assert client_of(person).post("/events/new/", FORM | {"space": space.pk}).status_code == 404
    assert client_of(boss).post("/events/new/", FORM).status_code == 400  # a space's owner makes none for everybody
    assert client_of(boss).post("/events/new/", FORM | {"space": make_space().pk}).status_code == 400
    assert not Event.objects.exists()
    assert client_of(boss).post("/events/new/", FORM | {"space": space.pk}).status_code == 302
    assert client_of(owner).post("/events/new/", FORM).status_code == 302
    assert Event.objects.count() == 2


def test_who_is_teacher_no_more_runs_nothing(teacher: Any, client_of: Any) -> None:
    event = make_event(teacher)
    assert client_of(teacher).get(f"/events/{event.pk}/edit/").status_code == 200
    take_role(user=teacher, role=INSTRUCTOR)
    assert client_of(type(teacher).objects.get(pk=teacher.pk)).get(f"/events/{event.pk}/edit/").status_code == 404


INNER = ["", "ticket/", "event.ics", "edit/", "cancel/", "door/", "report/", "pictures/1/"]
SENT = ["seat/", "line/", "edit/", "cancel/", "door/", "came/", "report/"]


def test_an_event_of_a_closed_space_is_missing_for_strangers(client_of: Any) -> None:
    boss, space = make_user(), make_space()
    flows.join(user=boss, space=space, role="owner")
    event = make_event(boss, space=space)
    refunded = make_user()
    flows.join(user=refunded, space=space, source="enrolment:9")
    reserve_seat(user=refunded, event=event)
    flows.leave(source="enrolment:9")
    for person in (make_user(), refunded):
        browser = client_of(person)
        for inner in INNER:
            assert browser.get(f"/events/{event.pk}/{inner}").status_code == 404, inner
        for inner in SENT:
            assert browser.post(f"/events/{event.pk}/{inner}", {"code": "x"}).status_code == 404, inner
        assert "Evening of chords" not in browser.get("/events/").content.decode()
        assert not Notice.objects.filter(user=person).exists() or "Evening" not in browser.get("/notices/").content.decode()
    assert Client().get(f"/events/{event.pk}/").headers["Location"].startswith("/accounts/login/")
    assert Client().get("/events/999999/").headers["Location"].startswith("/accounts/login/")


def test_a_member_finds_none_of_the_organisers_pages(student: Any, teacher: Any, client_of: Any) -> None:
    event = make_event(teacher)
    reserve_seat(user=student, event=event)
    for inner in ("edit/", "cancel/", "door/", "report/"):
        assert client_of(student).get(f"/events/{event.pk}/{inner}").status_code == 404
        assert client_of(student).post(f"/events/{event.pk}/{inner}", {"reason": "x"}).status_code == 404
    assert client_of(student).post(f"/events/{event.pk}/came/", {"ticket": Ticket.objects.get().pk}).status_code == 404


def test_the_way_in_is_shown_to_who_has_a_seat_and_to_nobody_else(
    student: Any, visitor: Any, teacher: Any, client_of: Any, settings: Any
) -> None:
    event = make_event(teacher)
    for client in (Client(), client_of(visitor), client_of(student)):
        assert ROOM not in page_of(client, event)
    shown = post(client_of(student), event, "seat").content.decode()
    assert Ticket.objects.get().printed_code in shown
    assert ROOM in page_of(client_of(student), event)
    assert ROOM not in page_of(client_of(visitor), event)
    assert ROOM not in client_of(student).get(f"/events/{event.pk}/event.ics").content.decode()
    post(client_of(student), event, "seat", back="yes")
    assert ROOM not in page_of(client_of(student), event)
    assert client_of(student).get(f"/events/{event.pk}/ticket/").status_code == 404


def test_one_press_takes_one_seat_however_often_it_is_pressed(student: Any, teacher: Any, client_of: Any) -> None:
    event = make_event(teacher)
    for _twice in range(2):
        post(client_of(student), event, "seat")
    assert (live(event), free(event)) == ([student], 1)


def test_a_full_event_offers_the_line_and_a_seat_passes_on_unseen(teacher: Any, client_of: Any, clock: Any) -> None:
    event = make_event(teacher, seats=1)
    first, second, third = make_user(), make_user(), make_user()
    with pytest.raises(SeatsFree):
        join_event_line(user=second, event=event)
    reserve_seat(user=first, event=event)
    assert "The last seat has just gone" in post(client_of(second), event, "seat").content.decode()
    for person in (second, third):
        post(client_of(person), event, "line")
        clock.advance(seconds=1)
    assert "number 2 in line" in page_of(client_of(third), event)
    post(client_of(first), event, "seat", back="yes")
    assert (line_of(event), free(event)) == (["offered", "waiting"], 0)
    with pytest.raises(Full):
        reserve_seat(user=third, event=event)
    assert "A seat for you" in Notice.objects.get(user=second, key__startswith="event-offer:").title
    assert "A seat is held for you" in page_of(client_of(second), event)
    reserve_seat(user=second, event=event)
    assert (line_of(event), live(event), free(event)) == (["taken", "waiting"], [second], 0)


def test_an_offer_ends_in_time_and_the_next_has_it(teacher: Any, clock: Any) -> None:
    event = make_event(teacher, seats=1, hours=24 * 9)
    first, second, third = make_user(), make_user(), make_user()
    reserve_seat(user=first, event=event)
    for person in (second, third):
        join_event_line(user=person, event=event)
    give_seat_back(user=first, event=event)
    assert expire_event_offers() == 0
    clock.advance(hours=60)
    assert expire_event_offers() == 1
    assert (line_of(event), free(event)) == (["expired", "offered"], 0)
    with pytest.raises(Full):
        reserve_seat(user=second, event=event)


def test_more_seats_go_to_the_line_first_and_fewer_than_taken_are_refused(teacher: Any, client_of: Any) -> None:
    event = make_event(teacher, seats=1)
    reserve_seat(user=make_user(), event=event)
    join_event_line(user=make_user(), event=event)
    change_event(by=teacher, event=event, seats=3, facts=facts())
    assert (line_of(event), free(event)) == (["offered"], 1)
    answer = client_of(teacher).post(f"/en/events/{event.pk}/edit/", FORM | {"seats": 1})
    assert answer.status_code == 400
    assert "2 seats are taken or held" in answer.content.decode()
    assert StockItem.objects.get(ref=event.seat_ref).on_hand == 3


def test_cancelling_tells_everybody_frees_the_free_and_offers_nothing(teacher: Any, client_of: Any) -> None:
    event = make_event(teacher, seats=1)
    first, second = make_user(), make_user()
    reserve_seat(user=first, event=event)
    join_event_line(user=second, event=event)
    assert client_of(teacher).post(f"/events/{event.pk}/cancel/", {"reason": " "}).status_code == 400
    post(client_of(teacher), event, "cancel", reason="The hall is flooded.")
    for person in (first, second):
        assert Notice.objects.get(user=person, key__contains=":cancelled:").text == "The hall is flooded."
    assert (live(event), line_of(event), StockItem.objects.get(ref=event.seat_ref).allocated) == ([], ["left"], 0)
    assert "The hall is flooded." in page_of(client_of(first), event)
    with pytest.raises(Refused):
        reserve_seat(user=first, event=event)
    assert "STATUS:CANCELLED" in client_of(first).get(f"/events/{event.pk}/event.ics").content.decode()


def test_who_has_a_seat_hears_of_another_time_or_place_only(teacher: Any, student: Any) -> None:
    event = make_event(teacher)
    reserve_seat(user=student, event=event)
    event.refresh_from_db()
    same = facts(source="More words")
    change_event(by=teacher, event=event, seats=2, facts=type(same)(**{**vars(same), "starts_at": event.starts_at}))
    assert not Notice.objects.filter(key__contains=":changed:").exists()
    change_event(by=teacher, event=event, seats=2, facts=facts(hours=72))
    assert Notice.objects.filter(user=student, key__contains=":changed:").count() == 1


def test_reminders_come_a_day_and_an_hour_before_once_and_not_to_who_gave_the_seat_back(teacher: Any, clock: Any) -> None:
    event = make_event(teacher, seats=5)
    early, gone, late = make_user(), make_user(), make_user()
    for person in (early, gone):
        reserve_seat(user=person, event=event)
    assert send_event_reminders() == 0
    clock.advance(hours=25)
    reserve_seat(user=late, event=event)
    for _twice in range(2):
        send_event_reminders()
    told = Notice.objects.filter(key__contains=":day:")
    assert set(told.values_list("user", flat=True)) == {early.pk, gone.pk}
    give_seat_back(user=gone, event=event)
    assert not [row for row in inbox(gone)[0] if ":day:" in row.key]
    assert [row for row in inbox(early)[0] if ":day:" in row.key]
    clock.advance(hours=22, minutes=30)
    for _twice in range(2):
        send_event_reminders()
    told = Notice.objects.filter(key__contains=":hour:")
    assert set(told.values_list("user", flat=True)) == {early.pk, late.pk}


def test_an_event_that_moves_reminds_again_and_takes_back_what_was_said(teacher: Any, student: Any, clock: Any) -> None:
    event = make_event(teacher, hours=30)
    reserve_seat(user=student, event=event)
    clock.advance(hours=7)
    send_event_reminders()
    assert Notice.objects.filter(key__contains=":day:").count() == 1
    change_event(by=teacher, event=event, seats=2, facts=facts(hours=72))
    assert not Notice.objects.filter(key__contains=":day:").exists()
    clock.advance(hours=50)
    send_event_reminders()
    assert Notice.objects.filter(key__contains=":day:").count() == 1


def test_the_seat_of_who_left_the_space_goes_to_the_next(clock: Any) -> None:
    boss, space, member, other = make_user(), make_space(), make_user(), make_user()
    flows.join(user=boss, space=space, role="owner")
    for person in (member, other):
        flows.join(user=person, space=space)
    event = make_event(boss, space=space, seats=1)
    reserve_seat(user=member, event=event)
    join_event_line(user=other, event=event)
    assert close_lost_tickets() == 0
    flows.leave(user=member, space=space)
    assert close_lost_tickets() == 1
    assert (live(event), line_of(event)) == ([], ["offered"])


def test_the_mail_holds_the_picture_the_code_and_the_calendar_and_not_the_way_in(teacher: Any, student: Any) -> None:
    event = make_event(teacher, title="Chords <b>", place="offline", venue="Tea house")
    ticket = reserve_seat(user=student, event=event)
    row = OutboxMessage.objects.get(topic="ticket.mail")
    send_ticket_mail(row.payload)
    message = mail.outbox[-1]
    raw = message.message().as_string()
    assert message.to == [student.email]
    assert ticket.printed_code in message.body
    assert "image/png" in raw
    assert "Content-ID: <ticket-qr>" in raw
    assert "text/calendar" in raw
    assert ROOM not in raw
    assert "<b>" not in message.alternatives[0][0].split("</h1>")[0].split("<h1>")[1]
    give_seat_back(user=student, event=event)
    send_ticket_mail(row.payload)
    assert len(mail.outbox) == 1


def test_codes_are_random_and_the_signature_is_of_one_event(teacher: Any) -> None:
    event, other = make_event(teacher, seats=9), make_event(teacher)
    codes = {reserve_seat(user=make_user(), event=event).code for _n in range(5)}
    assert len(codes) == 5
    assert all(len(code) == 12 for code in codes)
    twin = reserve_seat(user=make_user(), event=other)
    assert signed_code(twin).split(".")[0] == f"{other.pk}-{twin.code}"
    assert len(signed_code(twin).split(".")[1]) > 30


def test_the_private_calendar_holds_the_events_one_has_a_seat_in(teacher: Any, student: Any, client_of: Any) -> None:
    event, other = make_event(teacher, title="Mine"), make_event(teacher, title="Not mine")
    reserve_seat(user=student, event=event)
    client_of(student).post("/learn/calendar/", {"make": "yes"})
    feed = student.calendar_feed.token
    text = Client().get(f"/calendar/{feed}.ics").content.decode()
    assert "SUMMARY:Mine" in text
    assert other.title not in text
    give_seat_back(user=student, event=event)
    assert "SUMMARY:Mine" not in Client().get(f"/calendar/{feed}.ics").content.decode()


@pytest.mark.parametrize("size", [10, 1000])
def test_lists_cost_the_same_whatever_the_rows(
    size: int, teacher: Any, client_of: Any, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    moment, space = now(), make_space(visibility="public")
    one = make_event(teacher, seats=2 * size)
    people = type(teacher).objects.bulk_create([type(teacher)(email=f"crowd{n}@demo.test", name=f"P{n}") for n in range(size)])
    values = {"organiser": teacher, "minutes": 60, "created_at": moment, "changed_at": moment, "space": space}
    Event.objects.bulk_create([Event(title=f"E{n}", starts_at=moment + timedelta(hours=n), **values) for n in range(size)])
    Ticket.objects.bulk_create([Ticket(event=one, user=user, code=f"C{user.pk}", created_at=moment) for user in people])
    EventWait.objects.bulk_create([EventWait(event=one, user=user, joined_at=moment) for user in people])
    browser = client_of(teacher)
    for address, most in (("/events/", 11), (one.path, 16), (f"/events/{one.pk}/door/", 11)):
        with django_assert_max_num_queries(most):
            assert browser.get(address).status_code == 200


def test_paging_shows_every_event_once(teacher: Any) -> None:
    moment = now()
    values = {"organiser": teacher, "minutes": 60, "created_at": moment, "changed_at": moment}
    starts = moment + timedelta(hours=9)
    Event.objects.bulk_create([Event(title=f"E{n:02}", starts_at=starts, **values) for n in range(45)])
    seen, address = [], "/en/events/"
    while address:
        page = Client().get(address).context["page"]
        seen += [event.pk for event in page.events]
        address = f"/en/events/?after={page.following}" if page.following else ""
    assert (len(seen), len(set(seen))) == (45, 45)
    assert Client().get("/events/?after=nonsense").status_code == 200


def _rush(event: Event) -> list[Any]:
    people = [make_user() for _n in range(20)]
    return at_once([lambda user=user: reserve_seat(user=user, event=event) for user in people])  # type: ignore[misc]


@pytest.mark.django_db(transaction=True)
def test_twenty_people_for_three_seats_and_three_have_one(teacher: Any) -> None:
    event = make_event(teacher, seats=3)
    answers = _rush(event)
    assert sum(isinstance(answer, Ticket) for answer in answers) == 3, answers
    assert sum(isinstance(answer, Full) for answer in answers) == 17, answers
    assert (len(live(event)), free(event)) == (3, 0)


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_more_seats_are_taken_than_there_are(teacher: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    event = make_event(teacher, seats=3)
    monkeypatch.setattr(
        stock.flows.holding, "lock_rows", lambda rows, ids: {row.pk: row for row in rows.filter(pk__in=list(ids)).order_by("pk")}
    )
    with oversold():
        _rush(event)
        assert len(live(event)) > 3


def test_erasing_gives_the_seat_back_and_exporting_names_it(teacher: Any, student: Any) -> None:
    event = make_event(teacher)
    reserve_seat(user=student, event=event)
    assert everything_of(student)["events"]["tickets"][0]["event__title"] == event.title
    erase_everything(student)
    assert free(event) == 2


def test_a_wrong_time_or_place_is_a_clear_error(teacher: Any, client_of: Any) -> None:
    for wrong in ({"day": "2001-01-01"}, {"time_zone": "Mars/Base"}, {"venue": "", "address": ""}, {"seats": 0}, {"title": " "}):
        assert client_of(teacher).post("/events/new/", FORM | wrong).status_code == 400
    assert not Event.objects.exists()


def test_the_page_of_an_event_runs_no_script_of_its_maker(teacher: Any) -> None:
    bad = "<script>alert(1)</script>"
    event = make_event(teacher, title=bad, source=bad, place="offline", venue=bad, address=bad)
    cancel_event(by=teacher, event=event, reason=bad)
    for address in (event.path, "/events/"):
        with CaptureQueriesContext(connection):
            assert "<script>alert" not in Client().get(address).content.decode()
