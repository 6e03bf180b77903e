"""/live/: what happens reaches those who may know it, in order, once; and nobody else."""

from collections.abc import Iterator
from typing import Any

import pytest

from accounts.flows import end_sessions
from accounts.models import Session, User
from community import flows
from community.errors import Refused
from community.models import Topic
from kit.clock import now
from notices import live
from notices.flows import Words, mark_read, notify
from notices.live import app, feed, streams
from notices.models import LiveEvent
from tests.factories import make_topic, make_user
from tests.notices.streams import House, session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch, settings: Any, db: None) -> Iterator[House]:
    settings.LIVE_URL = "http://127.0.0.1:9/live/"
    made = House(monkeypatch)
    yield made
    made.close()


def member(topic: Topic, source: str = "") -> User:
    user = make_user()
    flows.join(user=user, space=topic.space, source=source)
    return user


def say(topic: Topic, text: str = "news") -> int:
    return flows.reply(author=topic.author, topic=topic, source=text, key=f"{text}{LiveEvent.objects.count()}").no


def test_a_new_post_reaches_who_has_the_topic_or_its_board_open_and_nobody_else(house: House) -> None:
    topic, other = make_topic(), make_topic()
    reader = member(topic)
    on_topic, on_board = house.open(reader, f"topic:{topic.pk}"), house.open(reader, f"space:{topic.space_id}")
    elsewhere = house.open(reader, f"topic:{other.pk}")
    assert (on_topic.status, on_topic.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert on_topic.headers["cache-control"] == "private, no-store"
    no = say(topic)
    house.run()
    assert on_topic.values() == [{f"topic:{topic.pk}": no}]
    assert list(on_board.values()[0]) == [f"space:{topic.space_id}"]
    assert elsewhere.values() == []


def test_a_stranger_who_watches_a_closed_space_hears_nothing(house: House) -> None:
    topic = make_topic()
    stranger = house.open(make_user(), f"topic:{topic.pk}", f"space:{topic.space_id}")
    say(topic)
    house.run()
    assert stranger.events("hello")[0][2]["values"] == {}
    assert stranger.events() == []


def test_the_first_event_says_where_everything_stands(house: House) -> None:
    topic = make_topic()
    reader = member(topic)
    say(topic)
    topic.refresh_from_db()
    notify(user=reader, kind="x", key="a", words=Words("t"))
    heard = house.open(reader, f"topic:{topic.pk}", f"space:{topic.space_id}", "topic:999999999", "riddle:1", "topic:x")
    [(_seq, _name, state)] = heard.events("hello")
    assert state["unread"] == 1
    assert state["values"] == {f"topic:{topic.pk}": 2, f"space:{topic.space_id}": int(topic.last_post_at.timestamp() * 1000)}


@pytest.mark.parametrize("how", ["refund", "removal"])
def test_after_a_refund_or_removal_nothing_more_comes_though_the_stream_stays(house: House, how: str) -> None:
    topic = make_topic()
    gone, stays = member(topic, source="enrolment:7"), member(topic)
    heard = {user: house.open(user, f"topic:{topic.pk}") for user in (gone, stays)}
    say(topic, "before")
    house.run()
    if how == "refund":
        flows.leave(source="enrolment:7")
    else:
        flows.leave(user=gone, space=topic.space)
    say(topic, "after")
    house.run()
    assert len(heard[gone].values()) == 1
    assert len(heard[stays].values()) == 2
    again = house.open(gone, f"topic:{topic.pk}", last=0)  # nor by coming back for what was missed
    assert topic.last_no + 2 not in [value for values in again.values() for value in values.values()]
    assert again.events("hello")[0][2]["values"] == {}


def test_the_gate_is_asked_for_each_event_anew_when_one_comes_back(house: House) -> None:
    topic = make_topic()
    reader = member(topic, source="enrolment:8")
    start = house.open(reader, f"topic:{topic.pk}").last_id
    say(topic)
    flows.leave(source="enrolment:8")
    again = house.open(reader, f"topic:{topic.pk}", last=start)
    assert again.events("change", "reset") == []


@pytest.mark.parametrize("how", ["logout", "password", "erased"])
def test_a_stream_ends_with_the_session_it_was_opened_by(house: House, how: str) -> None:
    topic = make_topic()
    reader, other = member(topic), member(topic)
    heard, others = house.open(reader, f"topic:{topic.pk}"), house.open(other, f"topic:{topic.pk}")
    if how == "logout":
        Session.objects.filter(user=reader).delete()
    elif how == "password":
        end_sessions(user=reader)
    else:
        User.objects.filter(pk=reader.pk).update(is_active=False)
    say(topic)
    house.run()
    house.until(lambda: heard.ended)
    assert heard.values() == []
    assert not others.ended
    assert len(others.values()) == 1


def test_a_stream_that_hears_nothing_ends_with_its_session_too(house: House) -> None:
    reader = make_user()
    heard = house.open(reader)
    Session.objects.filter(user=reader).delete()
    house.until(lambda: heard.ended)


def test_the_bell_follows_notices_that_come_and_are_read(house: House) -> None:
    reader, other = make_user(), make_user()
    heard, others = house.open(reader), house.open(other)
    notify(user=reader, kind="x", key="a", words=Words("t"))
    notify(user=reader, kind="x", key="b", words=Words("t"))
    notify(user=reader, kind="x", key="b", words=Words("t"))
    house.run()
    mark_read(user=reader)
    mark_read(user=reader)
    house.run()
    assert [data["unread"] for _seq, _name, data in heard.events("notice")] == [2, 2, 0]
    assert others.events() == []


def test_one_that_was_away_gets_what_it_missed_once_and_in_order(house: House) -> None:
    topic = make_topic()
    reader = member(topic)
    first = house.open(reader, f"topic:{topic.pk}")
    numbers = [say(topic, "one")]
    house.run()
    seen = first.last_id
    house.leave(first)
    numbers += [say(topic, "two"), say(topic, "three")]
    make_topic()  # what is not for this stream
    again = house.open(reader, f"topic:{topic.pk}", last=seen)
    numbers.append(say(topic, "four"))
    house.run()
    got = [values[f"topic:{topic.pk}"] for values in first.values() + again.values()]
    assert got == numbers
    ids = [seq for seq, _name, _data in first.events() + again.events()]
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("last", [10**17, 0])
def test_one_that_was_away_for_too_long_is_told_to_look_anew(house: House, last: int) -> None:
    topic = make_topic()
    reader = member(topic)
    house.open(reader)
    say(topic)
    house.run()
    LiveEvent.objects.filter(pk=LiveEvent.objects.earliest("pk").pk).delete()
    heard = house.open(reader, f"topic:{topic.pk}", last=last)
    assert [name for _seq, name, _data in heard.events("reset", "hello")] == ["reset", "hello"]


def test_numbers_are_given_after_the_commit_in_one_order_without_reuse() -> None:
    LiveEvent.objects.bulk_create([LiveEvent(kind="change", channels=["topic:1"], at=now()) for _ in range(3)])
    feed.number_new()
    first = list(LiveEvent.objects.order_by("pk").values_list("seq", flat=True))
    assert first == sorted(set(first))
    feed.number_new()
    assert list(LiveEvent.objects.order_by("pk").values_list("seq", flat=True)) == first
    LiveEvent.objects.all().delete()
    late = LiveEvent.objects.create(kind="change", channels=["topic:1"], at=now())
    feed.number_new()
    late.refresh_from_db()
    assert late.seq > first[-1]


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"host": "evil.example"}, 400),
        ({"method": "POST"}, 405),
        ({"path": "/live/x/"}, 404),
        ({"path": "/"}, 404),
    ],
)
def test_foreign_pages_and_other_addresses_are_refused(house: House, changes: dict[str, Any], status: int) -> None:
    heard = house.open(make_user(), **changes)
    assert (heard.status, heard.ended) == (status, True)
    assert not house.app.hub or not house.app.hub.streams


