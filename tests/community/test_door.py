"""The door: signed codes, one entry a ticket, scans that are sent again, two doors at once; what happened afterwards."""

import time
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import QuerySet
from django.test import Client
from PIL import Image

from community import flows
from community.flows import door
from community.flows.door import Answer, admit, set_came
from community.flows.event_reports import write_report
from community.flows.events import cancel_event
from community.flows.tickets import give_seat_back, reserve_seat
from community.models import Event, EventPicture, Ticket, Topic
from community.ticket_codes import door_address, signed_code
from kit.clock import now
from kit.models import AuditEntry, OutboxMessage
from tests.community.event_cast import make_event
from tests.factories import make_space, make_user
from tests.shop.crowd import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(teacher: Any) -> Event:
    return make_event(teacher, seats=5, hours=1, place="offline", venue="Tea house")


@pytest.fixture
def ticket(event: Event, student: Any) -> Ticket:
    return reserve_seat(user=student, event=event)


def scan(client: Client, event: Event, **values: Any) -> dict[str, Any]:
    answer = client.post(f"/en/events/{event.pk}/door/", values, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    return dict(answer.json())


def test_a_scanned_ticket_lets_in_once_and_the_second_time_says_when(
    event: Event, ticket: Ticket, teacher: Any, client_of: Any
) -> None:
    browser = client_of(teacher)
    first = scan(browser, event, code=door_address(ticket), key="a")
    assert (first["state"], first["ok"], first["title"]) == ("in", True, "An")
    second = scan(browser, event, code=door_address(ticket), key="b")
    came = Ticket.objects.get().came_at
    assert came is not None
    assert (second["state"], second["ok"]) == ("already", False)
    assert second["text"] == f"Already in at {came + timedelta(hours=8):%H:%M}."  # by the event's own clock, Taipei
    assert Ticket.objects.get().let_in_by == teacher


def test_a_scan_that_is_sent_again_is_the_same_entry(event: Event, ticket: Ticket, teacher: Any, client_of: Any) -> None:
    answers = [scan(client_of(teacher), event, code=signed_code(ticket), key="one") for _n in range(3)]
    assert [answer["state"] for answer in answers] == ["in", "in", "in"]
    assert len({answer["at"] for answer in answers}) == 1


def test_an_entry_kept_while_the_network_was_away_has_the_time_of_its_scan(event: Event, ticket: Ticket, teacher: Any) -> None:
    moment = now() - timedelta(minutes=40)
    assert admit(by=teacher, event=event, key="k", code=ticket.code, scanned_at=moment).came_at == moment


@pytest.mark.parametrize("wrong", [timedelta(days=30), -timedelta(days=30)])
def test_a_phone_with_a_wrong_clock_writes_no_history(event: Event, ticket: Ticket, teacher: Any, wrong: timedelta) -> None:
    answer = admit(by=teacher, event=event, key="k", code=ticket.code, scanned_at=now() + wrong)
    assert answer.came_at is not None
    assert abs(answer.came_at - now()) < timedelta(minutes=1)


def test_the_code_is_typed_as_it_is_printed(event: Event, ticket: Ticket, teacher: Any, client_of: Any) -> None:
    page = client_of(teacher).post(f"/en/events/{event.pk}/door/", {"code": ticket.printed_code.lower(), "key": "x"})
    assert "Welcome. In at" in page.content.decode()


def test_a_name_of_the_list_is_let_in(event: Event, ticket: Ticket, teacher: Any, client_of: Any) -> None:
    browser = client_of(teacher)
    assert "An" in browser.get(f"/en/events/{event.pk}/door/?q=an").content.decode()
    assert "Nobody of that name" in browser.get(f"/en/events/{event.pk}/door/?q=zzz").content.decode()
    assert scan(browser, event, ticket=ticket.pk, key="x")["state"] == "in"


def test_forged_foreign_closed_and_cancelled_tickets_let_nobody_in(
    event: Event, ticket: Ticket, teacher: Any, student: Any
) -> None:
    other = reserve_seat(user=student, event=make_event(teacher))
    good = signed_code(ticket)
    forged = good[:-3] + ("AAA" if not good.endswith("AAA") else "BBB")
    own = signed_code(other).replace(f"{other.event_id}-", f"{event.pk}-")
    for code in (forged, own, signed_code(other), other.code, "", "x" * 5000, f"{event.pk}-{ticket.code}.", "'; --"):
        assert admit(by=teacher, event=event, key="", code=code).state == "unknown", code
    assert admit(by=teacher, event=event, key="", ticket_id=other.pk).state == "unknown"
    give_seat_back(user=student, event=event)
    assert admit(by=teacher, event=event, key="", code=good).state == "closed"
    again = reserve_seat(user=student, event=event)
    cancel_event(by=teacher, event=event, reason="Rain")
    assert admit(by=teacher, event=event, key="", code=again.code).state == "cancelled"
    assert not Ticket.objects.filter(came_at__isnull=False).exists()


def test_who_left_the_space_is_not_let_in() -> None:
    boss, space, member = make_user(), make_space(), make_user()
    flows.join(user=boss, space=space, role="owner")
    flows.join(user=member, space=space)
    event = make_event(boss, space=space, hours=1)
    ticket = reserve_seat(user=member, event=event)
    flows.leave(user=member, space=space)
    assert admit(by=boss, event=event, key="", code=ticket.code).state == "closed"


def test_helpers_of_the_space_stand_at_the_door_and_members_do_not(client_of: Any) -> None:
    boss, space, helper, member = make_user(), make_space(), make_user(), make_user()
    for person, role in ((boss, "owner"), (helper, "helper"), (member, "member")):
        flows.join(user=person, space=space, role=role)
    event = make_event(boss, space=space, hours=1)
    ticket = reserve_seat(user=member, event=event)
    assert client_of(member).post(f"/events/{event.pk}/door/", {"code": ticket.code}).status_code == 404
    assert scan(client_of(helper), event, code=ticket.code)["state"] == "in"
    assert client_of(helper).post(f"/events/{event.pk}/came/", {"ticket": ticket.pk}).status_code == 404


def _two_doors(event: Event, ticket: Ticket, teacher: Any) -> list[str]:
    answers = at_once(
        [lambda n=n: admit(by=teacher, event=event, key=f"door{n}", code=ticket.code) for n in range(6)]  # type: ignore[misc]
    )
    assert all(isinstance(answer, Answer) for answer in answers), answers
    return [answer.state for answer in answers]


@pytest.mark.django_db(transaction=True)
def test_two_doors_at_once_are_one_entry(event: Event, ticket: Ticket, teacher: Any) -> None:
    assert sorted(_two_doors(event, ticket, teacher)) == ["already"] * 5 + ["in"]


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_two_doors_let_two_in(
    event: Event, ticket: Ticket, teacher: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = door._moment

    def slowly(*args: Any) -> Any:
        time.sleep(0.3)
        return honest(*args)

    monkeypatch.setattr(door, "_moment", slowly)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    assert _two_doors(event, ticket, teacher).count("in") > 1


def test_the_organiser_takes_a_wrong_entry_back_and_the_trail_says_so(
    event: Event, ticket: Ticket, teacher: Any, client_of: Any
) -> None:
    admit(by=teacher, event=event, key="k", code=ticket.code)
    client_of(teacher).post(f"/events/{event.pk}/came/", {"ticket": ticket.pk, "came": "no"})
    assert Ticket.objects.get().came_at is None
    assert AuditEntry.objects.filter(action="event.came").exists()
    set_came(by=teacher, event=event, ticket_id=ticket.pk, came=True)
    assert Ticket.objects.get().came_at is not None


def picture(colour: str = "red") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG", exif=Image.Exif())
    return SimpleUploadedFile("a.jpg", out.getvalue(), content_type="image/jpeg")


def test_a_report_with_pictures_and_a_topic_once_the_event_has_begun(client_of: Any, clock: Any) -> None:
    boss, space, member = make_user(), make_space(), make_user()
    flows.join(user=boss, space=space, role="owner")
    flows.join(user=member, space=space)
    event = make_event(boss, space=space, hours=1)
    ticket = reserve_seat(user=member, event=event)
    values = {"text": "We played **all** of it.", "recording_url": "https://film.example.org/1", "in_space": "on"}
    assert client_of(boss).post(f"/en/events/{event.pk}/report/", values).status_code == 400
    clock.advance(hours=2)
    admit(by=boss, event=event, key="k", code=ticket.code)
    files = {"pictures": [picture("red"), picture("blue")]}
    for _twice in range(2):
        client_of(boss).post(f"/en/events/{event.pk}/report/", values | (files if not _twice else {}))
    page = client_of(member).get(f"/en/events/{event.pk}/", follow=True).content.decode()
    assert "1 person came." in page
    assert "<strong>all</strong>" in page
    assert "https://film.example.org/1" in page
    assert EventPicture.objects.count() == 2
    topic = Topic.objects.get()
    assert (topic.kind, topic.about, topic.space) == ("experience", f"event:{event.pk}", space)
    shown = client_of(member).get(f"/events/{event.pk}/pictures/{EventPicture.objects.first().pk}/")  # type: ignore[union-attr]
    assert shown.status_code == 302
    assert "X-Amz-Expires" in shown.headers["Location"]
    assert client_of(make_user()).get(f"/events/{event.pk}/pictures/{event.pictures.first().pk}/").status_code == 404
    client_of(boss).post(f"/events/{event.pk}/report/", {"drop": event.pictures.first().pk})
    assert EventPicture.objects.count() == 1
    assert OutboxMessage.objects.filter(topic="event.picture.dropped").count() == 1


@pytest.mark.parametrize("content", [b"<svg onload=alert(1)>", b"GIF89a", b"\xff\xd8\xffbroken"])
def test_what_is_no_picture_is_refused_and_nothing_is_stored(teacher: Any, clock: Any, client_of: Any, content: bytes) -> None:
    event = make_event(teacher, hours=1)
    clock.advance(hours=2)
    answer = client_of(teacher).post(
        f"/events/{event.pk}/report/", {"text": "x", "pictures": SimpleUploadedFile("a.png", content, content_type="image/png")}
    )
    assert answer.status_code == 400
    event.refresh_from_db()
    assert (event.report, EventPicture.objects.count()) == ("", 0)


def test_the_camera_page_has_what_its_script_needs_and_works_without(
    event: Event, ticket: Ticket, teacher: Any, client_of: Any
) -> None:
    answer = client_of(teacher).get(f"/en/events/{event.pk}/door/?t={signed_code(ticket)}")
    page = answer.content.decode()
    assert "camera=(self)" in answer.headers["Permissions-Policy"]
    assert "js/door.js" in page
    assert signed_code(ticket) in page
    assert Ticket.objects.get().came_at is None  # GET changes nothing


def test_a_report_is_a_runners(event: Event, student: Any) -> None:
    from community.errors import Refused

    with pytest.raises(Refused):
        write_report(by=student, event=event, text="x")
