"""Draws: the commitment comes first, one entry a person, nobody steers it, and a script outside of the site finds the same."""

import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from community import draw_check, flows
from community.draw_check import commitment_of, problems, winners_of
from community.errors import NotSound, Refused
from community.flows.drawing import cancel_draw, draw_what_is_due, set_public_value
from community.flows.draws import DrawFacts, Prize, enter_draw, publish_draw
from community.models import Draw, DrawEntry, DrawSeed, DrawWin, Membership, Space
from community.reads.draws import record_of
from kit.clock import now
from kit.models import AuditEntry, OutboxMessage
from kit.persons import erase_everything, everything_of
from notices.models import Notice
from stock.flows import OutOfStock, set_on_hand
from stock.reads import free_pieces
from tests.factories import make_space, make_user
from tests.shop.crowd import at_once

pytestmark = pytest.mark.django_db
SCRIPT = Path(draw_check.__file__)


@pytest.fixture
def boss(db: None) -> Any:
    return make_user(name="Boss")


@pytest.fixture
def space(boss: Any) -> Space:
    space = make_space(slug="class-1")
    flows.join(user=boss, space=space, role="owner")
    return space


def facts(**fields: Any) -> DrawFacts:
    moment = now().replace(microsecond=0)
    values: dict[str, Any] = {
        "title": "A ukulele",
        "opens_at": moment + timedelta(minutes=10),
        "closes_at": moment + timedelta(days=2),
    }
    return DrawFacts(**{**values, "prizes": [Prize("Ukulele", 1), Prize("Strings", 2)], **fields})


@pytest.fixture
def members(space: Space) -> list[Any]:
    people = [make_user() for _n in range(8)]
    for person in people:
        flows.join(user=person, space=space)
    return people


@pytest.fixture
def draw(space: Space, boss: Any, members: list[Any]) -> Draw:
    return publish_draw(by=boss, space=space, facts=facts())


def ran(draw: Draw, clock: Any, people: list[Any]) -> Draw:
    """Registered, closed, drawn."""
    clock.advance(minutes=11)
    for person in people:
        enter_draw(user=person, draw=draw)
    clock.advance(days=3)
    assert draw_what_is_due() == 1
    clock.advance(minutes=11)
    assert draw_what_is_due() == 1
    draw.refresh_from_db()
    return draw


def checked(record: dict[str, Any], folder: Path, *more: str) -> tuple[int, str]:
    """The published script, alone, as anybody runs it."""
    file = folder / "record.json"
    file.write_text(json.dumps(record))
    run = subprocess.run(
        [sys.executable, "-I", "-S", str(SCRIPT), str(file), *more], capture_output=True, text=True, check=False, env={}
    )
    return run.returncode, run.stdout + run.stderr


def published(draw: Draw) -> dict[str, Any]:
    return dict(Client().get(f"/draws/{draw.pk}/record.json").json())


def test_anyone_finds_the_same_winners_by_the_script_and_the_record_alone(
    draw: Draw, clock: Any, members: list[Any], tmp_path: Path
) -> None:
    ran(draw, clock, members)
    record = published(draw)
    code, said = checked(record, tmp_path)
    assert code == 0, said
    assert "all as it must be" in said
    assert [row["prize"] for row in record["winners"]] == ["Ukulele", "Strings", "Strings"]
    won = list(DrawWin.objects.values_list("entry__code", flat=True))
    assert [row["code"] for row in record["winners"]] == won
    for row in record["winners"]:
        assert f"{row['prize']} -> {row['code']}" in said
    script = Client().get("/draws/check.py")
    assert script.content == SCRIPT.read_bytes()


def test_the_script_imports_nothing_but_the_standard_library() -> None:
    lines = [line for line in SCRIPT.read_text().splitlines() if line.startswith(("import ", "from "))]
    assert {line.split()[1].split(".")[0] for line in lines} <= set(sys.stdlib_module_names)


