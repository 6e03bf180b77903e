"""The feedback board: one vote a person, the owner's answers, merging; release notes that tell each voter once."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accounts.models import User
from community.errors import NotSound, Refused
from community.flows import feedback as flows
from community.flows import remove_post
from community.models import Release, Space, Wish, WishVote
from kit import outbox
from kit.models import AuditEntry
from kit.persons import erase_everything, everything_of
from notices import fanout
from notices.models import Notice
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def wish(title: str = "Dark pages", author: User | None = None, key: str = "") -> Wish:
    return flows.make_wish(author=author or make_user(), title=title, source="At night.", key=key or title)


def deliver() -> None:
    while outbox.due_message_ids():
        outbox.sweep(seconds=30)


def told(kind: str) -> list[int]:
    return sorted(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_a_wish_is_a_topic_in_the_public_space_with_its_authors_vote() -> None:
    author = make_user()
    made = wish(author=author)
    assert wish(author=author).pk == made.pk  # sent twice
    assert (made.topic.space.visibility, made.topic.author, made.votes) == (Space.Visibility.PUBLIC, author, 1)
    made.topic.refresh_from_db()
    assert made.topic.about == f"wish:{made.pk}"
    assert wish("Another").topic.space == made.topic.space


def test_one_person_has_one_vote_and_may_take_it_back() -> None:
    made, user = wish(), make_user()
    for on, votes in [(True, 2), (True, 2), (False, 1), (False, 1), (True, 2)]:
        flows.vote(user=user, wish=made, on=on)
        made.refresh_from_db()
        assert made.votes == votes == WishVote.objects.filter(wish=made).count()


def vote_together(users: list[User], made: Wish) -> None:
    connections.close_all()
    start = Barrier(len(users))

    def work(user: User) -> None:
        start.wait(20)
        flows.vote(user=user, wish=made)
        connections.close_all()

    threads = [Thread(target=work, args=(user,)) for user in users]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.django_db(transaction=True)
def test_votes_at_the_same_time_are_all_counted_and_without_the_lock_one_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    made, other = wish(), wish("Louder")
    same = make_user()
    vote_together([same, same, same, make_user(), make_user()], made)
    made.refresh_from_db()
    assert made.votes == WishVote.objects.filter(wish=made).count() == 4
    both = Barrier(2)

    def unlocked(found: Wish) -> Wish:
        read = Wish.objects.select_related("topic").get(pk=found.pk)
        both.wait(20)
        return read

    monkeypatch.setattr(flows, "_locked", unlocked)
    vote_together([make_user(), make_user()], other)
    other.refresh_from_db()
    assert other.votes < WishVote.objects.filter(wish=other).count() == 3


@pytest.mark.parametrize("state", ["planned", "building", "declined"])
def test_the_owner_says_what_becomes_of_a_wish_and_voters_hear_it_once(state: str, owner: User) -> None:
    voter, made = make_user(), wish()
    flows.vote(user=voter, wish=made)
    for _ in range(2):
        flows.answer_wish(by=owner, wish=made, state=state, answer="**In spring.**")
        deliver()
    assert told("feedback.state") == sorted([voter.pk, made.topic.author_id])
    made.refresh_from_db()
    assert (made.state, made.answer_html.strip()) == (state, "<p><strong>In spring.</strong></p>")
    assert AuditEntry.objects.filter(action="wish.state", target=f"wish:{made.pk}").count() == 1


def test_nobody_else_decides_and_a_refusal_needs_its_reason(owner: User, moderator: User, teacher: User) -> None:
    made, other = wish(), wish("Other")
    for person in (moderator, teacher, made.topic.author):
        with pytest.raises(Refused):
            flows.answer_wish(by=person, wish=made, state="planned", answer="")
        with pytest.raises(Refused):
            flows.merge_wish(by=person, wish=made, into=other)
        with pytest.raises(Refused):
            flows.publish_release(by=person, title="t", source="s", wishes=[made], key="k")
    with pytest.raises(NotSound):
        flows.answer_wish(by=owner, wish=made, state="declined", answer=" ")
    with pytest.raises(Refused):
        flows.answer_wish(by=owner, wish=made, state="done", answer="")
    made.refresh_from_db()
    assert (made.state, Release.objects.count()) == ("open", 0)


def test_merging_moves_the_voters_each_once_and_later_votes_follow(owner: User) -> None:
    gone, stays, both = wish("Night pages"), wish(), make_user()
    for one in (gone, stays):
        flows.vote(user=both, wish=one)
    older = wish("Black pages")
    flows.merge_wish(by=owner, wish=older, into=gone)
    flows.merge_wish(by=owner, wish=gone, into=stays)
    stays.refresh_from_db()
    assert stays.votes == WishVote.objects.filter(wish=stays).count() == 4
    assert set(Wish.objects.filter(merged_into=stays)) == {gone, older}
    assert not WishVote.objects.exclude(wish=stays).exists()
    assert flows.vote(user=make_user(), wish=gone).pk == stays.pk
    for wrong in ((stays, stays), (gone, stays), (stays, gone)):
        with pytest.raises(Refused):
            flows.merge_wish(by=owner, wish=wrong[0], into=wrong[1])


@pytest.mark.parametrize("chunk", [2, 500])
def test_a_release_note_fulfils_wishes_and_tells_each_voter_once(chunk: int, owner: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(fanout, "CHUNK", chunk)
    first, second, both = wish(), wish("Louder"), make_user()
    for one in (first, second):
        flows.vote(user=both, wish=one)
    outsider = wish("Not this one").topic.author
    for _ in range(2):
        note = flows.publish_release(by=owner, title="March", source="*New*", wishes=[first, second], key="k")
        deliver()
    assert Release.objects.count() == 1
    assert set(note.wishes.all()) == {first, second}
    assert told("feedback.release") == sorted([both.pk, first.topic.author_id, second.topic.author_id])
    assert told("feedback.state") == []
    assert outsider.pk not in told("feedback.release")
    with pytest.raises(Refused):
        flows.publish_release(by=owner, title="April", source="again", wishes=[first], key="l")
    with pytest.raises(Refused):
        flows.vote(user=make_user(), wish=first)
    assert Release.objects.count() == 1


def test_who_took_the_vote_back_is_not_told(owner: User) -> None:
    made, user = wish(), make_user()
    flows.vote(user=user, wish=made)
    flows.vote(user=user, wish=made, on=False)
    flows.publish_release(by=owner, title="t", source="s", wishes=[made], key="k")
    deliver()
    assert user.pk not in told("feedback.release")


def test_the_pages_work_for_a_visitor_and_a_member_without_script(client: Client, client_of: Callable[[User], Client]) -> None:
    user = make_user()
    browser = client_of(user)
    form = browser.get("/en/feedback/new/").context["form"]
    values = {"title": "Dark <b>pages</b>", "source": "<script>alert(1)</script> *x*", "key": form["key"].value()}
    address = browser.post("/en/feedback/new/", values).headers["Location"]
    made = Wish.objects.get()
    page = client.get(address).content.decode()
    assert "Dark &lt;b&gt;pages&lt;/b&gt;" in page
    assert "<script>alert" not in page
    assert client.get(f"/en/feedback/{made.pk}/").headers["Location"] == address
    board = client.get("/en/feedback/")
    assert "Dark &lt;b&gt;pages&lt;/b&gt;" in board.content.decode()
    for path in ("new/", "releases/new/"):
        assert "/accounts/login/" in client.get(f"/feedback/{path}").headers["Location"]
    voter = client_of(make_user())
    assert voter.post(f"/feedback/{made.pk}/vote/", {"on": "yes"}).status_code == 302
    htmx = voter.post(f"/en/feedback/{made.pk}/vote/", {"on": "no"}, HTTP_HX_REQUEST="true")
    assert 'value="yes"' in htmx.content.decode()
    made.refresh_from_db()
    assert made.votes == 1


@pytest.mark.parametrize("path", ["vote/", "answer/", "merge/"])
def test_a_stranger_changes_nothing_and_get_neither(
    path: str, client: Client, client_of: Callable[[User], Client], visitor: User
) -> None:
    made, other = wish(), wish("Other")
    values = {"state": "declined", "answer": "no", "into": other.pk, "on": "yes"}
    assert "/accounts/login/" in client.post(f"/feedback/{made.pk}/{path}", values).headers["Location"]
    assert client_of(visitor).get(f"/feedback/{made.pk}/{path}").status_code == 405
    if path != "vote/":
        assert client_of(visitor).post(f"/feedback/{made.pk}/{path}", values).status_code == 403
        assert client_of(visitor).post(f"/feedback/{made.pk}/{path}", {}).status_code == 403
        assert client_of(visitor).post("/feedback/releases/new/", {"title": "t", "source": "s"}).status_code == 403
    assert client_of(visitor).post(f"/feedback/{made.pk + 9999}/{path}", values).status_code == 404
    made.refresh_from_db()
    assert (made.state, made.merged_into, made.votes) == ("open", None, 1)


def test_the_owner_answers_merges_and_publishes_on_the_pages(owner: User, client: Client, client_of: Any) -> None:
    browser, made, same, other = client_of(owner), wish(), wish("Night pages"), wish("Louder")
    browser.post(f"/feedback/{made.pk}/answer/", {"state": "planned", "answer": "In spring."})
    assert "In spring." in client.get(made.path).content.decode()
    browser.post(f"/feedback/{same.pk}/merge/", {"into": made.pk})
    assert made.path in client.get(same.path, follow=True).content.decode()
    form = browser.get("/feedback/releases/new/").context["form"]
    values = {"title": "March", "source": "# Louder", "wishes": [made.pk, other.pk], "key": form["key"].value()}
    assert browser.post("/feedback/releases/new/", values).status_code == 302
    page = client.get("/feedback/releases/").content.decode()
    assert made.path in page
    assert other.path in page
    assert client.get("/feedback/").context["page"].wishes == []
    assert len(client.get("/feedback/", {"state": "done"}).context["page"].wishes) == 2


def test_a_wish_whose_topic_a_moderator_removed_is_gone_everywhere(owner: User, client: Client) -> None:
    made, user = wish(), make_user()
    remove_post(by=owner, post=made.topic.posts.get(no=1), reason="spam")
    assert client.get(f"/feedback/{made.pk}/").status_code == 404
    assert client.get("/feedback/").context["page"].wishes == []
    with pytest.raises(Refused):
        flows.vote(user=user, wish=made)


def test_the_board_comes_in_pages_by_votes_without_gap_or_double(client: Client) -> None:
    first = wish()
    space, author = first.topic.space, first.topic.author
    topics = [type(first.topic)(space=space, author=author, title=f"t{n}", **_times(first)) for n in range(64)]
    type(first.topic).objects.bulk_create(topics)
    Wish.objects.bulk_create([Wish(topic=topic, votes=n % 3, created_at=first.created_at) for n, topic in enumerate(topics)])
    seen, address = [], "/feedback/"
    while address:
        page = client.get(address)
        seen += [one.pk for one in page.context["page"].wishes]
        address = "/feedback/" + page.context["older"] if page.context["older"] else ""
    assert seen == list(Wish.objects.order_by("-votes", "-pk").values_list("pk", flat=True))


def _times(one: Wish) -> dict[str, Any]:
    return {"created_at": one.created_at, "last_post_at": one.created_at}


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_number_of_queries_does_not_grow(rows: int, client_of: Any, django_assert_max_num_queries: Any) -> None:
    first = wish()
    topic_class = type(first.topic)
    topics = [
        topic_class(space=first.topic.space, author=first.topic.author, title=f"t{n}", **_times(first)) for n in range(rows)
    ]
    topic_class.objects.bulk_create(topics)
    Wish.objects.bulk_create([Wish(topic=topic, votes=n, created_at=first.created_at) for n, topic in enumerate(topics)])
    browser = client_of(make_user())
    with django_assert_max_num_queries(6):
        assert len(browser.get("/feedback/").context["page"].wishes) == min(rows + 1, 30)


@pytest.mark.parametrize("before", ["x", "1-", "-1", "9" * 30 + "-1", "1-²"])
def test_a_made_up_cursor_does_no_harm(before: str, client: Client) -> None:
    assert client.get("/feedback/", {"before": before}).status_code == 200
    assert client.get("/feedback/releases/", {"before": before}).status_code == 200


def test_leaving_for_good_takes_the_votes_along() -> None:
    made, user = wish(), make_user()
    flows.vote(user=user, wish=made)
    assert len(everything_of(user)["feedback"]["votes"]) == 1
    erase_everything(user)
    made.refresh_from_db()
    assert made.votes == WishVote.objects.filter(wish=made).count() == 1
