"""Plans that the law forbids are refused, with the reason and its source; one level only."""

from typing import Any

import pytest

from shop.referrals import flows
from shop.referrals.legal import PlanRefused, refusals
from shop.referrals.models import ProgrammeVersion
from shop.referrals.rules import Rules

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("jurisdiction", "plan", "source"),
    [
        ("CN", {"per_recruit": 100}, "第七条(一)"),
        ("CN", {"join_fee": 100}, "第七条(二)"),
        ("CN", {"levels": 2}, "第七条(三)"),
        ("TW", {"levels": 2}, "§6"),
        ("TW", {"per_recruit": 1}, "§18"),
        ("TW", {"join_fee": 1}, "DISTRIBUTION.md, 12"),
        ("", {"levels": 3}, "DISTRIBUTION.md, 12"),
        ("", {"levels": 0}, "DISTRIBUTION.md, 12"),
    ],
)
def test_an_illegal_plan_is_refused_with_its_source(jurisdiction: str, plan: dict[str, Any], source: str) -> None:
    with pytest.raises(PlanRefused) as refused:
        Rules(jurisdiction=jurisdiction, **plan)
    (refusal,) = refused.value.refusals
    assert source in refusal.source
    assert str(refusal.reason)
    assert bool(refusal.url) is not source.startswith("DIST")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert [row.what for row in refusals({"jurisdiction": "CN", "levels": 2, "join_fee": 5, "per_recruit": 5})] == [
        "levels",
        "join_fee",
        "per_recruit",
    ]


@pytest.mark.parametrize("jurisdiction", ["", "TW", "CN"])
def test_one_level_paid_by_sales_is_legal_everywhere(jurisdiction: str) -> None:
    assert refusals(Rules(jurisdiction=jurisdiction).to_json()) == []


def test_what_was_refused_is_no_version() -> None:
    programme = flows.create_programme(name="P", rules=Rules(jurisdiction="CN"))
    with pytest.raises(PlanRefused):
        flows.change_rules(programme=programme, rules=Rules(jurisdiction="CN", levels=2), actor=None)
    assert ProgrammeVersion.objects.count() == 1


@pytest.mark.parametrize(
    "wrong", [{"vest_share": 10_001}, {"vest_day": 0}, {"bonus": {"CNY": -1}}, {"floors": {"x": {}}}, {"jurisdiction": "XX"},
              {"offers": {"1": {"seat": 10_001}}}]
)  # fmt: skip
def test_rules_out_of_range_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        Rules(**wrong)
