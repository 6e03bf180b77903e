"""Reports by day, channel and course: exact to the last closed hour by roll-up, live since, and adding up."""

import csv
import io
import uuid
from typing import Any

import pytest
from django.test import Client

from kit.clock import now
from shop.referrals import flows, numbers
from shop.referrals.models import Click, ClickClock, ClickDay, Commission, Link
from tests.factories import make_user
from tests.referrals.conftest import MakeOrder

pytestmark = pytest.mark.django_db


def click(link: Link, times: int = 1) -> None:
    Click.objects.bulk_create(Click(link=link, visitor=uuid.uuid4(), address_hash="x", at=now()) for _time in range(times))


def four(row: numbers.Row) -> tuple[int, int, int, int]:
    return row.clicks, row.sign_ups, row.orders, row.kept


def test_rolling_up_counts_closed_hours_once_and_the_rest_is_live(link: Link, clock: Any) -> None:
    counted = []
    for hours in (0, 1, 5, 30):
        clock.advance(hours=hours)
        click(link, 3)
        for _again in range(2):
            flows.roll_up_clicks()
            counted.append(numbers.click_counts(link.owner)[link.pk].clicks)
    assert counted == [3, 3, 6, 6, 9, 9, 12, 12]
    assert sum(ClickDay.objects.values_list("clicks", flat=True)) == 9, "the running hour is not closed"
    assert ClickClock.objects.count() == 1


def test_a_sign_up_counts_when_it_happens_however_old_the_click_is(link: Link, clock: Any, student: Any) -> None:
    visitor = uuid.uuid4()
    Click.objects.create(link=link, visitor=visitor, address_hash="x", at=now())
    clock.advance(hours=3)
    flows.roll_up_clicks()
    student.joined_at = now()
    student.save()
    flows.bind_visitor(user=student, visitor=visitor)
    assert four(numbers.click_counts(link.owner)[link.pk])[:2] == (1, 1)
    clock.advance(hours=3)
    flows.roll_up_clicks()
    assert four(numbers.click_counts(link.owner)[link.pk])[:2] == (1, 1)


@pytest.fixture
def busy(link: Link, clock: Any, make_order: MakeOrder, referrer: Any) -> Any:
    """Clicks by two channels over days, one order by a link, one by a topic's author, one refunded."""
    line = flows.create_link(owner=referrer, target="/courses/elsewhere/", code="line", channel="line")
    click(link, 5)
    clock.advance(days=1)
    click(line, 2)
    flows.roll_up_clicks()
    visitor = uuid.uuid4()
    Click.objects.create(link=line, visitor=visitor, address_hash="x", at=now())
    kept = make_order(visitor=visitor)
    clock.advance(days=1)
    gone = make_order(visitor=visitor)
    for part in gone.lines.get().components.all():
        part.refunded_net = part.net
        part.save()
    flows.reverse(order=gone, source="refund:1")
    return kept


@pytest.mark.parametrize("by", numbers.BY)
@pytest.mark.parametrize("days", numbers.SPANS)
def test_the_parts_add_up_to_the_whole_in_every_view(busy: Any, referrer: Any, by: str, days: int) -> None:
    assert four(numbers.total(numbers.report(referrer, by, days))) == (8, 0, 2, 1)
    assert four(numbers.funnel(referrer, numbers.click_counts(referrer))) == (8, 0, 2, 1)


def test_channels_and_days_have_their_own(busy: Any, referrer: Any) -> None:
    channels = {str(row.label): four(row) for row in numbers.report(referrer, "channel", 30)}
    assert channels["LINE"] == (3, 0, 2, 1)
    days = [four(row) for row in numbers.report(referrer, "day", 7)]
    assert days[-3:] == [(5, 0, 0, 0), (3, 0, 1, 1), (0, 0, 1, 0)]


def test_the_page_and_its_table_say_the_same(busy: Any, referrer: Any, client_of: Any) -> None:
    browser = client_of(referrer)
    page = browser.get("/en/promote/numbers/?by=channel").content.decode()
    assert "LINE" in page
    table = b"".join(browser.get("/en/promote/numbers.csv?by=channel").streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(table)))
    assert rows[0] == ["Channel", "Clicks", "Sign-ups", "Orders", "Kept"]
    assert ["LINE", "3", "0", "2", "1"] in rows
    assert "<svg" in browser.get("/en/promote/numbers/").content.decode()


def test_a_course_called_like_a_formula_runs_nothing_in_a_spreadsheet(busy: Any, referrer: Any, client_of: Any) -> None:
    course = busy.lines.get().offer.course
    course.title = '=HYPERLINK("https://evil.test")'
    course.save()
    table = b"".join(client_of(referrer).get("/promote/numbers.csv?by=course").streaming_content).decode("utf-8-sig")
    assert "\n=" not in table
    assert '"=' not in table
    assert "HYPERLINK" in table


def test_a_report_is_ones_own_and_asks_for_a_sign_in(busy: Any, client_of: Any) -> None:
    assert Client().get("/promote/numbers/").status_code == 302
    assert Client().get("/promote/numbers.csv").status_code == 302
    assert "LINE" not in client_of(make_user()).get("/en/promote/numbers/?by=channel").content.decode()


@pytest.mark.parametrize("path", ["/promote/numbers/", "/promote/"])
def test_a_page_asks_no_more_for_many_rows_than_for_few(
    busy: Any, link: Link, referrer: Any, client_of: Any, path: str, django_assert_max_num_queries: Any
) -> None:
    browser, line = client_of(referrer), Commission.objects.all()[0]
    for round_ in range(2):
        with django_assert_max_num_queries(15):
            browser.get(path)
        click(link, 500)
        fields = {field.attname: getattr(line, field.attname) for field in Commission._meta.fields if not field.primary_key}
        Commission.objects.bulk_create(Commission(**{**fields, "kind": "bonus", "source": f"b:{round_}:{n}"}) for n in range(500))