WRONG = {
    "another seed": lambda record: record | {"seed": "0" * 64},
    "another prize": lambda record: (
        record | {"terms": record["terms"] | {"prizes": [{"name": "Pick", "pieces": 3, "thing": ""}]}}
    ),
    "an entry removed": lambda record: (
        record
        | {"entries": record["entries"] | {"codes": record["entries"]["codes"][1:], "count": record["entries"]["count"] - 1}}
    ),
    "an entry added": lambda record: (
        record
        | {
            "entries": record["entries"]
            | {"codes": [*record["entries"]["codes"], "ff" * 10], "count": record["entries"]["count"] + 1}
        }
    ),
    "entries exchanged": lambda record: record | {"entries": record["entries"] | {"codes": record["entries"]["codes"][::-1]}},
    "another winner": lambda record: record | {"winners": record["winners"][::-1]},
    "a winner left out": lambda record: record | {"winners": record["winners"][:-1]},
    "another value": lambda record: record | {"public_value": "7"},
    "opened before the commitment": lambda record: record | {"published_at": "2999-01-01T00:00:00Z"},
    "the seed shown early": lambda record: record | {"frozen_at": "2001-01-01T00:00:00Z"},
}


def test_the_script_finds_every_change_of_the_record(draw: Draw, clock: Any, members: list[Any], tmp_path: Path) -> None:
    record = record_of(ran(draw, clock, members))
    assert problems(record) == []
    for name, change in WRONG.items():
        assert problems(change(record)), name
    assert checked(WRONG["another seed"](record), tmp_path)[0] == 1
    assert checked({"format": "else"}, tmp_path)[0] in (1, 2)


def test_a_head_that_was_noted_shows_a_list_made_anew(draw: Draw, clock: Any, members: list[Any], tmp_path: Path) -> None:
    clock.advance(minutes=11)
    for person in members[:3]:
        enter_draw(user=person, draw=draw)
    noted = published(draw)["entries"]["head"]
    assert "codes" not in published(draw)["entries"]
    record = record_of(ran_on(draw, clock))
    assert checked(record, tmp_path, "--head", noted)[0] == 0
    assert checked(record, tmp_path, "--head", "0" * 64)[0] == 1


def ran_on(draw: Draw, clock: Any) -> Draw:
    clock.advance(days=3)
    draw_what_is_due()
    clock.advance(minutes=11)
    draw_what_is_due()
    draw.refresh_from_db()
    return draw


def test_the_seed_is_in_nothing_that_anybody_reads_before_it_is_drawn(
    draw: Draw, clock: Any, boss: Any, members: list[Any], client_of: Any, owner: Any
) -> None:
    seed = DrawSeed.objects.get().seed
    clock.advance(minutes=11)
    enter_draw(user=members[0], draw=draw)
    clock.advance(days=3)
    draw_what_is_due()  # the list is closed
    for person in (boss, members[0], owner):
        for address in (draw.path, draw.public_path, f"/draws/{draw.pk}/record.json", "/community/class-1/draws/"):
            assert seed not in client_of(person).get(address).content.decode()
    assert seed not in json.dumps(everything_of(boss), default=str)
    assert seed not in json.dumps(list(AuditEntry.objects.values("after", "before")), default=str)
    assert published(draw)["state"] == "closed"
    assert len(published(draw)["entries"]["codes"]) == 1


def test_the_commitment_is_public_before_registration_opens(draw: Draw, members: list[Any], clock: Any) -> None:
    record = published(draw)
    assert (record["state"], record["entries"]["count"], record["seed"]) == ("announced", 0, "")
    assert record["commitment"] == commitment_of(DrawSeed.objects.get().seed, record["terms"])
    with pytest.raises(Refused):
        enter_draw(user=members[0], draw=draw)


def test_registration_opens_no_sooner_than_the_commitment_can_be_noted(space: Space, boss: Any) -> None:
    with pytest.raises(NotSound):
        publish_draw(by=boss, space=space, facts=facts(opens_at=now() + timedelta(minutes=1)))
    with pytest.raises(NotSound):
        publish_draw(by=boss, space=space, facts=facts(closes_at=now() + timedelta(minutes=9)))
    with pytest.raises(NotSound):
        publish_draw(by=boss, space=space, facts=facts(prizes=[Prize(" ")]))
    assert not Draw.objects.exists()


def test_who_enters_and_who_does_not(draw: Draw, space: Space, boss: Any, members: list[Any], clock: Any, owner: Any) -> None:
    clock.advance(minutes=11)
    reader, newcomer, moderator, gone = make_user(), make_user(), make_user(), make_user()
    flows.join(user=newcomer, space=space)
    flows.join(user=reader, space=space, role="reader")
    flows.join(user=moderator, space=space, role="moderator")
    flows.join(user=gone, space=space)
    flows.leave(user=gone, space=space)
    Membership.objects.filter(user__in=[reader, moderator]).update(joined_at=now() - timedelta(days=9))
    for person in (make_user(), newcomer, reader, moderator, gone, boss, owner):
        with pytest.raises(Refused):
            enter_draw(user=person, draw=draw)
    enter_draw(user=members[0], draw=draw)
    clock.advance(days=2)
    with pytest.raises(Refused):  # the beat has not come by yet, the clock decides
        enter_draw(user=members[1], draw=draw)
    assert DrawEntry.objects.count() == 1


