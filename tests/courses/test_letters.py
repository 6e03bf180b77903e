"""Letters: to whom, only with consent, each once, and how they end."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from community.flows import choose_interests, join
from community.models import Space
from courses.flows import (
    TooManyLetters,
    add_to_team,
    complete_lesson,
    deliver_letter,
    pause_seat,
    revoke_seat,
    send_letter,
)
from courses.models import Enrolment, Lesson, Letter, WaitListEntry
from courses.reads.groups import people_in
from kit.clock import FALLBACK_ZONE, local_date, now
from kit.models import AuditEntry, OutboxMessage
from notices.letters import set_consent, stop_url
from notices.models import LetterConsent, Notice
from tests.factories import enrol, make_cohort, make_course, make_space, make_user
from tests.shop.crowd import at_once

pytestmark = pytest.mark.django_db
Group = Letter.Group


@pytest.fixture
def cohort(teacher: Any) -> Any:
    return make_cohort(course=make_course(teacher=teacher, lessons=3), name="Spring")


def learner(cohort: Any, *, wants: bool = True, **fields: Any) -> Any:
    person = make_user(**fields)
    enrol(person, cohort, source=f"staff:{person.pk}")
    set_consent(user=person, wanted=wants)
    return person


def do(person: Any, cohort: Any, *days: int) -> None:
    seat = Enrolment.objects.get(user=person, cohort=cohort)
    for lesson in Lesson.objects.filter(course=cohort.course, position__in=days):
        complete_lesson(enrolment=seat, lesson=lesson)


def test_silent_behind_finished_waiting_and_everybody_are_whom_their_names_say(cohort: Any, clock: Any, teacher: Any) -> None:
    busy, quiet, done, away, gone = (learner(cohort) for _n in range(5))
    waits = make_user()
    WaitListEntry.objects.create(cohort=cohort, user=waits, joined_at=now())
    pause_seat(enrolment=Enrolment.objects.get(user=away), actor=teacher)
    clock.advance(days=4)
    do(done, cohort, 1, 2, 3)
    clock.advance(days=4)
    do(busy, cohort, 1, 2)
    revoke_seat(source=f"staff:{gone.pk}")
    type(cohort).objects.filter(pk=cohort.pk).update(ends_on=local_date(now(), FALLBACK_ZONE) + timedelta(days=9))
    found = {group: people_in(group, course=cohort.course, cohort=cohort) for group in Group.values if group != Group.INTEREST}
    assert found["all"] == {busy.pk, quiet.pk, done.pk, away.pk}
    assert found["silent"] == {quiet.pk}
    assert found["behind"] == {quiet.pk}
    assert found["finished"] == {done.pk}
    assert found["waiting"] == {waits.pk}
    assert {group: people_in(group, course=cohort.course) for group in Group.values if group != Group.INTEREST} == found


def test_who_finished_and_came_back_is_not_asked_to_come_back(cohort: Any, clock: Any) -> None:
    back, other = learner(cohort), learner(cohort)
    clock.advance(days=3)
    for person in (back, other):
        do(person, cohort, 1, 2, 3)
    enrol(back, make_cohort(course=make_course(lessons=1)), source="staff:again")
    assert people_in("finished", course=cohort.course) == {other.pk}


def test_a_letter_is_looked_at_then_sent_to_those_who_wanted_letters(
    cohort: Any, teacher: Any, client_of: Any, mailoutbox: Any
) -> None:
    wants, wants_not = learner(cohort, name="Wants"), learner(cohort, wants=False)
    browser, address = client_of(teacher), f"/en/teach/courses/{cohort.course.slug}/letters/"
    words = {"group": "all", "cohort": cohort.pk, "subject": "A new\nclass <b>", "body": "Come & play,\n<script>x</script>"}
    page = browser.post(address, {**words, "look": "yes"}).content.decode()
    assert "1 person gets this letter." in page
    assert "1 more in this group wants no letters." in page
    assert "class &lt;b&gt;" in page
    assert not Letter.objects.exists()
    page = browser.post(address, {**words, "send": "yes"}, follow=True).content.decode()
    assert "On its way to 1 person." in page
    letter = Letter.objects.get()
    assert (letter.subject, letter.people, letter.author) == ("A new class <b>", [wants.pk], teacher)
    _deliver_all(letter)
    assert list(Notice.objects.filter(kind="letter").values_list("user", flat=True)) == [wants.pk]
    [mail] = [mail for mail in mailoutbox if mail.to == [wants.email] and mail.subject == letter.subject]
    assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.extra_headers["List-Unsubscribe"] == f"<{stop_url(wants)}>"
    assert stop_url(wants) in mail.body
    assert "&lt;script&gt;" in mail.alternatives[0][0]
    assert not [mail for mail in mailoutbox if mail.to == [wants_not.email] and mail.subject == letter.subject]
    assert AuditEntry.objects.filter(action="letter.send", actor_id=teacher.pk).count() == 1


def test_a_letter_to_those_who_share_an_interest_reaches_who_named_it_around_the_course(
    cohort: Any, teacher: Any, client_of: Any
) -> None:
    classroom = Space.objects.get(about=cohort.seat_ref)
    own, elsewhere = make_space(), make_space()
    join(user=teacher, space=own, role="owner")
    for space in (classroom, own, elsewhere):
        space.interests = ["jazz & blues", "naps"]
        space.save()
    learns, sleeps, left, consentless = learner(cohort), learner(cohort), learner(cohort), learner(cohort, wants=False)
    reads, stranger = make_user(), make_user()
    for person, space in ((reads, own), (stranger, elsewhere)):
        join(user=person, space=space)
        set_consent(user=person, wanted=True)
    for person, space in ((learns, classroom), (left, classroom), (consentless, classroom), (reads, own), (stranger, elsewhere)):
        choose_interests(user=person, space=space, interests=["jazz & blues"])
    choose_interests(user=sleeps, space=classroom, interests=["naps"])
    revoke_seat(source=f"staff:{left.pk}")
    browser, address = client_of(teacher), f"/en/teach/courses/{cohort.course.slug}/letters/"
    words = {"group": "interest:jazz & blues", "subject": "Blues", "body": "On Monday", "send": "yes"}
    assert "interested in “jazz &amp; blues”" in browser.get(address).content.decode()
    assert "interested in “jazz &amp; blues”" in browser.post(address, words, follow=True).content.decode()
    assert set(Letter.objects.get().people) == {learns.pk, reads.pk}
    assert people_in("interest", course=cohort.course, cohort=cohort, interest="naps") == {sleeps.pk}
    browser.post(address, {**words, "group": "interest:drums"})
    assert Letter.objects.count() == 1


def _deliver_all(letter: Letter) -> None:
    from django.test import TestCase

    from kit.outbox import deliver

    with TestCase.captureOnCommitCallbacks(execute=True):
        deliver_letter({"letter": letter.pk})
    for message in OutboxMessage.objects.filter(topic="notice.mail", done_at=None):
        deliver(message_id=message.pk)


def test_delivered_again_after_a_worker_died_everybody_has_it_once(cohort: Any, teacher: Any, mailoutbox: Any) -> None:
    people = [learner(cohort) for _n in range(5)]
    letter = send_letter(course=cohort.course, cohort=None, group="all", subject="Once", body="More", author=teacher)
    late = learner(cohort)
    for _again in range(3):
        _deliver_all(letter)
    assert sorted(mail.to[0] for mail in mailoutbox if mail.subject == "Once") == sorted(person.email for person in people)
    assert not Notice.objects.filter(user=late, kind="letter").exists()


def test_who_ends_consent_before_it_arrives_gets_nothing(cohort: Any, teacher: Any, mailoutbox: Any, client_of: Any) -> None:
    person, other = learner(cohort), learner(cohort)
    letter = send_letter(course=cohort.course, cohort=None, group="all", subject="Late", body="More", author=teacher)
    set_consent(user=person, wanted=False)
    _deliver_all(letter)
    assert [mail.to[0] for mail in mailoutbox if mail.subject == "Late"] == [other.email]
    assert "Late" not in client_of(person).get("/en/notices/").content.decode()


def test_one_press_in_the_mail_program_ends_letters_without_signing_in_and_a_look_does_not(cohort: Any) -> None:
    person = learner(cohort)
    path = urlsplit(stop_url(person)).path
    stranger = Client(enforce_csrf_checks=True)
    assert "No more letters?" in stranger.get(f"/en{path}").content.decode()
    assert LetterConsent.objects.filter(user=person).exists()
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert not LetterConsent.objects.filter(user=person).exists()
    assert stranger.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    for wrong in (path[:-4] + "xxx/", "/notices/letters/stop/1/"):
        assert stranger.post(wrong).status_code == 404


def test_consent_is_off_until_it_is_given_on_its_page(student: Any, client_of: Any) -> None:
    browser = client_of(student)
    assert "You get no letters." in browser.get("/en/notices/letters/").content.decode()
    assert "You get letters." in browser.post("/en/notices/letters/", {"wanted": "yes"}, follow=True).content.decode()
    browser.post("/en/notices/letters/", {"wanted": "yes"})
    browser.post("/en/notices/letters/", {"wanted": "no"})
    assert not LetterConsent.objects.exists()
    trail = AuditEntry.objects.filter(action="letters.consent").order_by("pk")
    assert [entry.after["wanted"] for entry in trail] == [True, False]
    assert Client().get("/en/notices/letters/").status_code == 302


def test_three_letters_a_day_are_enough_and_the_words_are_kept(cohort: Any, teacher: Any, client_of: Any, clock: Any) -> None:
    learner(cohort)
    values: dict[str, Any] = {"course": cohort.course, "cohort": None, "group": "all", "body": "x", "author": teacher}
    for number in range(3):
        send_letter(subject=f"No {number}", **values)
    with pytest.raises(TooManyLetters):
        send_letter(subject="No 4", **values)
    words = {"group": "all", "subject": "No 4", "body": "My long words", "send": "yes"}
    page = client_of(teacher).post(f"/en/teach/courses/{cohort.course.slug}/letters/", words).content.decode()
    assert "Three letters a day are enough" in page
    assert "My long words" in page
    clock.advance(days=1, minutes=1)
    send_letter(subject="No 4", **values)


def test_an_empty_group_gets_no_letter(cohort: Any, teacher: Any, client_of: Any) -> None:
    learner(cohort, wants=False)
    words = {"group": "all", "subject": "x", "body": "y", "send": "yes"}
    page = client_of(teacher).post(f"/en/teach/courses/{cohort.course.slug}/letters/", words).content.decode()
    assert "In this group is nobody who wants letters." in page
    assert not Letter.objects.exists()


@pytest.mark.parametrize("role", ["", "author", "assistant", "host", "seller", "teacher"])
def test_only_who_may_write_reaches_the_page(role: str, cohort: Any, teacher: Any, client_of: Any) -> None:
    person = make_user()
    if role:
        add_to_team(course=cohort.course, user=person, role=role, actor=teacher)
    answer = client_of(person).get(f"/en/teach/courses/{cohort.course.slug}/letters/")
    assert answer.status_code == (200 if role == "teacher" else 404)


def test_another_courses_class_is_no_choice(cohort: Any, teacher: Any, client_of: Any) -> None:
    foreign = make_cohort(course=make_course(teacher=make_user()))
    learner(foreign)
    words = {"group": "all", "cohort": foreign.pk, "subject": "x", "body": "y", "send": "yes"}
    client_of(teacher).post(f"/en/teach/courses/{cohort.course.slug}/letters/", words)
    assert not Letter.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_four_presses_at_once_count_one_another(teacher: Any) -> None:
    cohort = make_cohort(course=make_course(teacher=teacher, lessons=1))
    learner(cohort)
    values: dict[str, Any] = {"course": cohort.course, "cohort": None, "group": "all", "body": "x", "author": teacher}
    answers = at_once([lambda: send_letter(subject="s", **values) for _n in range(5)])
    assert sum(isinstance(answer, Letter) for answer in answers) == 3, answers
    assert sum(isinstance(answer, TooManyLetters) for answer in answers) == 2, answers
