"""Ways into a space: each lets in whom it should and nobody else; a stranger learns what the way allows and no more."""

import threading
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.core import mail
from django.db import close_old_connections, connection
from django.test import Client

from accounts.models import User
from community import access, flows
from community.errors import Refused
from community.flows import joining
from community.models import Membership, Pass, Space
from community.reads.places import interests_of
from courses.flows import issue_certificate, revoke_certificate, revoke_seat
from courses.models import Certificate, Enrolment
from kit.models import OutboxMessage
from kit.outbox import deliver
from tests.factories import enrol, make_cohort, make_course, make_space, make_topic, make_user

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def space_with(way: str, **fields: Any) -> Space:
    """A space with that way in and an owner."""
    space = make_space(name="Behind the door", description="What it is for", slug=f"the-{way}")
    visibility = "public" if way == "public" else "members"
    Space.objects.filter(pk=space.pk).update(way=way, visibility=visibility, **fields)
    flows.join(user=make_user(), space=space, role="owner")
    space.refresh_from_db()
    return space


def boss_of(space: Space) -> User:
    return Membership.objects.get(space=space, role="owner").user


def graduate(course: Any) -> tuple[User, Certificate]:
    user = make_user()
    seat = enrol(user, make_cohort(course=course))
    return user, Certificate.objects.create(enrolment=seat, name="G", course_title="C", issued_at=seat.created_at)


@pytest.mark.parametrize("way", ["site", "graduates", "answers", "code"])
def test_a_stranger_of_a_space_that_can_be_applied_for_sees_its_door_and_nothing_behind(
    way: str, client_of: Browser, client: Client
) -> None:
    space = space_with(way, questions=["Why?"], way_of="course:7" if way == "graduates" else "")
    topic = make_topic(space=space, title="The secret topic", source="the secret of it")
    stranger = client_of(make_user())
    for browser in (stranger, client):
        assert browser.get(f"/community/{space.slug}/")["Location"] == f"/community/{space.slug}/join/"
        page = browser.get(f"/community/{space.slug}/join/")
        assert page.status_code == 200
        text = page.content.decode()
        assert "Behind the door" in text
        assert "What it is for" in text
        assert "secret" not in text
        assert boss_of(space).name not in text
    assert stranger.get(topic.path).status_code == 404
    assert stranger.get(f"/community/{space.slug}/members/").status_code == 404


@pytest.mark.parametrize("way", ["cohort", "invitation"])
def test_a_space_of_a_class_and_one_by_invitation_are_missing_for_strangers(way: str, client_of: Browser) -> None:
    space = space_with(way)
    for address in ("", "join/", "join/?key=guess"):
        assert client_of(make_user()).get(f"/community/{space.slug}/{address}").status_code == 404
    assert client_of(make_user()).post(f"/community/{space.slug}/join/").status_code == 404


def test_an_archived_space_has_no_door(client_of: Browser) -> None:
    space = space_with("site")
    flows.set_archived(by=boss_of(space), space=space, on=True)
    assert client_of(make_user()).get(f"/community/{space.slug}/join/").status_code == 404
    with pytest.raises(Refused):
        flows.join_by_oneself(user=make_user(), space=space)


def test_members_of_the_site_join_by_themselves_and_leave_again(client_of: Browser) -> None:
    space, user = space_with("site"), make_user()
    browser = client_of(user)
    assert browser.post(f"/community/{space.slug}/join/").status_code == 302
    assert access.may_write(user, space)
    assert browser.get(f"/community/{space.slug}/").status_code == 200
    browser.post(f"/community/{space.slug}/leave/")
    assert not access.may_read(user, space)


def test_an_anonymous_post_at_the_door_leads_to_the_login(client: Client) -> None:
    space = space_with("site")
    assert client.post(f"/community/{space.slug}/join/")["Location"].startswith("/accounts/login/")
    assert not Membership.objects.exclude(role="owner").exists()


def test_graduates_come_in_by_their_certificate_and_others_do_not(client_of: Browser) -> None:
    course = make_course(lessons=1)
    space = space_with("graduates", way_of=f"course:{course.pk}")
    alumna, _paper = graduate(course)
    other, _other_paper = graduate(make_course(lessons=1))
    student = make_user()
    enrol(student, make_cohort(course=course))
    for person in (other, student):
        client_of(person).post(f"/community/{space.slug}/join/")
        assert not access.may_read(person, space)
    assert client_of(alumna).post(f"/community/{space.slug}/join/").status_code == 302
    assert access.may_write(alumna, space)


