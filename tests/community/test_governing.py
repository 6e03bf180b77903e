"""What a space's owners decide: settings, rules by version, roles, copies, the archive."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from community import access, flows
from community.errors import NotSound, Refused
from community.models import Membership, Recurring, Space, Topic
from courses.flows import archive_ended_spaces
from kit import outbox
from kit.clock import now
from kit.models import AuditEntry, OutboxMessage
from notices.models import Notice
from tests.factories import enrol, make_cohort, make_course, make_space, make_topic, make_user
from tests.profile import size

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]
FORM = {"name": "Yard", "way": "site", "time_zone": "Asia/Taipei", "offers_allowed": "on", "referrals_allowed": "on"}


@pytest.fixture
def space(db: None) -> Space:
    space = make_space(slug="yard", name="Yard")
    flows.join(user=make_user(), space=space, role="owner")
    return space


def boss_of(space: Space) -> User:
    return Membership.objects.filter(space=space, role="owner", ended_at=None).order_by("pk")[0].user


def place(space: Space, role: str = "member", **fields: Any) -> Membership:
    return flows.join(user=make_user(), space=space, role=role, **fields)


def test_the_sites_owner_and_teachers_make_spaces_and_nobody_else(
    owner: User, teacher: User, visitor: User, client_of: Browser
) -> None:
    for number, person in enumerate((owner, teacher)):
        answer = client_of(person).post("/community/new/", {**FORM, "slug": f"made-{number}", "rules": "Be kind."})
        assert answer["Location"] == f"/community/made-{number}/"
        made = Space.objects.get(slug=f"made-{number}")
        assert (made.way, made.visibility, made.rules_version) == ("site", "members", 1)
        assert access.standing_in(person, made).may_govern  # type: ignore[union-attr]
    assert client_of(visitor).get("/community/new/").status_code == 404
    assert client_of(visitor).post("/community/new/", {**FORM, "slug": "mine"}).status_code == 404
    with pytest.raises(Refused):
        flows.make_space(by=visitor, slug="mine", plan=flows.Plan(name="Mine"))


@pytest.mark.parametrize("slug", ["new", "yard", "not a slug", "../x"])
def test_a_taken_or_impossible_address_is_said_to_be_so(space: Space, owner: User, client_of: Browser, slug: str) -> None:
    assert client_of(owner).post("/community/new/", {**FORM, "slug": slug}).status_code == 400
    assert Space.objects.count() == 1


def test_a_chinese_name_gets_an_address_made_up(owner: User, client_of: Browser) -> None:
    client_of(owner).post("/community/new/", {**FORM, "name": "屋頂"})
    assert Space.objects.get(name="屋頂").slug.startswith("space-")


def test_every_setting_of_the_page_is_kept_and_stands_in_the_trail(space: Space, owner: User, client_of: Browser) -> None:
    sent = {
        "name": "New name",
        "description": "What for",
        "way": "answers",
        "questions": "Why?\r\n\r\nHow?",
        "asks_proof": "on",
        "rules": "Be kind.",
        "interests": "naps\nsongs\nnaps",
        "list_hidden": "on",
        "time_zone": "Europe/Paris",
    }
    assert client_of(boss_of(space)).post("/community/yard/settings/", sent).status_code == 302
    space.refresh_from_db()
    assert (space.name, space.description, space.way, space.questions) == ("New name", "What for", "answers", ["Why?", "How?"])
    assert (space.rules, space.rules_version, space.interests) == ("Be kind.", 1, ["naps", "songs"])
    assert (space.asks_proof, space.list_hidden, space.offers_allowed, space.referrals_allowed) == (True, True, False, False)
    assert space.time_zone == "Europe/Paris"
    assert AuditEntry.objects.get(action="space.changed").after["name"] == "New name"


@pytest.mark.parametrize("role", ["moderator", "helper", "member", "reader"])
def test_no_other_role_changes_settings_roles_or_ways_in(space: Space, client_of: Browser, role: str) -> None:
    person, other = place(space, role).user, place(space)
    browser = client_of(person)
    for address in ("settings/", "settings/passes/", "settings/calendar/", "settings/copy/", f"members/{other.pk}/"):
        assert browser.get(f"/community/yard/{address}").status_code == 404
        assert browser.post(f"/community/yard/{address}", {**FORM, "role": "owner", "make": "link"}).status_code == 404
    assert browser.post("/community/yard/settings/archive/", {"on": "yes"}).status_code == 404
    for act in (
        lambda: flows.set_role(by=person, membership=other, role="owner"),
        lambda: flows.change_space(by=person, space=space, plan=flows.Plan(name="x")),
        lambda: flows.make_link(by=person, space=space),
        lambda: flows.set_archived(by=person, space=space, on=True),
        lambda: flows.remove_member(by=person, membership=other),
    ):
        with pytest.raises(Refused):
            act()


def test_an_owner_of_another_space_owns_nothing_here(space: Space, client_of: Browser) -> None:
    other = make_space(slug="other")
    boss, target = place(other, "owner").user, place(space)
    assert client_of(boss).post(f"/community/other/members/{target.pk}/", {"role": "owner"}).status_code == 404
    with pytest.raises(Refused):
        flows.set_role(by=boss, membership=target, role="owner")


def test_the_space_of_a_class_keeps_its_way_in_whatever_is_sent(client_of: Browser) -> None:
    cohort = make_cohort(course=make_course(lessons=1))
    space = Space.objects.get(about=cohort.seat_ref)
    client_of(cohort.course.teacher).post(f"/community/{space.slug}/settings/", {**FORM, "way": "public", "rules": "Be kind."})
    space.refresh_from_db()
    assert (space.way, space.visibility, space.rules) == ("cohort", "members", "Be kind.")


def test_a_space_of_graduates_is_tied_only_to_a_course_of_ones_own(teacher: User, teacher2: User, client_of: Browser) -> None:
    course = make_course(lessons=1, teacher=teacher)
    space = flows.make_space(by=teacher2, slug="alumni", plan=flows.Plan(name="Alumni"))
    sent = {**FORM, "way": "graduates", "way_of": f"course:{course.pk}"}
    assert client_of(teacher2).post("/community/alumni/settings/", sent).status_code == 400
    plan = flows.Plan(name="Alumni", way="graduates", way_of=f"course:{course.pk}")
    with pytest.raises(NotSound):
        flows.change_space(by=teacher2, space=space, plan=plan)
    mine = flows.make_space(by=teacher, slug="mine-own", plan=flows.Plan(name="Mine"))
    assert client_of(teacher).post("/community/mine-own/settings/", sent).status_code == 302
    mine.refresh_from_db()
    assert (mine.way, mine.way_of) == ("graduates", f"course:{course.pk}")


def test_rules_are_accepted_before_writing_and_again_when_they_change(space: Space, client_of: Browser) -> None:
    topic = make_topic(space=space)
    member, boss = topic.author, boss_of(space)
    for version, words in ((1, "Be kind."), (2, "Be kinder.")):
        plan = flows.Plan(name="Yard", rules=words)
        flows.change_space(by=boss, space=space, plan=plan)
        flows.change_space(by=boss, space=space, plan=plan)
        space.refresh_from_db()
        assert space.rules_version == version
        browser = client_of(member)
        with pytest.raises(Refused):
            flows.reply(author=member, topic=topic, source="hello", key=f"early{version}")
        with pytest.raises(Refused):
            flows.edit_post(by=member, post=topic.posts.get(no=1), source="changed")
        assert "/community/yard/join/" in browser.get("/community/yard/").content.decode()
        assert browser.get(topic.path).status_code == 200
        assert browser.post("/community/yard/join/", {"accept": "on", "rules_version": version - 1}).status_code == 403
        assert browser.post("/community/yard/join/", {"accept": "on", "rules_version": version}).status_code == 302
        assert flows.reply(author=member, topic=topic, source="hello", key=f"late{version}").no > 1
    assert flows.reply(author=boss, topic=topic, source="the one who made them", key="boss").no > 1


def test_members_hear_once_of_new_rules_and_who_accepted_them_or_came_by_them_does_not(space: Space) -> None:
    members = [place(space).user for _number in range(3)]
    gone = place(space)
    boss = boss_of(space)
    flows.remove_member(by=boss, membership=gone)
    flows.change_space(by=boss, space=space, plan=flows.Plan(name="Yard", rules="Be kind."))
    flows.accept_rules(user=members[0], space=space, accepted=1)
    for _again in range(2):
        for message in OutboxMessage.objects.filter(topic__startswith="space.rules"):
            outbox.handle(topic=message.topic, payload=message.payload)
    told = Notice.objects.filter(key=f"rules:{space.pk}:1").values_list("user", flat=True)
    assert set(told) == {person.pk for person in members[1:]}
    flows.change_space(by=boss, space=space, plan=flows.Plan(name="Yard", rules="Be kinder."))
    flows.change_space(by=boss, space=space, plan=flows.Plan(name="Yard", rules=""))
    Notice.objects.all().delete()
    for message in OutboxMessage.objects.filter(topic__startswith="space.rules"):
        outbox.handle(topic=message.topic, payload=message.payload)
    assert not Notice.objects.exists()


def test_a_role_is_given_and_taken_on_a_page_and_each_change_is_one_line_in_the_trail(space: Space, client_of: Browser) -> None:
    member = place(space)
    boss = client_of(boss_of(space))
    for role in ("moderator", "reader", "reader"):
        assert boss.post(f"/community/yard/members/{member.pk}/", {"role": role}).status_code == 302
        member.refresh_from_db()
        assert member.role == role
    lines = AuditEntry.objects.filter(action="space.role", target=f"space:{space.pk}").order_by("pk")
    who = f"user:{member.user_id}"
    assert [(line.before, line.after) for line in lines] == [
        (f"{who} member", f"{who} moderator"),
        (f"{who} moderator", f"{who} reader"),
    ]
    assert not access.may_write(member.user, space)
    assert boss.post(f"/community/yard/members/{member.pk}/", {"role": "emperor"}).status_code == 400


def test_a_space_keeps_an_owner(space: Space) -> None:
    boss = Membership.objects.get(space=space, role="owner")
    with pytest.raises(Refused):
        flows.set_role(by=boss.user, membership=boss, role="member")
    second = place(space, "owner")
    flows.set_role(by=second.user, membership=boss, role="member")
    with pytest.raises(Refused):
        flows.remove_member(by=second.user, membership=second)


def test_the_places_of_a_courses_teacher_and_team_are_changed_in_the_course(owner: User) -> None:
    cohort = make_cohort(course=make_course(lessons=1))
    teacher = Membership.objects.get(space__about=cohort.seat_ref, user=cohort.course.teacher)
    with pytest.raises(Refused):
        flows.set_role(by=owner, membership=teacher, role="reader")


def test_a_removed_member_sees_nothing_more_and_the_trail_says_so(space: Space, client_of: Browser) -> None:
    member = place(space)
    topic = make_topic(space=space)
    browser = client_of(member.user)
    assert browser.get(topic.path).status_code == 200
    client_of(boss_of(space)).post(f"/community/yard/members/{member.pk}/", {"remove": "yes"})
    assert browser.get(topic.path).status_code == 404
    assert browser.get("/community/yard/").status_code == 404
    assert AuditEntry.objects.filter(action="space.removed").count() == 1


def test_the_list_of_members_shows_roles_to_members_and_a_hidden_one_only_to_who_moderates(
    space: Space, client_of: Browser
) -> None:
    member, helper = place(space), place(space, "helper")
    moderator = place(space, "moderator")
    page = client_of(member.user).get("/en/community/yard/members/").content.decode()
    assert helper.user.name in page
    assert "helper" in page
    assert helper.user.email not in page
    plan = flows.Plan(name="Yard", list_hidden=True)
    flows.change_space(by=boss_of(space), space=space, plan=plan)
    assert client_of(member.user).get("/community/yard/members/").status_code == 404
    assert "members/" not in client_of(member.user).get("/community/yard/").content.decode()
    assert client_of(moderator.user).get("/community/yard/members/").status_code == 200


@pytest.mark.parametrize("count", [10, size(300, 1000)])
def test_a_page_of_members_costs_the_same_for_many(
    space: Space, client_of: Browser, django_assert_max_num_queries: Any, count: int
) -> None:
    crowd = User.objects.bulk_create([User(email=f"c{n}@demo.test", name=f"N{n}") for n in range(count)])
    Membership.objects.bulk_create([Membership(space=space, user=one, joined_at=now()) for one in crowd])
    browser = client_of(boss_of(space))
    with django_assert_max_num_queries(9):
        page = browser.get("/community/yard/members/").context["page"]
    seen = list(page.places)
    while page.older is not None:
        page = browser.get(f"/community/yard/members/?before={page.older}").context["page"]
        seen += page.places
    assert len({one.pk for one in seen}) == len(seen) == count + 1


def test_a_copy_has_rules_roles_pinned_topics_calendar_and_way_in_and_no_members(owner: User, client_of: Browser) -> None:
    plan = flows.Plan(name="First", way="answers", questions=["Why?"], rules="Be kind.", interests=["naps"], offers_allowed=False)
    space = flows.make_space(by=owner, slug="first", plan=plan)
    helper, member = place(space, "helper"), place(space)
    flows.accept_rules(user=member.user, space=space, accepted=1)
    topic = make_topic(space=space, author=owner, title="Read this first")
    make_topic(space=space, author=owner, title="Chat")
    flows.set_pinned(by=owner, topic=topic, on=True)
    entry = {"title": "Week {number}", "source": "x", "kind": "question", "rhythm": "weekly", "step": 0}
    flows.add_recurring(by=owner, space=space, **entry, at="08:00", first_on="2026-01-01")
    client_of(owner).post("/community/first/settings/copy/", {"name": "Second", "slug": "second"})
    made = Space.objects.get(slug="second")
    for name in ("way", "questions", "rules", "interests", "offers_allowed", "visibility"):
        assert getattr(made, name) == getattr(space, name)
    assert made.rules_version == 1
    roles = dict(Membership.objects.filter(space=made).values_list("user", "role"))
    assert roles == {owner.pk: "owner", helper.user_id: "helper"}
    assert list(Topic.objects.filter(space=made).values_list("title", "is_pinned")) == [("Read this first", True)]
    assert Recurring.objects.get(space=made).title == "Week {number}"


def test_only_who_owns_the_space_and_may_make_spaces_copies_it(space: Space, teacher: User, client_of: Browser) -> None:
    assert client_of(boss_of(space)).post("/community/yard/settings/copy/", {"name": "X", "slug": "x"}).status_code == 404
    assert client_of(teacher).post("/community/yard/settings/copy/", {"name": "X", "slug": "x"}).status_code == 404
    with pytest.raises(Refused):
        flows.clone_space(by=teacher, space=space, slug="x", name="X")


def test_in_an_archived_space_nobody_writes_and_everybody_reads(space: Space, owner: User, client_of: Browser) -> None:
    topic = make_topic(space=space)
    other = place(space).user
    answer = flows.reply(author=other, topic=topic, source="so", key="k")
    client_of(boss_of(space)).post("/community/yard/settings/archive/", {"on": "yes"})
    topic = Topic.objects.select_related("space").get(pk=topic.pk)
    answer.topic = topic
    people = [topic.author, other, boss_of(space), owner]
    for person in people:
        assert client_of(person).get(topic.path).status_code == 200
        for act in (
            lambda by: flows.reply(author=by, topic=topic, source="x", key="x"),
            lambda by: flows.open_topic(author=by, space=topic.space, kind="question", title="t", source="s", key="y"),
            lambda by: flows.react(user=by, post=answer),
            lambda by: flows.edit_post(by=by, post=answer, source="changed"),
            lambda by: flows.accept_answer(by=by, topic=topic, no=2),
            lambda by: flows.join_by_oneself(user=by, space=topic.space),
        ):
            with pytest.raises(Refused):
                act(person)
    with pytest.raises(Refused):
        flows.move_topic(by=owner, topic=make_topic(), space=topic.space)
    client_of(boss_of(space)).post("/community/yard/settings/archive/", {"on": "no"})
    assert access.may_write(other, Space.objects.get(pk=space.pk))


def test_a_classs_space_is_archived_when_the_class_has_ended_long_enough_and_stays_open_by_hand(clock: Any, owner: User) -> None:
    cohort = make_cohort(course=make_course(lessons=2))
    space = Space.objects.get(about=cohort.seat_ref)
    clock.advance(days=31)
    assert archive_ended_spaces() == 0
    clock.advance(days=2)
    assert archive_ended_spaces() == 1
    assert archive_ended_spaces() == 0
    space.refresh_from_db()
    assert space.archived_at is not None
    assert not access.may_write(cohort.course.teacher, space)
    flows.set_archived(by=owner, space=space, on=False)
    assert archive_ended_spaces() == 0


def test_who_began_later_still_learns_and_the_space_waits_for_them(clock: Any) -> None:
    cohort, late = make_cohort(course=make_course(lessons=2)), make_user()
    enrol(late, cohort, starts_on=cohort.starts_on + timedelta(days=20))
    clock.advance(days=40)
    assert archive_ended_spaces() == 0
    clock.advance(days=15)
    assert archive_ended_spaces() == 1


def test_a_report_is_told_to_who_moderates_that_very_space_and_to_no_member_who_moderates_another(space: Space) -> None:
    topic, moderator, elsewhere = make_topic(space=space), place(space, "moderator").user, place(space).user
    flows.join(user=elsewhere, space=make_space(), role="owner")
    flows.report_post(reporter=elsewhere, post=topic.posts.get(), reason="rude")
    told = set(Notice.objects.filter(kind="community.report").values_list("user", flat=True))
    assert told == {moderator.pk, boss_of(space).pk}
