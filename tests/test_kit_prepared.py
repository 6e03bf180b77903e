"""Reads whose SQL is made once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import JSONObject
from django.test.utils import CaptureQueriesContext

from accounts.models import Profile, User
from config.settings.parts import database_from_url
from kit.prepared import Given, GivenAll, Prepared, prepared
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> list[str]:
    return []


@pytest.fixture
def people(made: list[str]) -> Prepared:
    @prepared
    def people() -> QuerySet[User]:
        made.append("made")
        wanted = Q(name=Given("name")) | Q(pk__in=GivenAll("ids"))
        return User.objects.filter(wanted).annotate(card=JSONObject(mail="email")).order_by("pk")

    return people


def test_each_call_brings_its_own_values_to_sql_made_once(people: Callable[..., Any], made: list[str]) -> None:
    an, mei = make_user(name="An", email="an@demo.test"), make_user(name="Mei")
    assert people(name="An", ids=[]) == [an]
    assert people(name="nobody", ids=[mei.pk, an.pk]) == [an, mei]
    assert people(name="nobody", ids=[]) == []
    assert people(name="An", ids=[])[0].card == {"mail": "an@demo.test"}
    assert made == ["made"]


def test_the_answer_is_never_kept(people: Callable[..., Any]) -> None:
    assert people(name="An", ids=[]) == []
    an = make_user(name="An")
    assert people(name="An", ids=[]) == [an]
    User.objects.filter(pk=an.pk).update(email="new@demo.test")
    with CaptureQueriesContext(connection) as queries:
        assert people(name="An", ids=[])[0].email == "new@demo.test"
    assert len(queries) == 1


def test_a_value_is_a_value_and_never_sql(people: Callable[..., Any]) -> None:
    make_user(name="An")
    assert people(name="' OR 1=1 --", ids=[]) == []
    assert people(name="%s", ids=[]) == []


def test_related_rows_come_along(django_user_model: type[User]) -> None:
    @prepared
    def profiles() -> QuerySet[Profile]:
        return Profile.objects.filter(user=Given("user")).select_related("user")

    user = make_user(name="An")
    Profile.objects.get_or_create(user=user)
    with CaptureQueriesContext(connection) as queries:
        assert profiles(user=user.pk)[0].user.name == "An"
    assert len(queries) == 1


def test_a_missing_or_unknown_value_is_an_error(people: Callable[..., Any]) -> None:
    with pytest.raises(KeyError):
        people(name="An")
    with pytest.raises(TypeError, match="colour"):
        people(name="An", ids=[], colour="red")


def test_the_database_keeps_the_plan_of_what_is_asked_often(people: Callable[..., Any]) -> None:
    threshold = connection.settings_dict["OPTIONS"]["prepare_threshold"]
    for number in range(threshold + 2):
        people(name=f"nobody {number}", ids=[number])
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement ILIKE '%json_object%unnest%'")
        assert cursor.fetchone() == (1,)


def test_a_pooler_that_forgets_statements_is_told_in_the_address() -> None:
    assert database_from_url("postgresql:///yard?prepare_threshold=0")["OPTIONS"]["prepare_threshold"] is None
    assert database_from_url("postgresql:///yard")["OPTIONS"]["prepare_threshold"] == 3