@pytest.mark.parametrize("end", ["refund", "withdrawn"])
def test_a_graduates_place_ends_with_the_certificate(end: str) -> None:
    course = make_course(lessons=1)
    space = space_with("graduates", way_of=f"course:{course.pk}")
    alumna, paper = graduate(course)
    flows.join_by_oneself(user=alumna, space=space)
    if end == "refund":
        revoke_seat(source=paper.enrolment.source)
    else:
        revoke_certificate(certificate=paper, actor=boss_of(space), reason="a mistake")
    assert not access.may_read(alumna, space)
    with pytest.raises(Refused):
        flows.join_by_oneself(user=alumna, space=space)


def test_a_class_of_another_course_comes_in_by_its_seats_until_the_refund(client_of: Browser) -> None:
    cohort, user = make_cohort(course=make_course(lessons=1)), make_user()
    space = space_with("cohort", way_of=f"cohort:{cohort.pk}")
    enrol(user, cohort, source="order:5")
    assert client_of(user).post(f"/community/{space.slug}/join/").status_code == 302
    assert access.may_write(user, space)
    revoke_seat(source="order:5")
    assert not access.may_read(user, space)


def test_a_code_opens_however_it_is_typed_as_often_as_it_says(client_of: Browser) -> None:
    space = space_with("code")
    flows.make_code(by=boss_of(space), space=space, code="Moms-2026", max_uses=2)
    people = [make_user() for _n in range(3)]
    answers = [
        client_of(person).post(f"/community/{space.slug}/join/", {"code": typed}).status_code
        for person, typed in zip(people, ["moms2026", "ＭＯＭＳ ２０２６", "MOMS-2026"], strict=True)
    ]
    assert answers == [302, 302, 403]
    assert [access.may_read(person, space) for person in people] == [True, True, False]


def test_an_ended_or_expired_code_and_one_of_another_space_open_nothing(clock: Any) -> None:
    space, other = space_with("code"), space_with("answers")
    from kit.clock import now

    boss, user = boss_of(space), make_user()
    ended = flows.make_code(by=boss, space=space, code="ended-code")
    flows.end_pass(by=boss, one=ended)
    flows.make_code(by=boss, space=space, code="short-lived", expires_at=now())
    flows.make_code(by=boss_of(other), space=other, code="elsewhere")
    clock.advance(seconds=5)
    for code in ("ended-code", "short-lived", "elsewhere", "", "%"):
        with pytest.raises(Refused):
            flows.join_with_code(user=user, space=space, code=code)
    assert not access.may_read(user, space)


def test_an_eleventh_guess_within_a_minute_is_too_fast_even_with_the_right_code(client_of: Browser, clock: Any) -> None:
    space, browser = space_with("code"), client_of(make_user())
    flows.make_code(by=boss_of(space), space=space, code="the-right-one")
    for number in range(10):
        assert browser.post(f"/community/{space.slug}/join/", {"code": f"wrong-{number}"}).status_code == 403
    late = browser.post(f"/community/{space.slug}/join/", {"code": "the-right-one"})
    assert late.status_code == 429
    assert 1 <= int(late["Retry-After"]) <= 60
    clock.advance(seconds=61)
    assert browser.post(f"/community/{space.slug}/join/", {"code": "the-right-one"}).status_code == 302


def test_an_invitations_link_opens_a_space_that_is_missing_for_everybody_else(client_of: Browser, client: Client) -> None:
    space = space_with("invitation")
    link = flows.make_link(by=boss_of(space), space=space)
    address, user = f"/community/{space.slug}/join/?key={link.secret}", make_user()
    assert "Behind the door" in client.get(address).content.decode()
    assert client_of(user).get(f"/community/{space.slug}/join/").status_code == 404
    assert client_of(user).post(address).status_code == 302
    assert access.may_write(user, space)
    flows.end_pass(by=boss_of(space), one=link)
    assert client_of(make_user()).get(address).status_code == 404


def test_an_invitation_by_mail_is_sent_once_and_good_for_its_address_alone(client_of: Browser) -> None:
    space, guest, thief = space_with("invitation"), make_user(email="guest@demo.test"), make_user()
    boss = client_of(boss_of(space))
    for _time in range(2):
        boss.post(f"/community/{space.slug}/settings/passes/", {"make": "email", "email-email": "Guest+x@demo.test"})
    for message in OutboxMessage.objects.filter(done_at=None):
        deliver(message_id=message.pk)
    assert [letter.to for letter in mail.outbox] == [["guest+x@demo.test"]]
    invitation = Pass.objects.get()
    assert f"/community/{space.slug}/join/?key={invitation.secret}" in str(mail.outbox[0].body)
    address = f"/community/{space.slug}/join/?key={invitation.secret}"
    assert client_of(thief).post(address).status_code == 403
    assert client_of(guest).post(address).status_code == 302
    assert (access.may_read(thief, space), access.may_read(guest, space)) == (False, True)