def test_a_proof_is_answered_as_it_was_fixed_before(space: Space, boss: Any, members: list[Any], clock: Any) -> None:
    draw = publish_draw(by=boss, space=space, facts=facts(question="第三天的和弦？", answers=["C 和弦", "Am"]))
    assert "和弦" not in json.dumps(draw.terms["rule"]["answers_sha256"])
    clock.advance(minutes=11)
    for wrong in ("", " ", "G7"):
        with pytest.raises(Refused):
            enter_draw(user=members[0], draw=draw, answer=wrong)
    enter_draw(user=members[0], draw=draw, answer="c和弦")
    enter_draw(user=members[1], draw=draw, answer="ＡＭ")
    assert DrawEntry.objects.count() == 2


def test_entering_through_the_page_counts_once_and_shows_the_code(
    draw: Draw, members: list[Any], clock: Any, client_of: Any
) -> None:
    clock.advance(minutes=11)
    browser = client_of(members[0])
    for _twice in range(2):
        page = browser.post(f"/en/community/class-1/draws/{draw.pk}/enter/", follow=True).content.decode()
    assert DrawEntry.objects.get().code in page
    assert DrawEntry.objects.get().code not in client_of(members[1]).get(draw.path).content.decode()


CHANGES = [
    "UPDATE community_draw SET terms = '{}'",
    "UPDATE community_draw SET commitment = 'x'",
    "UPDATE community_draw SET closes_at = closes_at + interval '1 day'",
    "UPDATE community_draw SET entries = 0",
    "UPDATE community_draw SET head = 'x' WHERE frozen_at IS NOT NULL",
    "UPDATE community_draw SET frozen_at = NULL",
    "UPDATE community_draw SET cancelled_at = now()",
    "UPDATE community_draw SET drawn_at = now() + interval '1 day'",
    "UPDATE community_draw SET seed = 'x'",
    "DELETE FROM community_drawwin",
    "UPDATE community_drawwin SET entry_id = (SELECT max(id) FROM community_drawentry), position = 99",
    "UPDATE community_drawentry SET code = 'x' || id",
    "UPDATE community_drawseed SET seed = 'x'",
    "DELETE FROM community_drawseed",
    "INSERT INTO community_drawentry (draw_id, no, code, head, answer, at) SELECT id, 9, 'x', 'x', '', now() FROM community_draw",
]


def test_the_database_refuses_what_would_steer_a_draw(draw: Draw, clock: Any, members: list[Any]) -> None:
    ran(draw, clock, members[:5])
    for change in CHANGES:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
        assert True, change
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM community_drawentry WHERE id NOT IN (SELECT entry_id FROM community_drawwin)")


def test_an_exchanged_secret_voids_the_draw_in_public(draw: Draw, clock: Any, members: list[Any], tmp_path: Path) -> None:
    clock.advance(minutes=11)
    enter_draw(user=members[0], draw=draw)
    with connection.cursor() as cursor:  # as somebody with the database's own password would
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE community_drawseed DISABLE TRIGGER USER")
        cursor.execute("UPDATE community_drawseed SET seed = %s", ["ab" * 32])
        cursor.execute("ALTER TABLE community_drawseed ENABLE TRIGGER USER")
    ran_on(draw, clock)
    assert published(draw)["state"] == "cancelled"
    assert not DrawWin.objects.exists()
    assert checked(published(draw), tmp_path)[0] == 1