@pytest.mark.parametrize("cookie", ["", "sessionid=made-up", "sessionid="])
def test_without_a_living_session_there_is_no_stream(house: House, cookie: str) -> None:
    assert house.open(None, cookie=cookie).status == 401


def test_our_own_page_on_another_port_may_read_the_answer(house: House, settings: Any) -> None:
    heard = house.open(make_user(), origin=settings.SITE_URL)
    assert heard.headers["access-control-allow-origin"] == settings.SITE_URL
    assert heard.headers["access-control-allow-credentials"] == "true"
    assert "access-control-allow-origin" not in house.open(make_user()).headers


def test_one_person_holds_a_limited_number_of_streams_and_so_do_all(house: House, settings: Any) -> None:
    settings.LIVE_STREAMS_PER_PERSON, settings.LIVE_STREAMS = 2, 3
    reader = make_user()
    heard = [house.open(reader) for _ in range(3)]
    house.until(lambda: [one.ended for one in heard].count(True) == 1)
    house.open(make_user())
    assert house.open(make_user()).status == 503
    house.leave(heard[-1])
    assert house.open(make_user()).status == 200


def test_a_reader_too_slow_for_the_queue_is_sent_away_to_come_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = streams.Stream(1, "s", frozenset())
    hub = streams.Hub()
    hub.add(stream)
    for seq in range(streams.LONGEST_QUEUE + 1):
        hub._put(stream, (seq, "change", {}))
    assert stream not in hub.streams
    hub.pool.shutdown()


def test_an_idle_stream_learns_the_latest_number_without_an_event(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(app, "HEARTBEAT_SECONDS", 0.03)
    heard = house.open(make_user())
    before = heard.last_id
    say(make_topic())
    house.until(lambda: heard.last_id > before)
    assert heard.events() == []


def test_without_a_live_process_nothing_is_written(settings: Any) -> None:
    settings.LIVE_URL = ""
    say(make_topic())
    notify(user=make_user(), kind="x", key="a", words=Words("t"))
    assert not LiveEvent.objects.exists()


def test_an_event_is_written_in_the_transaction_of_what_happened(settings: Any) -> None:
    settings.LIVE_URL = "/live/"
    topic = make_topic()
    before = LiveEvent.objects.count()
    with pytest.raises(Refused):
        flows.reply(author=make_user(), topic=topic, source="x", key="x")
    assert LiveEvent.objects.count() == before


def test_old_events_are_forgotten(settings: Any, clock: Any) -> None:
    settings.LIVE_URL = "/live/"
    live.publish(kind="change", values={"topic:1": 1})
    clock.advance(days=settings.LIVE_DAYS, hours=-1)
    assert feed.forget_events() == 0
    clock.advance(hours=2)
    assert feed.forget_events() == 1


@pytest.mark.parametrize("readers", [3, 30])
def test_an_event_costs_the_same_few_queries_however_many_read(readers: int, django_assert_num_queries: Any) -> None:
    topic = make_topic()
    people = [member(topic) for _ in range(readers)]
    sessions = [session_of(user) for user in people]
    event = LiveEvent.objects.create(
        seq=1, kind="change", channels=[f"topic:{topic.pk}"], gate=f"space:{topic.space_id}", at=now()
    )
    with django_assert_num_queries(3):
        verdict = feed.judge(events=[event], sessions=sessions, people={1: {user.pk for user in people}})
    assert verdict.allowed[1] == {user.pk for user in people}