def test_whom_the_owners_removed_does_not_come_back_by_any_way_of_their_own(client_of: Browser) -> None:
    space, user = space_with("code"), make_user()
    boss = boss_of(space)
    flows.make_code(by=boss, space=space, code="open-sesame")
    link = flows.make_link(by=boss, space=space)
    flows.join_with_code(user=user, space=space, code="open-sesame")
    flows.remove_member(by=boss, membership=Membership.objects.get(user=user))
    assert client_of(user).get(f"/community/{space.slug}/").status_code == 302
    for data in ({"code": "open-sesame"}, {"key": link.secret}):
        assert client_of(user).post(f"/community/{space.slug}/join/", data).status_code == 403
    assert not access.may_read(user, space)


def test_rules_are_accepted_at_the_door_and_interests_kept_that_the_space_has(client_of: Browser) -> None:
    space = space_with("site", rules="Be kind.", rules_version=3, interests=["naps", "songs"])
    user, address = make_user(), "/community/the-site/join/"
    browser = client_of(user)
    assert "Be kind." in browser.get(address).content.decode()
    for wrong in ({}, {"rules_version": 3}, {"accept": "on", "rules_version": 2}, {"accept": "on", "interests": "guns"}):
        assert browser.post(address, wrong).status_code in (400, 403)
        assert not access.may_read(user, space)
    assert browser.post(address, {"accept": "on", "rules_version": 3, "interests": ["songs"]}).status_code == 302
    assert access.may_write(user, space)
    assert interests_of(user) == ["songs"]
    browser.post(address, {"interests": ["naps"]})
    assert interests_of(user) == ["naps"]
    flows.leave(user=user, space=space)
    assert interests_of(user) == []


def test_what_a_space_forms_its_door_of_cannot_run(client_of: Browser) -> None:
    evil = "<script>alert(1)</script>"
    space = space_with("answers", questions=[evil], interests=[evil], rules=evil, rules_version=1, description=evil)
    Space.objects.filter(pk=space.pk).update(name=evil)
    page = client_of(make_user()).get(f"/community/{space.slug}/join/").content.decode()
    assert evil not in page
    assert "&lt;script&gt;alert(1)" in page


def _join_all_at_once(space: Space, people: Iterable[User]) -> None:
    crowd = list(people)
    start = threading.Barrier(len(crowd))

    def work(person: User) -> None:
        start.wait()
        try:
            flows.join_with_code(user=person, space=space, code="single")
        except Refused:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[person]) for person in crowd]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close_old_connections()


@pytest.mark.django_db(transaction=True)
def test_eight_uses_at_once_of_a_single_use_code_let_in_one() -> None:
    space = space_with("code")
    flows.make_code(by=boss_of(space), space=space, code="single", max_uses=1)
    _join_all_at_once(space, [make_user() for _n in range(8)])
    assert Membership.objects.filter(space=space, role="member").count() == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_locks_more_than_one_comes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    space, size = space_with("code"), 4
    flows.make_code(by=boss_of(space), space=space, code="single", max_uses=1)
    everybody_has_read = threading.Barrier(size)

    def read_without_lock(asked: Space, secret: str, _kinds: Iterable[Any]) -> Pass | None:
        found = Pass.objects.filter(space=asked, secret=secret).first()
        everybody_has_read.wait()
        return found

    monkeypatch.setattr(joining, "lock_open_space", lambda _user, asked: asked)
    monkeypatch.setattr(joining, "lock_pass", read_without_lock)
    monkeypatch.setattr(joining, "accept_rules", lambda **_values: None)
    _join_all_at_once(space, [make_user() for _n in range(size)])
    assert Membership.objects.filter(space=space, role="member").count() > 1


def test_a_certificate_issued_by_rule_opens_the_door_too() -> None:
    """Not only rows that a test wrote: the flow of courses gives one that counts."""
    course = make_course(lessons=1)
    space, user = space_with("graduates", way_of=f"course:{course.pk}"), make_user()
    seat = enrol(user, make_cohort(course=course))
    from courses.flows import complete_lesson

    complete_lesson(enrolment=seat, lesson=course.lessons.get())
    assert issue_certificate(enrolment=Enrolment.objects.get(pk=seat.pk)) is not None
    assert flows.join_by_oneself(user=user, space=space).source.startswith("certificate:")