def test_a_cancelled_draw_stays_visible_with_what_would_have_come(
    draw: Draw, space: Space, boss: Any, clock: Any, members: list[Any], tmp_path: Path, client_of: Any
) -> None:
    clock.advance(minutes=11)
    for person in members[:4]:
        enter_draw(user=person, draw=draw)
    assert client_of(boss).post(f"/community/class-1/draws/{draw.pk}/cancel/", {"reason": ""}).status_code == 400
    client_of(boss).post(f"/community/class-1/draws/{draw.pk}/cancel/", {"reason": "The secret was stolen."})
    code, said = checked(published(draw), tmp_path)
    assert code == 0, said
    assert "CANCELLED" in said
    assert said.count("would have been") == 3
    assert "The secret was stolen." in client_of(members[0]).get(draw.path).content.decode()
    assert Notice.objects.filter(key=f"draw:{draw.pk}:cancelled").count() == 4
    with pytest.raises(Refused):
        enter_draw(user=members[5], draw=draw)
    clock.advance(days=9)
    assert draw_what_is_due() == 0
    again = publish_draw(by=boss, space=space, facts=facts())
    assert again.terms["earlier"] == [{"draw": draw.pk, "state": "cancelled"}]
    assert draw.title in client_of(members[0]).get("/community/class-1/draws/").content.decode()


def test_a_drawn_draw_is_drawn_once_and_cancelled_by_nobody(draw: Draw, boss: Any, clock: Any, members: list[Any]) -> None:
    ran(draw, clock, members)
    with pytest.raises(Refused):
        cancel_draw(by=boss, draw=draw, reason="I want others")
    assert draw_what_is_due() == 0
    assert (DrawWin.objects.count(), OutboxMessage.objects.filter(topic="draw.won").count()) == (3, 3)


def test_a_public_number_is_waited_for_written_once_and_mixed_in(
    space: Space, boss: Any, clock: Any, members: list[Any], client_of: Any
) -> None:
    draw = publish_draw(by=boss, space=space, facts=facts(public_source="TAIEX close of the day after closing"))
    clock.advance(minutes=11)
    enter_draw(user=members[0], draw=draw)
    with pytest.raises(Refused):
        set_public_value(by=boss, draw=draw, value="too early")
    clock.advance(days=3)
    draw_what_is_due()
    clock.advance(minutes=11)
    assert draw_what_is_due() == 0
    for person in (members[0], make_user()):
        assert client_of(person).post(f"/community/class-1/draws/{draw.pk}/value/", {"value": "1"}).status_code == 404
    client_of(boss).post(f"/community/class-1/draws/{draw.pk}/value/", {"value": "23012.5"})
    with pytest.raises(Refused):
        set_public_value(by=boss, draw=draw, value="another")
    assert draw_what_is_due() == 1
    record = published(draw)
    assert (record["public_value"], problems(record)) == ("23012.5", [])
    assert problems(record | {"public_value": ""})


def test_fewer_people_than_prizes_and_nobody_at_all(space: Space, boss: Any, clock: Any, members: list[Any]) -> None:
    few, none = (publish_draw(by=boss, space=space, facts=facts(title=title)) for title in ("Few", "None"))
    clock.advance(minutes=11)
    enter_draw(user=members[0], draw=few)
    ran_on(few, clock)
    none.refresh_from_db()
    assert (few.wins.count(), none.wins.count()) == (1, 0)
    assert problems(record_of(few)) == problems(record_of(none)) == []


def test_prizes_from_stock_are_held_from_publishing_on(space: Space, boss: Any, clock: Any, members: list[Any]) -> None:
    set_on_hand(ref="sku:UKE@main", on_hand=2)
    prize = Prize("Ukulele", 2, "sku:1", "sku:UKE@main")
    draw = publish_draw(by=boss, space=space, facts=facts(prizes=[prize]))
    assert free_pieces(["sku:UKE@main"]) == {"sku:UKE@main": 0}
    with pytest.raises(OutOfStock):
        publish_draw(by=boss, space=space, facts=facts(prizes=[prize]))
    assert Draw.objects.count() == 1
    cancel_draw(by=boss, draw=draw, reason="Rain")
    assert free_pieces(["sku:UKE@main"]) == {"sku:UKE@main": 2}


def test_an_erased_person_leaves_a_code_and_nothing_else(draw: Draw, clock: Any, members: list[Any]) -> None:
    clock.advance(minutes=11)
    entry = enter_draw(user=members[0], draw=draw)
    assert everything_of(members[0])["events"]["draws"][0]["code"] == entry.code
    erase_everything(members[0])
    entry.refresh_from_db()
    assert (entry.user, entry.draw) == (None, draw)
    assert problems(record_of(ran_on(draw, clock))) == []


READ = ["", "new/", "{d}-a-ukulele/", "{d}/cancel/"]
WRITE = ["new/", "{d}/enter/", "{d}/value/", "{d}/cancel/"]


