"""`manage.py audit_money`: a long clean history audits clean, and whatever is broken on purpose is named."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from kit.models import OutboxMessage
from notices.models import Notice
from shop.checkout.audit import CHECKS, findings
from shop.checkout.flows import audit_money
from tests.factories import make_user
from tests.shop.audit.damages import ATTRIBUTION, DAMAGES, ENTRY, PRICE, Damage
from tests.shop.audit.history import History

pytestmark = pytest.mark.django_db


def _run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(sql)


def _broken() -> dict[str, list[str]]:
    return {finding.code: finding.examples for finding in findings() if finding.violations}


def test_a_history_of_sales_refunds_disputes_and_payouts_audits_clean(history: History) -> None:
    found = findings()
    assert [finding.code for finding in found] == [f"I{number}" for number in range(1, 23)]
    assert not [str(finding) for finding in found if finding.violations]
    assert all(finding.checked for finding in found), "the history leaves something out"


@pytest.mark.parametrize("damage", DAMAGES, ids=[f"{damage.codes}-{damage.row}" for damage in DAMAGES])
def test_what_is_broken_on_purpose_is_reported_with_its_row(history: History, damage: Damage) -> None:
    row, sql = damage.of(history.ids)
    _run(sql)
    broken = _broken()
    assert set(broken) == set(damage.codes.split()), broken
    assert any(name.startswith(row) for names in broken.values() for name in names), broken


GUARDS = {
    "I2": ["catalogue_price.catalogue_price_alone", "one_open_price"],
    "I4": ["stock_stockitem/stock_never_oversold", "stock_stockitem/stock_counters_not_negative"],
    "I6": [
        "stock_reservation.stock_reservation_ended",
        "stock_reservation/reservation_ends_once",
        "one_live_reservation_per_holder",
    ],
    "I7": ["orders_order/order_total_adds_up", "catalogue_coupon/coupon_within_its_uses"],
    "I9": ["orders_order/paid_has_a_moment"],
    "I10": [
        "orders_ordercomponent/returned_within_shipped_within_bought",
        "orders_ordercomponent/delivered_within_shipped",
        "fulfilment_return/return_within_asked",
    ],
    "I11": ["orders_ordercomponent/component_refund_within_price"],
    "I15": [
        "referrals_commission/commission_once_per_cause",
        "payouts_split.payouts_split_whole",
        "payouts_splitshare.payouts_splitshare_whole",
        "payouts_split.payouts_split_append_only",
        "payouts_splitshare.payouts_splitshare_append_only",
        "payouts_earning/earning_once_per_number",
    ],
    "I17": ["payouts_payoutentry/entry_of_one_line"],
    "I18": ["commission_paid_once", "earning_paid_once"],
    "I19": ["ledger_entry.ledger_entry_balanced", "ledger_entry/entry_one_side"],
    "I20": ["ledger_entry.ledger_entry_append_only", "ledger_transaction.ledger_transaction_append_only"],
    "I22": ["courses_enrolment/seat_granted_once_per_source"],
}


@pytest.mark.parametrize(("code", "guard"), [(code, guard) for code, guards in GUARDS.items() for guard in guards])
def test_a_guard_that_the_database_lacks_is_reported(history: History, code: str, guard: str) -> None:
    """`table.trigger` is switched off, `table/constraint` or an index is dropped."""
    table, dot, trigger = guard.partition(".")
    holder, slash, constraint = guard.partition("/")
    if dot:
        _run(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    else:
        _run(f"ALTER TABLE {holder} DROP CONSTRAINT {constraint}" if slash else f"DROP INDEX {guard}")
    assert _broken() == {code: [f"the database lacks its guard {trigger or constraint or guard}"]}


REFUSED = {
    "I2": f"INSERT INTO {PRICE} SELECT offer_id, currency, amount, true, valid_from, valid_from + interval '1 year'"
    " FROM catalogue_price WHERE id = {price}",
    "I4": "UPDATE stock_stockitem SET on_hand = 0 WHERE ref = 'sku:UKE-S@main'",
    "I6": "UPDATE stock_reservation SET state = 'held', ended_at = NULL WHERE holder = 'order:{expired}'",
    "I7": "UPDATE orders_order SET total = total + 1 WHERE id = {won}",
    "I10": "UPDATE orders_ordercomponent SET returned = shipped + 1 WHERE id = {ready_stock}",
    "I11": "UPDATE orders_ordercomponent SET refunded_net = net + 1 WHERE id = {fully_seat}",
    "I13": f"INSERT INTO {ATTRIBUTION} SELECT order_id, referrer_id, link_id, version_id, state, receipt, created_at"
    " FROM referrals_attribution WHERE id = {credit}",
    "I15 share": "UPDATE payouts_splitshare SET basis_points = 6668 WHERE split_id = {split} AND payee_id IS NOT NULL",
    "I17": "UPDATE payouts_payoutentry SET earning_id = {share} WHERE id = {entry}",
    "I18": "UPDATE payouts_payoutentry SET is_live = true WHERE payout_id = {failed_payout}",
    "I18 share": "UPDATE payouts_payoutentry SET is_live = true WHERE payout_id = {failed_share_payout}",
    "I19": f"INSERT INTO {ENTRY} SELECT {{won_sale}}, id, 'CNY', 1, 0 FROM ledger_account WHERE code = 'bank'",
    "I20 update": "UPDATE ledger_entry SET debit = debit + 1 WHERE transaction_id = {won_sale} AND debit > 0",
    "I20 delete": "DELETE FROM ledger_transaction WHERE id = {won_sale}",
    "I22 event": "UPDATE payments_webhookevent SET event_id = (SELECT max(event_id) FROM payments_webhookevent)",
    "I22 payment": "UPDATE payments_payment SET provider_id = 'same'",
    "I22 refund": "UPDATE payments_refund SET provider_id = 'same'",
}


@pytest.mark.parametrize("code", REFUSED)
def test_the_database_itself_refuses(history: History, code: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        _run(REFUSED[code].format(**history.ids))
    assert _broken() == {}


def test_the_command_prints_a_line_for_each_invariant(history: History) -> None:
    out = io.StringIO()
    call_command("audit_money", stdout=out)
    lines = out.getvalue().splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [check.code for check in CHECKS]
    assert lines[-1].startswith("22 invariants hold")


def test_the_command_fails_and_names_the_row_where_something_is_broken(history: History) -> None:
    _run("UPDATE stock_stockitem SET reserved = reserved + 1 WHERE ref = 'sku:UKE-S@main'")
    out = io.StringIO()
    with pytest.raises(CommandError, match="1 violations"):
        call_command("audit_money", stdout=out)
    assert "sku:UKE-S@main: counts" in out.getvalue()


def test_at_night_the_owners_are_told_once_a_day_and_the_log_has_an_error(
    history: History, caplog: pytest.LogCaptureFixture
) -> None:
    assert not [finding for finding in audit_money() if finding.violations]
    assert not Notice.objects.filter(key__startswith="audit:").exists()
    _run("UPDATE stock_stockitem SET reserved = reserved + 1 WHERE ref = 'sku:UKE-S@main'")
    stranger = make_user()
    for _again in range(2):
        audit_money()
    notice = Notice.objects.get(key__startswith="audit:")
    assert notice.user.name == "Owner" != stranger.name
    assert "I5 × 1: sku:UKE-S@main" in notice.text
    assert OutboxMessage.objects.filter(topic="notice.mail", key=str(notice.pk)).count() == 1
    errors = [record for record in caplog.records if record.getMessage() == "money invariant broken"]
    assert {(record.levelname, record.invariant) for record in errors} == {("ERROR", "I5")}  # type: ignore[attr-defined]
