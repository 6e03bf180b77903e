"""Versions of an offer's shares: what cannot be, what the trail says, and what the database refuses."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kit.models import AuditEntry
from shop.payouts.flows import CannotShare, change_split
from shop.payouts.models import Split, SplitShare

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("parts", [(5000, 4999), (5000, 5001), (10_000, 0, 1), (0, 0), (11_000, -1000)])
def test_shares_that_are_not_one_hundred_percent_are_refused(bundle: Any, teacher: Any, owner: Any, parts: Any) -> None:
    shares = dict(zip([teacher.pk, None, owner.pk], parts, strict=False))
    with pytest.raises(CannotShare):
        change_split(offer=bundle, shares=shares, actor=owner)
    assert not Split.objects.exists()


def test_only_teachers_and_the_yard_share(bundle: Any, student: Any, owner: Any) -> None:
    with pytest.raises(CannotShare, match="teachers"):
        change_split(offer=bundle, shares={student.pk: 10_000}, actor=owner)


def test_a_change_is_a_new_version_with_one_line_in_the_trail(bundle: Any, teacher: Any, owner: Any) -> None:
    first = change_split(offer=bundle, shares={teacher.pk: 7000, None: 3000}, actor=owner)
    again = change_split(offer=bundle, shares={None: 3000, teacher.pk: 7000}, actor=owner)
    second = change_split(offer=bundle, shares={teacher.pk: 10_000, None: 0}, actor=owner)
    assert (first, first.number, second.number) == (again, 1, 2)
    assert SplitShare.objects.filter(split=first).count() == 2
    lines = AuditEntry.objects.filter(action="offer.split").order_by("pk")
    assert [(line.actor_id, line.target, line.before, line.after) for line in lines] == [
        (owner.pk, f"offer:{bundle.pk}", None, {f"user:{teacher.pk}": 7000, "yard": 3000}),
        (owner.pk, f"offer:{bundle.pk}", {f"user:{teacher.pk}": 7000, "yard": 3000}, {f"user:{teacher.pk}": 10_000}),
    ]


def _at_commit(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("table", ["payouts_split", "payouts_splitshare"])
@pytest.mark.parametrize("statement", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_the_database_refuses_to_change_what_was_agreed(
    bundle: Any, teacher: Any, owner: Any, table: str, statement: str
) -> None:
    change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    _at_commit("SELECT 1")
    with pytest.raises(DatabaseError, match="append-only"):
        _at_commit(statement.format(table))


@pytest.mark.parametrize("shares", ["", "(NULL, 9999)", "({teacher}, 5000), (NULL, 5001)"])
def test_the_database_refuses_shares_that_do_not_sum(bundle: Any, teacher: Any, owner: Any, shares: str) -> None:
    split = f"INSERT INTO payouts_split (offer_id, number, created_at, created_by_id) VALUES ({bundle.pk}, 1, now(), {owner.pk})"
    with pytest.raises(DatabaseError, match="of 10000"):
        _at_commit(f"WITH made AS ({split} RETURNING id) {_rows(shares.format(teacher=teacher.pk))}")


def test_the_database_refuses_a_share_that_comes_later(bundle: Any, teacher: Any, owner: Any) -> None:
    split = change_split(offer=bundle, shares={teacher.pk: 10_000}, actor=owner)
    _at_commit("SELECT 1")
    with pytest.raises(DatabaseError, match="of 10000"):
        _at_commit(f"INSERT INTO payouts_splitshare (split_id, payee_id, basis_points) VALUES ({split.pk}, NULL, 1)")


def _rows(shares: str) -> str:
    if not shares:
        return "SELECT 1"
    return (
        "INSERT INTO payouts_splitshare (split_id, payee_id, basis_points)"
        f" SELECT made.id, given.payee::bigint, given.points FROM made, (VALUES {shares}) AS given(payee, points)"
    )