def test_a_stranger_finds_no_draws_of_a_closed_space_and_a_member_runs_none(
    draw: Draw, members: list[Any], client_of: Any, student: Any
) -> None:
    base = "/community/class-1/draws/"
    for address in READ:
        assert client_of(student).get(base + address.format(d=draw.pk)).status_code == 404
        assert Client().get(base + address.format(d=draw.pk)).status_code == 302
    for address in WRITE:
        assert client_of(student).post(base + address.format(d=draw.pk), {"reason": "x", "value": "x"}).status_code == 404
    for address in ("new/", f"{draw.pk}/cancel/", f"{draw.pk}/value/"):
        assert client_of(members[0]).post(base + address, {"reason": "x", "value": "x"}).status_code == 404
    page = Client().get(draw.public_path).content.decode()
    assert draw.commitment in page
    assert members[0].name not in page
    draw.refresh_from_db()
    assert draw.cancelled_at is None


def test_the_owner_of_a_space_publishes_by_a_form(space: Space, boss: Any, client_of: Any) -> None:
    day = (now() + timedelta(days=5)).date().isoformat()
    form = {"title": "Box", "closes_on": day, "closes_time": "20:00", "prize_1": "Picks", "pieces_1": "3", "members_before": "on"}
    answer = client_of(boss).post("/en/community/class-1/draws/new/", form)
    assert answer.status_code == 302, answer.context["form"].errors
    draw = Draw.objects.get()
    assert [prize["name"] for prize in draw.terms["prizes"]] == ["Picks"]
    assert client_of(boss).post("/en/community/class-1/draws/new/", form | {"prize_1": ""}).status_code == 400


def _fifty(draw: Draw, person: Any) -> list[Any]:
    return at_once([lambda: enter_draw(user=person, draw=draw) for _n in range(50)])


@pytest.mark.django_db(transaction=True)
def test_fifty_registrations_of_one_person_at_once_count_once(draw: Draw, members: list[Any], clock: Any) -> None:
    clock.advance(minutes=11)
    answers = _fifty(draw, members[0])
    assert all(isinstance(answer, DrawEntry) for answer in answers), answers
    assert len({answer.code for answer in answers}) == 1
    draw.refresh_from_db()
    assert (draw.entries, DrawEntry.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_control_without_lock_and_constraint_they_count_more_than_once(
    draw: Draw, members: list[Any], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.advance(minutes=11)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_how: self)
    rules = {"draw_entry_once_per_person": "draw_id, user_id", "draw_entry_number_once": "draw_id, no"}
    with connection.cursor() as cursor:
        for name in rules:
            cursor.execute(f"ALTER TABLE community_drawentry DROP CONSTRAINT {name}")
    try:
        _fifty(draw, members[0])
        assert DrawEntry.objects.count() > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE community_drawentry CASCADE")
            for name, columns in rules.items():
                cursor.execute(f"ALTER TABLE community_drawentry ADD CONSTRAINT {name} UNIQUE ({columns})")


@given(st.lists(st.text("0123456789abcdef", min_size=4, max_size=4), unique=True, max_size=40), st.text(max_size=9))
def test_every_entry_wins_at_most_once_and_the_order_of_the_list_decides_nothing_by_itself(codes: list[str], seed: str) -> None:
    terms = {"prizes": [{"name": "A", "pieces": 2}, {"name": "B", "pieces": 3}]}
    won = winners_of(seed, "h", "", codes, terms)
    assert len(won) == min(5, len(codes))
    assert max(Counter(code for _prize, code in won).values(), default=1) == 1
    assert won == winners_of(seed, "h", "", codes[::-1], terms)


@pytest.mark.parametrize("size", [10, 1000])
def test_pages_of_draws_cost_the_same_whatever_the_rows(
    size: int, draw: Draw, boss: Any, client_of: Any, django_assert_max_num_queries: Any
) -> None:
    people = type(boss).objects.bulk_create([type(boss)(email=f"c{n}@demo.test", name=f"P{n}") for n in range(size)])
    DrawEntry.objects.bulk_create(
        [DrawEntry(draw=draw, user=user, no=n, code=f"c{n}", head="h", at=now()) for n, user in enumerate(people, start=1)]
    )
    browser = client_of(boss)
    for address, most in ((draw.path, 13), ("/community/class-1/draws/", 10), (draw.public_path, 8)):
        with django_assert_max_num_queries(most):
            assert browser.get(address).status_code == 200
