"""Mentions, quotes, replies to a post, reactions, earlier versions, kinds that change, seconds of a lesson, numbers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import Profile, User
from community import flows, markup
from community.errors import Refused, TooFast
from community.flows import mentions
from community.models import Mention, Post, PostVersion, Topic
from kit import outbox, persons, things
from kit.models import AuditEntry, OutboxMessage
from notices.models import Notice
from tests.factories import make_space, make_topic, make_user

pytestmark = pytest.mark.django_db


def named(handle: str, **fields: Any) -> User:
    user = make_user(name=handle.title())
    Profile.objects.filter(user=user).update(handle=handle, **fields)
    return user


@pytest.fixture
def topic(db: None) -> Topic:
    return make_topic(space=make_space(slug="class-1"), title="How")


@pytest.fixture
def mei(topic: Topic) -> User:
    user = named("mei", is_public=True)
    flows.join(user=user, space=topic.space, source="enrolment:5")
    return user


def deliver(*topics: str) -> None:
    for row in OutboxMessage.objects.filter(topic__in=topics, done_at=None):
        assert outbox.deliver(message_id=row.pk)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))


def test_a_mention_is_told_once_however_often_the_post_is_edited(
    topic: Topic, mei: User, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        post = flows.reply(author=topic.author, topic=topic, source="謝謝@mei你 and @Mei again", key="k")
        for words in ("@mei once more", "nobody", "@mei after all"):
            flows.edit_post(by=topic.author, post=post, source=words)
    deliver("post.written", mentions.TOPIC)
    assert told(mei) == ["community.mention"]
    assert Notice.objects.get(user=mei).url == f"/community/class-1/{topic.pk}-how/2/"


def test_who_follows_the_topic_and_is_named_hears_it_once(topic: Topic, mei: User) -> None:
    flows.reply(author=mei, topic=topic, source="here", key="k")
    OutboxMessage.objects.all().delete()
    Notice.objects.all().delete()
    flows.reply(author=topic.author, topic=topic, source="@mei look", key="k2")
    deliver("post.written", mentions.TOPIC)
    assert told(mei) == ["community.mention"]


def test_only_members_can_be_meant_and_nobody_by_code_links_or_addresses(topic: Topic, mei: User) -> None:
    named("stranger")
    source = "@stranger `@mei` [@mei](https://a.example) mail@mei.example a@mei /@mei\n\n    @mei\n"
    post = flows.reply(author=topic.author, topic=topic, source=source, key="k")
    assert Mention.objects.filter(post=post).count() == 0
    flows.edit_post(by=topic.author, post=post, source="".join(f"@x{n} " for n in range(30)) + "@mei")
    assert Mention.objects.filter(post=post).count() == 0, "at most ten names of one post are looked up"


def test_after_a_refund_nobody_is_told_and_the_notice_is_gone(topic: Topic, mei: User) -> None:
    flows.reply(author=topic.author, topic=topic, source="@mei", key="k")
    flows.leave(source="enrolment:5")
    deliver(mentions.TOPIC)
    assert told(mei) == []


def test_a_mention_leads_to_a_public_page_and_a_removed_post_takes_its_notice_back(
    topic: Topic, mei: User, client_of: Callable[[User], Client]
) -> None:
    bo, boss = named("bo"), make_user()
    flows.join(user=bo, space=topic.space)
    flows.join(user=boss, space=topic.space, role="moderator")
    post = flows.reply(author=topic.author, topic=topic, source="@mei and @bo", key="k")
    page = client_of(topic.author).get(topic.path).content.decode()
    assert '<a class="mention" href="/people/mei/">@mei</a>' in page
    assert '<span class="mention">@bo</span>' in page
    Profile.objects.filter(user=mei).update(handle="meiling")
    assert 'href="/people/meiling/">@mei</a>' in client_of(topic.author).get(topic.path).content.decode()
    deliver(mentions.TOPIC)
    flows.remove_post(by=boss, post=post, reason="no")
    assert [told(user) for user in (mei, bo)] == [[], []]


def test_reading_the_post_settles_the_mention_and_no_mail_follows(
    topic: Topic, mei: User, client_of: Callable[[User], Client], clock: Any
) -> None:
    flows.reply(author=topic.author, topic=topic, source="@mei", key="k")
    deliver(mentions.TOPIC)
    client_of(mei).get(topic.path)
    clock.advance(seconds=120)
    deliver("notice.mail")
    assert mail.outbox == []
    assert Notice.objects.get(user=mei).read_at is not None


def test_names_are_offered_to_who_writes_and_to_nobody_else(topic: Topic, mei: User, client_of: Callable[[User], Client]) -> None:
    address = "/community/class-1/names/?q=me"
    assert client_of(topic.author).get(address).json() == {"people": [{"handle": "mei", "name": "Mei"}]}
    topic.space.list_hidden = True
    topic.space.save()
    assert client_of(topic.author).get(address).json() == {"people": []}
    flows.reply(author=mei, topic=topic, source="here", key="k")
    assert client_of(topic.author).get(address).json()["people"][0]["handle"] == "mei"
    reader = named("mega")
    flows.join(user=reader, space=topic.space, role="reader")
    assert client_of(reader).get(address).json() == {"people": []}
    assert client_of(make_user()).get(address).status_code == 404


def test_a_quote_fills_the_form_with_a_link_to_the_post_and_without_quotes_in_it(
    topic: Topic, mei: User, client_of: Callable[[User], Client]
) -> None:
    flows.reply(author=mei, topic=topic, source="> older\n\nmy [words](#file-3)\n- and *more*", key="k")
    browser = client_of(topic.author)
    text = browser.get(f"/community/class-1/{topic.pk}/2/quote/").content.decode()
    lines = [f"> **[Mei](/community/class-1/{topic.pk}/2/)**", ">", "> my words", "> - and *more*"]
    assert text.rstrip().splitlines() == lines
    page = browser.get(f"{topic.path}?quote=2")
    assert page.context["form"]["source"].value() == text
    assert page.context["form"]["answers"].value() == 2
    assert "?page=1&amp;quote=2#reply" in page.content.decode()
    assert client_of(make_user()).get(f"/community/class-1/{topic.pk}/2/quote/").status_code == 404
    quoted = flows.reply(author=topic.author, topic=topic, source=f"{text}yes", key="k2")
    assert f'<a href="/community/class-1/{topic.pk}/2/"' in quoted.html


def test_a_draft_stays_when_something_is_quoted(topic: Topic, client_of: Callable[[User], Client]) -> None:
    flows.keep_draft(owner=topic.author, place=f"topic:{topic.pk}", words=flows.Words("begun"))
    form = client_of(topic.author).get(f"{topic.path}?quote=1").context["form"]
    assert form["source"].value().startswith("begun\n\n> **[")


def test_a_reply_to_a_post_shows_what_it_answers_one_level_deep(
    topic: Topic, mei: User, client_of: Callable[[User], Client]
) -> None:
    browser = client_of(mei)
    for number, answers in ((2, 1), (3, 2), (4, 99), (5, 2)):
        browser.post(f"/community/class-1/{topic.pk}/reply/", {"source": f"<b>t{number}</b>", "answers": answers, "key": number})
    assert list(topic.posts.values_list("answers_no", flat=True)) == [None, 1, 2, None, 2]
    page = browser.get("/en" + topic.path).content.decode()
    second = page[page.index('id="post-2"') : page.index('id="post-3"')]
    assert "Like this?" in second
    assert [f"#{number}</a>" in second for number in (3, 5, 4)] == [True, True, False]
    third = page[page.index('id="post-3"') : page.index('id="post-4"')]
    assert "&lt;b&gt;t2&lt;/b&gt;" in third
    assert "Like this?" not in third
    assert "<ol" not in second + third
    boss = make_user()
    flows.join(user=boss, space=topic.space, role="moderator")
    flows.remove_post(by=boss, post=topic.posts.get(no=2), reason="no")
    assert "t2&lt;" not in browser.get(topic.path).content.decode()


def test_each_kind_of_reaction_counts_once_a_person(topic: Topic, mei: User, client_of: Callable[[User], Client]) -> None:
    browser, address = client_of(mei), f"/en/community/class-1/{topic.pk}/1/thank/"
    for kind in ("", "bravo/", "bravo/", "me_too/", "made_up/"):
        expected = 403 if kind == "made_up/" else 302
        assert browser.post(address + kind).status_code == expected
    assert sorted(topic.posts.get().reactions.values_list("kind", flat=True)) == ["bravo", "me_too", "thanks"]
    piece = browser.post(address + "learned/", headers={"HX-Request": "true"}).content.decode()
    assert piece.count('aria-pressed="true"') == 4
    assert "<html" not in piece
    browser.post(address + "bravo/", {"on": "no"})
    assert topic.posts.get().reactions.count() == 3
    assert client_of(topic.author).post(address + "bravo/").status_code == 403
    assert client_of(make_user()).post(address + "bravo/").status_code == 404


def test_every_earlier_version_is_kept_and_shown_to_members(
    topic: Topic, mei: User, client_of: Callable[[User], Client], client: Client
) -> None:
    post = topic.posts.get()
    for words in ("second words", "second words", "third words"):
        flows.edit_post(by=topic.author, post=post, source=words, title="How to")
    rows = list(PostVersion.objects.order_by("no").values_list("no", "title", "source"))
    assert rows == [(1, "How", "Like this?"), (2, "How to", "second words")]
    page = client_of(mei).get(f"/en/community/class-1/{topic.pk}/1/history/").content.decode()
    assert [words in page for words in ("Like this?", "second words", "third words")] == [True, True, True]
    topic.refresh_from_db()
    assert f"/{topic.pk}/1/history/" in client_of(mei).get(topic.path).content.decode()
    assert client_of(make_user()).get(f"/community/class-1/{topic.pk}/1/history/").status_code == 404
    topic.space.visibility = "public"
    topic.space.save()
    assert client_of(make_user()).get(f"/community/class-1/{topic.pk}/1/history/").status_code == 404
    assert client.get(f"/community/class-1/{topic.pk}/1/history/").status_code == 302
    assert f"/{topic.pk}/1/history/" not in client.get(topic.path).content.decode()
    persons.erase_everything(topic.author)
    assert PostVersion.objects.count() == 0


def test_a_removed_posts_versions_are_for_moderators_alone(topic: Topic, mei: User, client_of: Callable[[User], Client]) -> None:
    boss = make_user()
    flows.join(user=boss, space=topic.space, role="moderator")
    post = flows.reply(author=topic.author, topic=topic, source="bad", key="k")
    flows.edit_post(by=topic.author, post=post, source="good")
    flows.remove_post(by=boss, post=post, reason="was bad")
    address = f"/community/class-1/{topic.pk}/2/history/"
    assert [client_of(user).get(address).status_code for user in (mei, boss)] == [404, 200]
    assert client_of(mei).get(f"/community/class-1/{topic.pk}/2/quote/").status_code == 404


def test_editing_is_limited_because_every_version_is_kept(topic: Topic, settings: Any) -> None:
    settings.EDITS_PER_MINUTE = 2
    post = topic.posts.get()
    for words in ("a", "b"):
        flows.edit_post(by=topic.author, post=post, source=words)
    with pytest.raises(TooFast):
        flows.edit_post(by=topic.author, post=post, source="c")


def test_a_topic_changes_its_kind_and_title_and_every_old_address_leads_to_it(
    topic: Topic, mei: User, client_of: Callable[[User], Client]
) -> None:
    boss, old = make_user(), topic.path
    flows.join(user=boss, space=topic.space, role="moderator")
    flows.reply(author=mei, topic=topic, source="so", key="k")
    flows.accept_answer(by=topic.author, topic=topic, no=2)
    address = f"/community/class-1/{topic.pk}/kind/"
    assert client_of(mei).post(address, {"kind": "work"}).status_code == 403
    assert client_of(make_user()).post(address, {"kind": "work"}).status_code == 404
    for kind, status in (("work", 302), ("announcement", 403), ("made up", 403)):
        assert client_of(topic.author).post(address, {"kind": kind}).status_code == status or kind == "made up"
    assert "Answered by" not in client_of(mei).get("/en" + old).content.decode()
    assert client_of(boss).post(address, {"kind": "question"}).status_code == 302
    assert "Answered by" in client_of(mei).get("/en" + old).content.decode()
    assert AuditEntry.objects.filter(action="topic.kind", actor_id=boss.pk).count() == 1
    edit = {"source": "Like this?", "title": "改名了", "kind": "experience", "key": "e"}
    client_of(topic.author).post(f"/community/class-1/{topic.pk}/1/edit/", edit)
    topic.refresh_from_db()
    assert (topic.title, topic.kind) == ("改名了", "experience")
    answer = client_of(mei).get(old + "?page=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, topic.path + "?page=1")


def test_nobody_turns_a_locked_topic_or_makes_an_announcement_plain(topic: Topic) -> None:
    boss = make_user()
    flows.join(user=boss, space=topic.space, role="moderator")
    flows.retype_topic(by=boss, topic=topic, kind="announcement")
    with pytest.raises(Refused):
        flows.retype_topic(by=topic.author, topic=topic, kind="question")
    flows.retype_topic(by=boss, topic=topic, kind="question")
    flows.set_locked(by=boss, topic=topic, on=True)
    with pytest.raises(Refused):
        flows.retype_topic(by=topic.author, topic=topic, kind="work")


@pytest.mark.parametrize(
    ("source", "second"),
    [
        ("at 2:14 the finger", 134),
        ("在2:14那裡", 134),
        ("1:02:03", 3723),
        ("`2:14`", None),
        ("12:345", None),
        ("1.2:14", None),
        ("[2:14](https://a.example)", None),
        ("2:74", None),
    ],
)
def test_a_second_named_under_a_lesson_leads_to_it(source: str, second: int | None) -> None:
    shown = markup.shown(markup.render(source), space="class-1", lesson="/courses/u/day-1/")
    assert (f'href="/courses/u/day-1/?t={second}"' in shown) == (second is not None)
    assert "?t=" not in markup.shown(markup.render(source), space="class-1")


def test_seconds_are_links_only_for_whom_the_lesson_may_be_shown_to(client: Client, client_of: Callable[[User], Client]) -> None:
    def reader(ids: Any, request: Any) -> dict[str, things.Card]:
        return {"7": things.Card("Day 1", "/courses/u/day-1/")} if request.user.is_authenticated else {}

    before = things._readers["lesson"]
    things.register("lesson", reader)
    try:
        topic = make_topic(space=make_space(visibility="public"), about="lesson:7", source="at 2:14")
        assert 'href="/courses/u/day-1/?t=134"' in client_of(topic.author).get(topic.path).content.decode()
        assert "?t=134" not in client.get(topic.path).content.decode()
    finally:
        things.register("lesson", before)


def test_a_number_leads_to_its_post(topic: Topic, client_of: Callable[[User], Client]) -> None:
    Topic.objects.filter(pk=topic.pk).update(last_no=20_000)
    browser = client_of(topic.author)
    for asked, page, shown in (("12345", 618, 12_345), ("99999999999", 0, 1), ("x", 0, 1), ("30000", 1000, 20_000)):
        target = f"{topic.path}{f'?page={page}' if page else ''}#post-{shown}"
        assert browser.get(topic.path, {"no": asked}).headers["Location"] == target
    assert 'name="no"' in browser.get(topic.path + "?page=1000").content.decode()


def test_a_moderator_moves_a_topic_to_a_space_from_a_list(topic: Topic, client_of: Callable[[User], Client]) -> None:
    boss, target, other = make_user(), make_space(slug="target", name="Target"), make_space(slug="foreign", name="Foreign")
    for space in (topic.space, target):
        flows.join(user=boss, space=space, role="moderator")
    address = f"/community/class-1/{topic.pk}/move/"
    assert address in client_of(boss).get(topic.path).content.decode()
    assert client_of(topic.author).get(address).status_code == 404
    page = client_of(boss).get(address).content.decode()
    assert ('value="target"' in page, f'value="{other.slug}"' in page) == (True, False)
    client_of(boss).post(f"/community/class-1/{topic.pk}/state/", {"do": "move", "space": "target"})
    assert client_of(boss).get(f"/community/target/{topic.pk}/1/history/").status_code == 200


def test_what_a_person_wrote_is_in_their_export(topic: Topic, mei: User) -> None:
    post = topic.posts.get()
    flows.edit_post(by=topic.author, post=post, source="@mei")
    flows.react(user=mei, post=post, kind="bravo")
    theirs = persons.everything_of(mei)["community"]
    assert theirs["thanks"][0]["kind"] == "bravo"
    assert theirs["mentions"][0]["handle"] == "mei"
    assert persons.everything_of(topic.author)["community"]["versions"][0]["source"] == "Like this?"
    persons.erase_everything(mei)
    assert Mention.objects.count() == 0


def test_ten_thousand_readers_cost_the_writer_nothing(topic: Topic, django_assert_max_num_queries: Any) -> None:
    """The fan-out is one row of the outbox: the writer's queries do not grow with those who are told."""
    for number in range(5):
        flows.join(user=make_user(), space=topic.space)
        flows.reply(author=topic.author, topic=topic, source=str(number), key=str(number))
    Post.objects.update(created_at=topic.created_at - timedelta(hours=1))
    with django_assert_max_num_queries(22):
        flows.reply(author=topic.author, topic=topic, source="@nobody", key="last")
