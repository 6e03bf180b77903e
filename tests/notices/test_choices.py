"""Each person says how each group of notices comes, everywhere or from one space; mails can be stopped by one press."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from community import flows as community
from kit import outbox
from kit.persons import erase_everything, everything_of
from notices import flows, letters
from notices.flows import Words, choose, notify, notify_many, set_quiet_hours
from notices.models import Choice, Notice, QuietHours
from notices.stopping import read_token, stop_url
from tests.factories import make_space, make_user

pytestmark = pytest.mark.django_db
NIGHT = datetime(2027, 3, 3, 15, 0, tzinfo=UTC)  # 23:00 in Taipei


def deliver() -> None:
    for message in outbox.due_message_ids(1000):
        outbox.deliver(message_id=message)


def tell(user: User, kind: str = "community.post", key: str = "a", gate: str = "", **more: Any) -> None:
    notify(user=user, kind=kind, key=key, words=Words("Hear", "this"), url="/learn/", gate=gate, **more)


def mailed() -> list[str]:
    deliver()
    return sorted(message.to[0] for message in mail.outbox)


def member(space: Any) -> User:
    user = make_user()
    community.join(user=user, space=space)
    return user


@pytest.mark.parametrize(
    ("how", "in_inbox", "by_mail"),
    [("now", 1, 1), ("daily", 1, 0), ("weekly", 1, 0), ("inbox", 1, 0), ("off", 0, 0)],
)
@pytest.mark.parametrize("many", [False, True])
def test_a_group_comes_as_it_was_chosen(how: str, in_inbox: int, by_mail: int, many: bool) -> None:
    user, other = make_user(), make_user()
    choose(user=user, group="replies", how=how)
    if many:
        notify_many(users=[user, other], kind="community.post", key="a", words=Words("Hear"))
    else:
        tell(user)
        tell(other)
    assert mailed() == sorted([other.email, *[user.email] * by_mail])
    assert Notice.objects.filter(user=user).count() == in_inbox
    assert Notice.objects.filter(user=other).count() == 1


def test_what_was_chosen_for_one_space_goes_before_what_holds_everywhere() -> None:
    here, there = make_space(), make_space()
    user = member(here)
    community.join(user=user, space=there)
    choose(user=user, group="replies", how="off")
    choose(user=user, group="replies", how="now", place=f"space:{here.pk}")
    tell(user, key="a", gate=f"space:{here.pk}")
    tell(user, key="b", gate=f"space:{there.pk}")
    assert list(Notice.objects.values_list("key", flat=True)) == ["a"]
    choose(user=user, group="replies", how="", place=f"space:{here.pk}")
    tell(user, key="c", gate=f"space:{here.pk}")
    assert Notice.objects.count() == 1


@pytest.mark.parametrize("kind", ["order", "money", "payout", "shipment", "promote", "case"])
def test_money_and_orders_cannot_be_switched_off(kind: str, client_of: Callable[[User], Client]) -> None:
    user = make_user()
    with pytest.raises(ValueError, match="money"):
        choose(user=user, group="money", how="off")
    client_of(user).post("/notices/settings/", {**form_values(client_of(user)), "money": "off"})
    Choice.objects.create(user=user, group="money", how="off")  # even where the row is there
    tell(user, kind=kind)
    assert mailed() == [user.email]


def form_values(browser: Client) -> dict[str, str]:
    form = browser.get("/notices/settings/").context["form"]
    return {field.html_name: str(field.value() or "") for field in form}


def test_the_settings_page_saves_what_is_chosen_and_shows_it(client_of: Callable[[User], Client]) -> None:
    user = make_user()
    browser = client_of(user)
    values = form_values(browser) | {"replies": "weekly", "lessons": "off", "quiet_from": "22:00", "quiet_until": "07:30"}
    assert browser.post("/notices/settings/", values).status_code == 302
    assert dict(Choice.objects.filter(user=user).values_list("group", "how")) == {"replies": "weekly", "lessons": "off"}
    quiet = QuietHours.objects.get(user=user)
    assert (quiet.start, quiet.end) == (time(22), time(7, 30))
    again = form_values(browser)
    assert (again["replies"], again["lessons"], again["messages"]) == ("weekly", "off", "now")
    browser.post("/notices/settings/", again | {"quiet_from": "", "quiet_until": ""})
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize("wrong", [{"quiet_from": "22:00"}, {"quiet_from": "22:00", "quiet_until": "22:00"}, {"replies": "x"}])
def test_half_a_pair_of_hours_or_an_unknown_way_is_asked_again(
    wrong: dict[str, str], client_of: Callable[[User], Client]
) -> None:
    browser = client_of(make_user())
    assert browser.post("/notices/settings/", form_values(browser) | wrong).status_code == 400
    assert not QuietHours.objects.exists()
    assert not Choice.objects.exists()


def test_one_chooses_for_ones_own_spaces_alone(client_of: Callable[[User], Client], client: Client) -> None:
    space, foreign = make_space(name="Choir"), make_space(name="Secret")
    user = member(space)
    browser = client_of(user)
    page = browser.get("/en/notices/settings/").content.decode()
    assert f"/en/notices/settings/space-{space.pk}/" in page
    assert "Secret" not in page
    assert browser.post(f"/notices/settings/space-{space.pk}/", {"news": "daily"}).status_code == 302
    choice = Choice.objects.get()
    assert (choice.user, choice.group, choice.place, choice.how) == (user, "news", f"space:{space.pk}", "daily")
    missing = browser.get(f"/notices/settings/space-{space.pk + 10_000}/")
    for address in (f"space-{foreign.pk}", f"cohort-{space.pk}"):
        answer = browser.post(f"/notices/settings/{address}/", {"news": "off"})
        assert (answer.status_code, missing.status_code) == (404, 404)
    community.leave(user=user, space=space)
    assert browser.get(f"/notices/settings/space-{space.pk}/").status_code == 404
    for address in ("", f"space-{space.pk}/"):
        assert client.get(f"/notices/settings/{address}").headers["Location"].startswith("/accounts/login/")
    assert Choice.objects.count() == 1


def test_the_settings_page_costs_the_same_for_two_hundred_spaces(
    client_of: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    user = make_user()
    for _ in range(200):
        community.join(user=user, space=make_space())
    browser = client_of(user)
    with django_assert_max_num_queries(8):
        assert len(browser.get("/notices/settings/").context["places"]) == 200


def test_mail_waits_for_the_end_of_quiet_hours_where_the_person_lives(clock: Any) -> None:
    clock.set(NIGHT)
    sleeper, elsewhere = make_user(), make_user(time_zone="Europe/Lisbon")  # 15:00 there
    for user in (sleeper, elsewhere):
        set_quiet_hours(user=user, start=time(22), end=time(7))
        tell(user)
    assert mailed() == [elsewhere.email]
    clock.advance(hours=7, minutes=59)
    assert mailed() == [elsewhere.email]
    clock.advance(minutes=2)
    assert mailed() == sorted([elsewhere.email, sleeper.email])
    message = outbox.OutboxMessage.objects.order_by("pk").first()
    assert message is not None
    assert message.attempts == 0


def test_quiet_hours_within_a_day_and_their_edges(clock: Any) -> None:
    user = make_user()
    set_quiet_hours(user=user, start=time(23), end=time(23, 30))
    clock.set(NIGHT.replace(minute=1))
    tell(user, key="a")
    assert mailed() == []
    clock.set(NIGHT.replace(minute=31))
    tell(user, key="b")
    assert mailed() == [user.email] * 2


@pytest.mark.parametrize("kind", ["order", "money", "course.offer", "course.live"])
def test_what_is_urgent_comes_in_quiet_hours_too(kind: str, clock: Any) -> None:
    clock.set(NIGHT)
    user = make_user()
    set_quiet_hours(user=user, start=time(22), end=time(7))
    tell(user, kind=kind)
    assert mailed() == [user.email]


def test_reading_in_the_quiet_hours_cancels_the_mail(clock: Any) -> None:
    clock.set(NIGHT)
    user = make_user()
    set_quiet_hours(user=user, start=time(22), end=time(7))
    tell(user)
    deliver()
    flows.settle(user=user, keys=["a"])
    clock.advance(hours=10)
    assert mailed() == []


def stop_address(message: Any) -> str:
    header = message.extra_headers["List-Unsubscribe"]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    return str(header.strip("<>").removeprefix("http://127.0.0.1:8000"))


def test_one_press_in_a_mail_program_stops_that_kind_for_that_person_and_nothing_else() -> None:
    user, other = make_user(), make_user()
    choose(user=user, group="replies", how="daily", place="space:1")
    tell(user)
    deliver()
    address = stop_address(mail.outbox[0])
    stranger = Client(enforce_csrf_checks=True)
    for _ in range(2):
        answer = stranger.post(address, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 200
    assert set(Choice.objects.filter(user=user).values_list("place", "how")) == {("", "inbox"), ("space:1", "inbox")}
    mail.outbox.clear()
    tell(user, key="b")
    tell(user, key="c", kind="course")
    tell(other)
    assert mailed() == sorted([user.email, other.email])
    assert Notice.objects.filter(user=user).count() == 3


@pytest.mark.parametrize("method", ["get", "head"])
def test_opening_the_address_changes_nothing(method: str) -> None:
    user = make_user()
    tell(user)
    deliver()
    assert getattr(Client(), method)(stop_address(mail.outbox[0])).status_code == 200
    assert not Choice.objects.exists()


def test_a_made_up_address_or_one_of_what_cannot_be_stopped_is_missing() -> None:
    user = make_user()
    good = stop_url(user, "replies").rsplit("/", 2)[1]
    for token in ("x", good[:-1], good.replace(f"{user.pk}.", f"{user.pk + 1}.", 1), stop_url(user, "money").rsplit("/", 2)[1]):
        assert Client().post(f"/notices/stop/{token}/").status_code == 404
    assert read_token(good) == (user.pk, "replies")
    assert not Choice.objects.exists()


@pytest.mark.parametrize("kind", ["order", "money", "payout"])
def test_mails_about_money_and_orders_offer_no_such_press(kind: str) -> None:
    tell(make_user(), kind=kind)
    deliver()
    assert "List-Unsubscribe" not in mail.outbox[0].extra_headers


def test_letters_keep_their_own_address() -> None:
    user = make_user()
    letters.set_consent(user=user, wanted=True)
    tell(user, kind="letter", gate=letters.GATE)
    deliver()
    assert Client().post(stop_address(mail.outbox[0])).status_code == 200
    assert not letters.has_consent(user)


def test_a_mail_repeated_after_a_kill_bears_the_same_message_id() -> None:
    user = make_user()
    tell(user)
    for _ in range(2):
        outbox.handle(topic="notice.mail", payload={"notice": Notice.objects.get().pk})
        Notice.objects.update(emailed_at=None)  # what a transaction that died leaves
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1


def test_choices_are_exported_and_erased() -> None:
    user = make_user()
    choose(user=user, group="replies", how="off")
    set_quiet_hours(user=user, start=time(22), end=time(7))
    found = everything_of(user)["notices"]
    assert found["choices"] == [{"group": "replies", "place": "", "how": "off"}]
    assert len(found["quiet_hours"]) == 1
    erase_everything(user)
    assert not Choice.objects.exists()
    assert not QuietHours.objects.exists()
