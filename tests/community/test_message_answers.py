"""The reply clock, absences that answer by themselves, canned answers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community import flows
from community.models import CannedAnswer, Conversation, Message
from kit.clock import FALLBACK_ZONE, local_date, now, start_of_day
from kit.reply_clock import due_after
from shop.catalogue.flows import end_holiday, set_holiday
from tests.factories import make_user

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def ask(asker: User, answerer: User, key: str = "one") -> Conversation:
    return flows.write_to(author=asker, person=answerer, source="When?", key=key).conversation


def go_away(teacher: User, days: int = 3) -> Any:
    until = local_date(now(), FALLBACK_ZONE) + timedelta(days=days)
    return set_holiday(seller=teacher, kind="shift", until=until, actor=teacher)


def test_the_clock_starts_with_the_first_question_is_the_same_for_both_and_stops_with_the_answer(
    student: User, teacher: User, client_of: SignIn, clock: Any
) -> None:
    talk = ask(student, teacher)
    assert talk.due_at is not None
    assert abs(talk.due_at - now() - timedelta(hours=48)) < timedelta(minutes=1)
    clock.advance(hours=5)
    ask(student, teacher, key="two")
    talk.refresh_from_db()
    assert abs(talk.due_at - now() - timedelta(hours=43)) < timedelta(minutes=1)
    mine = client_of(student).get(f"/en/messages/{talk.pk}/")
    theirs = client_of(teacher).get(f"/en/messages/{talk.pk}/")
    assert mine.context["talk"].due_at == theirs.context["talk"].due_at == talk.due_at
    assert "An answer is due in" in mine.content.decode()
    assert "Your answer is due in" in theirs.content.decode()
    flows.send_message(author=teacher, conversation=talk, source="Soon.", key="a")
    talk.refresh_from_db()
    assert talk.due_at is None
    assert "answer is due" not in client_of(student).get(f"/en/messages/{talk.pk}/").content.decode()


def test_a_late_answer_is_marked_in_the_inbox(student: User, teacher: User, client_of: SignIn, clock: Any) -> None:
    ask(student, teacher)
    assert "waits for your answer" in client_of(teacher).get("/en/messages/").content.decode()
    clock.advance(hours=49)
    assert "answer overdue" in client_of(teacher).get("/en/messages/").content.decode()
    assert "answer overdue" not in client_of(student).get("/en/messages/").content.decode()


def test_each_teacher_sets_hours_of_their_own(student: User, teacher: User, teacher2: User, client_of: SignIn) -> None:
    client_of(teacher).post("/en/messages/settings/", {"what": "rules", "hours": "6", "away_text": ""})
    page = client_of(student).get(f"/en/messages/new/?to={teacher.profile.handle}").content.decode()
    assert "Answers within 6 hours" in page
    due, other = ask(student, teacher).due_at, ask(student, teacher2, key="two").due_at
    assert due is not None
    assert other is not None
    assert abs(other - due - timedelta(hours=42)) < timedelta(minutes=1)
    assert client_of(teacher).post("/en/messages/settings/", {"what": "rules", "hours": "0"}).status_code == 400


def test_days_of_absence_do_not_count(student: User, teacher: User) -> None:
    back = go_away(teacher).until
    talk = ask(student, teacher)
    assert talk.due_at == start_of_day(back, FALLBACK_ZONE) + timedelta(hours=48)


def test_an_absence_answers_once_in_each_conversation_and_again_in_the_next_absence(
    student: User, visitor: User, teacher: User, client_of: SignIn, clock: Any
) -> None:
    flows.set_answer_rules(user=teacher, hours=None, away_text="On tour!")
    go_away(teacher)
    talk = ask(student, teacher)
    ask(student, teacher, key="two")
    other = ask(visitor, teacher)
    said = Message.objects.filter(is_automatic=True).order_by("pk")
    assert [message.conversation_id for message in said] == [talk.pk, other.pk]
    page = client_of(student).get(f"/en/messages/{talk.pk}/").content.decode()
    assert "On tour!" in page
    assert "Away, back on" in page
    assert "automatic answer" in page
    talk.refresh_from_db()
    assert talk.due_at is not None  # no person has answered
    clock.advance(days=4)
    ask(student, teacher, key="three")
    assert said.all().count() == 2
    go_away(teacher)
    ask(student, teacher, key="four")
    assert said.all().count() == 3


def test_coming_back_early_ends_it_and_whoever_is_away_themselves_may_write(student: User, teacher: User) -> None:
    go_away(teacher)
    end_holiday(seller=teacher, actor=teacher)
    talk = ask(student, teacher)
    go_away(teacher)
    flows.send_message(author=teacher, conversation=talk, source="From the beach", key="a")
    assert not Message.objects.filter(is_automatic=True).exists()


def test_an_automatic_answer_does_not_make_two_acquainted(student: User, teacher: User, client_of: SignIn, settings: Any) -> None:
    settings.MESSAGES_PER_HOUR_TO_STRANGERS = 1
    go_away(teacher)
    talk = ask(student, teacher)
    assert client_of(student).post(f"/en/messages/{talk.pk}/", {"source": "x"}).status_code == 429


def test_canned_answers_are_kept_changed_inserted_and_ones_own(
    student: User, teacher: User, teacher2: User, client_of: SignIn
) -> None:
    browser = client_of(teacher)
    browser.post("/en/messages/settings/", {"what": "canned", "new-title": "Tuning", "new-source": "Use a *tuner*."})
    row = CannedAnswer.objects.get()
    talk = ask(student, teacher)
    page = browser.get(f"/en/messages/{talk.pk}/").content.decode()
    assert 'data-insert="Use a *tuner*."' in page
    filled = browser.get(f"/en/messages/{talk.pk}/?canned={row.pk}").content.decode()
    assert "Use a *tuner*.</textarea>" in filled.replace("\r\n", "\n")
    assert "Use a *tuner*." not in client_of(student).get(f"/en/messages/{talk.pk}/?canned={row.pk}").content.decode()
    client_of(teacher2).post("/en/messages/settings/", {"what": "canned", "id": row.pk, "title": "Mine", "source": "now"})
    client_of(teacher2).post(f"/en/messages/settings/{row.pk}/drop/")
    row.refresh_from_db()
    assert row.title == "Tuning"
    browser.post("/en/messages/settings/", {"what": "canned", "id": row.pk, "title": "Tuning", "source": "By ear."})
    row.refresh_from_db()
    assert row.source == "By ear."
    browser.post(f"/en/messages/settings/{row.pk}/drop/")
    assert CannedAnswer.objects.filter(owner=teacher).count() == 0


def test_hours_run_only_on_days_that_count() -> None:
    moment = start_of_day(local_date(now(), FALLBACK_ZONE), FALLBACK_ZONE)
    day = local_date(moment, FALLBACK_ZONE)
    off = [(day, day + timedelta(days=1))]
    assert due_after(moment, hours=10, zone=FALLBACK_ZONE, off=off) == moment + timedelta(days=2, hours=10)


def test_a_person_without_a_role_sees_no_clock_of_others(client_of: SignIn) -> None:
    one, other = make_user(), make_user()
    flows.follow(user=one, person=other)
    flows.follow(user=other, person=one)
    talk = ask(one, other)
    assert "answer is due" not in client_of(one).get(f"/en/messages/{talk.pk}/").content.decode()
