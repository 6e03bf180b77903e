"""What is broken on purpose, one rule of the audit after another, by raw SQL with the history's ids put in."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Damage:
    """`codes`: the invariants that this breaks, and no others; `row`: how the audit begins its name of what is broken.

    Where the database would refuse, `sql` first takes its guard away.
    """

    codes: str
    row: str
    sql: str

    def of(self, ids: dict[str, Any]) -> tuple[str, str]:
        return self.row.format(**ids), self.sql.format(**ids)


def no_longer_unique(table: str, column: str) -> str:
    """Drop the unique constraint of one column, whose name Django made up."""
    return f"""DO $$ BEGIN EXECUTE format('ALTER TABLE {table} DROP CONSTRAINT %I', (
        SELECT conname FROM pg_constraint WHERE conrelid = '{table}'::regclass AND contype = 'u'
        AND pg_get_constraintdef(oid) = 'UNIQUE ({column})')); END $$; """


def _told_twice(what: str, table: str, column: str) -> Damage:
    some = f"SELECT id FROM {table} WHERE {column} IS NOT NULL ORDER BY id LIMIT 2"
    same = f"UPDATE {table} SET {column} = 'same' WHERE id IN ({some})"
    return Damage("I22", f"{what} same is here 2 times", no_longer_unique(table, column) + same)


PRICE = "catalogue_price (offer_id, currency, amount, tax_inclusive, valid_from, valid_to)"
SALE = [
    Damage("I1 I15", "line:{regained_line}", "UPDATE orders_ordercomponent SET net = net + 1 WHERE id = {regained_stock}"),
    Damage(
        "I1 I15",
        "part:{regained_stock} of order:{regained}: not its share by weight",
        "UPDATE orders_ordercomponent SET net = net + CASE id WHEN {regained_stock} THEN 5 ELSE -5 END"
        " WHERE id IN ({regained_stock}, {regained_seat})",
    ),
    Damage(
        "I1 I15",
        "part:{regained_stock} of order:{regained}: not its share of the tax",
        "UPDATE orders_order SET tax = 100 WHERE id = {regained};"
        " UPDATE orders_orderline SET net = net - 100, tax = 100 WHERE id = {regained_line};"
        " UPDATE orders_ordercomponent SET net = net - 100, tax = 100 WHERE id = {regained_stock}",
    ),
    Damage(
        "I1",
        "part:{fully_seat}: says",
        "UPDATE orders_ordercomponent SET refunded_net = refunded_net - 1 WHERE id = {fully_seat}",
    ),
    Damage("I1", "refund:{fully_refund}: its lines", "UPDATE payments_refund SET shipping_amount = 1 WHERE id = {fully_refund}"),
    Damage(
        "I1",
        "order:{taxed}: 1500 (tax 238)",
        "UPDATE payments_refund SET shipping_tax = shipping_tax - 1 WHERE id = {taxed_refund}",
    ),
    Damage(
        "I7",
        "order:{on_top}: tax of 385 on delivery",
        "UPDATE orders_order SET shipping = shipping - 100, shipping_tax = shipping_tax + 100, tax = tax + 100,"
        " tax_on_top = tax_on_top + 100 WHERE id = {on_top};"
        " UPDATE payments_refund SET shipping_tax = shipping_tax + 100 WHERE id = {on_top_refund}",
    ),
    Damage(
        "I7",
        "order:{taxed}: total 61400",
        "UPDATE orders_order SET shipping_tax = shipping_tax + 1 WHERE id = {taxed};"
        " UPDATE payments_refund SET shipping_tax = shipping_tax + 1 WHERE id = {taxed_refund}",
    ),
    Damage(
        "I2",
        "price:",
        "ALTER TABLE catalogue_price DISABLE TRIGGER catalogue_price_alone;"
        f" INSERT INTO {PRICE} SELECT offer_id, currency, amount, true, valid_from, valid_from + interval '1 year'"
        " FROM catalogue_price WHERE id = {price}",
    ),
    Damage("I3", "price:{krona_price}: 990050 ISK", "UPDATE catalogue_price SET amount = amount + 50 WHERE id = {krona_price}"),
    Damage("I3 I7", "order:{krona}: 989950 ISK", "UPDATE orders_order SET discount = 50, total = total - 50 WHERE id = {krona}"),
    Damage(
        "I3 I22",
        "payment:{krona_payment}: 990050 ISK",
        "UPDATE payments_payment SET amount = amount + 50 WHERE id = {krona_payment}",
    ),
    Damage(
        "I1 I3 I22",
        "refund:{krona_refund}: 989950 ISK",
        "UPDATE payments_refund SET amount = amount - 50 WHERE id = {krona_refund}",
    ),
    Damage(
        "I3 I7",
        "part:{krona_stock} of order:{krona}: 990050 ISK",
        "UPDATE orders_order SET subtotal = subtotal + 50, discount = 50 WHERE id = {krona};"
        " UPDATE orders_orderline SET net = net + 50 WHERE id = {krona_line};"
        " UPDATE orders_ordercomponent SET net = net + 50 WHERE id = {krona_stock}",
    ),
    Damage("I7", "order:{won}: total", "UPDATE orders_order SET subtotal = subtotal + 1, discount = 1 WHERE id = {won}"),
    Damage(
        "I7", "line:{won_line} of order:{won}", "UPDATE orders_orderline SET unit_amount = unit_amount + 1 WHERE id = {won_line}"
    ),
    Damage("I7", "order:{won}: total", "UPDATE orders_order SET discount = 1, total = total - 1 WHERE id = {won}"),
    Damage("I7", "order:{won}: total", "UPDATE orders_order SET tax_on_top = 1, subtotal = subtotal - 1 WHERE id = {won}"),
    Damage("I7", "coupon:{coupon} counts 0", "UPDATE catalogue_coupon SET used = used - 1 WHERE id = {coupon}"),
    Damage(
        "I7",
        "coupon:{coupon} is free while order:{discounted} is paid",
        "UPDATE orders_couponuse SET released_at = now() WHERE order_id = {discounted};"
        " UPDATE catalogue_coupon SET used = used - 1 WHERE id = {coupon}",
    ),
    Damage(
        "I7",
        "order:{discounted}: a discount",
        "DELETE FROM orders_couponuse WHERE order_id = {discounted};"
        " UPDATE catalogue_coupon SET used = used - 1 WHERE id = {coupon}",
    ),
    Damage("I8", "payment:{waiting_payment} in USD", "UPDATE payments_payment SET currency = 'USD' WHERE id = {waiting_payment}"),
    Damage("I8", "refund:{fully_refund} in USD", "UPDATE payments_refund SET currency = 'USD' WHERE id = {fully_refund}"),
    Damage("I8", "dispute:{won_dispute} in USD", "UPDATE payments_dispute SET currency = 'USD' WHERE id = {won_dispute}"),
    Damage("I8", "commission:{line} in USD", "UPDATE referrals_commission SET currency = 'USD' WHERE id = {line}"),
    Damage(
        "I8 I20 I21",
        "ledger transaction:{won_sale} in USD of order:{won}",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only;"
        " UPDATE ledger_entry SET currency = 'USD' WHERE transaction_id = {won_sale}",
    ),
]
GOODS = [
    Damage(
        "I4",
        "sku:UKE-S@main: on hand 0",
        "ALTER TABLE stock_stockitem DROP CONSTRAINT stock_never_oversold; DROP TRIGGER stock_item_adds_up ON stock_stockitem;"
        " UPDATE stock_stockitem SET on_hand = 0 WHERE ref = 'sku:UKE-S@main'",
    ),
    Damage(
        "I4", "order:{ready} has paid for 2", "UPDATE orders_ordercomponent SET quantity = quantity + 1 WHERE id = {ready_stock}"
    ),
    Damage("I5", "sku:UKE-S@main: counts", "UPDATE stock_stockitem SET reserved = reserved + 1 WHERE ref = 'sku:UKE-S@main'"),
    Damage("I6", "reservation:", "UPDATE stock_reservation SET closed = 1 WHERE holder = 'order:{expired}'"),
    Damage("I6", "reservation:", "UPDATE orders_order SET state = 'cancelled' WHERE id = {waiting}"),
    Damage(
        "I10",
        "part:{ready_stock}: returned 0, shipped 2",
        "ALTER TABLE orders_ordercomponent DROP CONSTRAINT returned_within_shipped_within_bought;"
        " UPDATE orders_ordercomponent SET shipped = 2 WHERE id = {ready_stock}",
    ),
    Damage(
        "I10",
        "part:{ready_stock}: says 0 shipped",
        "UPDATE orders_ordercomponent SET shipped = 0, delivered = 0 WHERE id = {ready_stock}",
    ),
    Damage(
        "I10",
        "part:{returned_stock}: says 0 delivered",
        "UPDATE orders_ordercomponent SET delivered = 0 WHERE id = {returned_stock}",
    ),
    Damage(
        "I10",
        "part:{returned_stock}: says 1 returned",
        "UPDATE fulfilment_return SET quantity = 2, came = 2 WHERE order_id = {returned};"
        " UPDATE fulfilment_inspection SET pieces = 2",
    ),
    Damage("I10", "return:", "UPDATE fulfilment_return SET quantity = 2 WHERE order_id = {returned}"),
    Damage("I10", "return:", "UPDATE fulfilment_inspection SET pieces = 2"),
    Damage("I12", "shipment:", "UPDATE fulfilment_shipment SET shipped_at = '2001-01-01' WHERE order_id = {ready}"),
    Damage("I12", "shipment:", "UPDATE payments_refund SET created_at = '2001-01-01' WHERE id = {returned_refund}"),
]
PAYMENTS = [
    Damage(
        "I9", "order:{won} is paid with 59900", "UPDATE orders_order SET shipping = 100, total = total + 100 WHERE id = {won}"
    ),
    Damage(
        "I11 I22", "payment:{fully_payment} of 59900", "UPDATE payments_refund SET amount = amount + 1 WHERE id = {fully_refund}"
    ),
    _told_twice("event", "payments_webhookevent", "event_id"),
    _told_twice("session", "payments_payment", "session_id"),
    _told_twice("payment", "payments_payment", "provider_id"),
    _told_twice("refund", "payments_refund", "provider_id"),
    _told_twice("dispute", "payments_dispute", "provider_id"),
    Damage("I22", "payment:{won_payment} of 59901", "UPDATE payments_payment SET amount = amount + 1 WHERE id = {won_payment}"),
    Damage("I22", "order:{won} (review) became revenue 1", "UPDATE orders_order SET state = 'review' WHERE id = {won}"),
    Damage(
        "I1 I22", "refund:{regained_refund} of", "UPDATE payments_refund SET state = 'succeeded' WHERE id = {regained_refund}"
    ),
    Damage("I1 I22", "dispute:{lost_dispute} of", "UPDATE payments_dispute SET state = 'won' WHERE id = {lost_dispute}"),
    Damage(
        "I22",
        "part:{won_stock} is in parcels 2 times",
        "UPDATE fulfilment_shipmentline SET quantity = 2 WHERE component_id = {won_stock}",
    ),
]
ATTRIBUTION = "referrals_attribution (order_id, referrer_id, link_id, version_id, state, receipt, created_at)"
COMMISSION = [
    Damage(
        "I13",
        "order:{ready} has 2",
        no_longer_unique("referrals_attribution", "order_id")
        + f"INSERT INTO {ATTRIBUTION} SELECT order_id, referrer_id, link_id, version_id, 'rejected', receipt, created_at"
        " FROM referrals_attribution WHERE id = {credit}",
    ),
    Damage("I14", "commission:", "UPDATE referrals_commission SET state = 'pending' WHERE attribution_id = {held}"),
    Damage(
        "I14",
        "attribution:{held} credits the buyer of order:{own} by account",
        "UPDATE referrals_attribution SET state = 'credited' WHERE id = {held}",
    ),
    Damage(
        "I14",
        "attribution:{credit} credits the buyer of order:{ready} by e-mail",
        "UPDATE orders_order SET email = 'MEI+again@demo.test' WHERE id = {ready}",
    ),
    Damage(
        "I14",
        "attribution:{credit} credits the buyer of order:{ready} by card",
        "UPDATE payments_payment SET fingerprint = (SELECT fingerprint FROM payments_payment WHERE id = {own_payment})"
        " WHERE id = {ready_payment}",
    ),
    Damage(
        "I14",
        "attribution:{credit} credits the buyer of order:{ready} by address",
        "UPDATE orders_delivery SET city = '台北市', street = '松仁路１號' WHERE order_id = {ready}",
    ),
    Damage(
        "I14",
        "commission:{line} is available while suspicion:",
        "WITH doubt AS (INSERT INTO referrals_suspicion (key, kind, referrer_id, evidence, state, reason, opened_at)"
        " SELECT 'x', 'clicks', referrer_id, '{{}}', 'open', '', created_at FROM referrals_attribution WHERE id = {credit}"
        " RETURNING id) INSERT INTO referrals_suspicion_covers (suspicion_id, attribution_id) SELECT id, {credit} FROM doubt",
    ),
    Damage(
        "I15",
        "order:",
        "UPDATE referrals_attribution SET receipt = jsonb_set(receipt, '{{rules,bonus}}', '{{\"CNY\": 500}}')",
    ),
    Damage("I15 I16", "part:{ready_seat}: ", "UPDATE referrals_commission SET on_outcome = true WHERE id = {line}"),
    Damage(
        "I15",
        "commission:{line} of",
        "UPDATE referrals_commission SET kind = 'adjustment' WHERE id = {line}",
    ),
    Damage(
        "I15 I16", "commission:{line} is available before", "UPDATE referrals_commission SET on_outcome = true WHERE id = {line}"
    ),
    Damage("I15", "part:{ready_seat} level 1", "UPDATE referrals_commission SET amount = amount + 1 WHERE id = {line}"),
    Damage("I15", "part:{ready_seat} of order:{ready}: no commission", "DELETE FROM referrals_commission WHERE id = {line}"),
    Damage("I15", "commission:{line} of", "UPDATE referrals_commission SET amount = amount + 1 WHERE id = {line}"),
    Damage("I16", "commission:{line} is available", "UPDATE referrals_commission SET available_at = NULL WHERE id = {line}"),
    Damage("I16", "commission:{line} of order", "UPDATE referrals_commission SET available_at = '2001-01-01' WHERE id = {line}"),
    Damage("I17", "payout:{payout} of", "UPDATE payouts_payoutentry SET amount = amount + 1 WHERE id = {entry}"),
    Damage("I17", "payout entry:{entry} of", "UPDATE payouts_payoutentry SET amount = amount + 1 WHERE id = {entry}"),
    Damage("I17 I18", "payout:{payout} of", "UPDATE payouts_payout SET state = 'prepared' WHERE id = {payout}"),
    Damage("I18", "commission:{paid_line} is in 2", "UPDATE payouts_payout SET state = 'prepared' WHERE id = {failed_payout}"),
    Damage("I18", "payout entry:", "UPDATE payouts_payout SET state = 'prepared' WHERE id = {failed_payout}"),
    Damage(
        "I18", "commission:{paid_line} is available", "UPDATE referrals_commission SET state = 'available' WHERE id = {paid_line}"
    ),
]
OTHER_SHARES = (
    "ALTER TABLE payouts_splitshare DISABLE TRIGGER payouts_splitshare_append_only;"
    " UPDATE payouts_splitshare SET basis_points = {} WHERE split_id = {{split}} AND payee_id {};"
)
SHARES = [
    Damage("I8", "earning:{share} in USD", "UPDATE payouts_earning SET currency = 'USD' WHERE id = {share}"),
    Damage("I15", "part:{ready_seat}: payee:{teacher} has", "UPDATE payouts_earning SET amount = amount + 1 WHERE id = {share}"),
    Damage("I15", "part:{ready_seat}: payee:{teacher} has a share of 0", "DELETE FROM payouts_earning WHERE id = {share}"),
    Damage("I15", "earning:{share} of", "UPDATE payouts_earning SET amount = amount + 1 WHERE id = {share}"),
    Damage(
        "I15",
        "split:",
        "ALTER TABLE payouts_split DISABLE TRIGGER payouts_split_whole;"
        " INSERT INTO payouts_split (offer_id, number, created_at, created_by_id) SELECT offer_id, 9, '2999-01-01', created_by_id"
        " FROM payouts_split WHERE id = {split}",
    ),
    Damage(
        "I15",
        "part:",
        OTHER_SHARES.format(6668, "IS NOT NULL") + OTHER_SHARES.format(3332, "IS NULL"),
    ),
    Damage(
        "I15",
        "part:",
        "ALTER TABLE payouts_split DISABLE TRIGGER payouts_split_append_only;"
        " UPDATE payouts_split SET created_at = now() + interval '9 years' WHERE id = {split}",
    ),
    Damage(
        "I15 I21",
        "part:{ready_seat}: payee:{teacher} has",
        "UPDATE payments_balancetransaction SET fee = fee + 100 WHERE about = 'payment:{ready_payment}'",
    ),
    Damage("I16", "earning:{share} is available", "UPDATE payouts_earning SET available_at = NULL WHERE id = {share}"),
    Damage("I16", "earning:{share} of order", "UPDATE payouts_earning SET available_at = '2001-01-01' WHERE id = {share}"),
    Damage("I17", "payout:{share_payout} of", "UPDATE payouts_payoutentry SET amount = amount + 1 WHERE id = {share_entry}"),
    Damage("I17", "payout entry:{share_entry} of", "UPDATE payouts_payoutentry SET amount = amount + 1 WHERE id = {share_entry}"),
    Damage("I17 I18", "payout:{share_payout} of", "UPDATE payouts_payout SET state = 'prepared' WHERE id = {share_payout}"),
    Damage(
        "I18", "earning:{paid_share} is in 2", "UPDATE payouts_payout SET state = 'prepared' WHERE id = {failed_share_payout}"
    ),
    Damage("I18", "earning:{paid_share} is available", "UPDATE payouts_earning SET state = 'available' WHERE id = {paid_share}"),
]
ENTRY = "ledger_entry (transaction_id, account_id, currency, debit, credit)"
BOOKS = [
    Damage(
        "I19 I20 I22",
        "ledger transaction:{won_sale} in CNY",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_balanced;"
        f" INSERT INTO {ENTRY} SELECT {{won_sale}}, id, 'CNY', 1, 0 FROM ledger_account WHERE code = 'bank'",
    ),
    Damage(
        "I19",
        "ledger transaction:",
        "INSERT INTO ledger_transaction (key, input_hash, source, text, at) VALUES ('empty', '', 'order:1', '', now())",
    ),
    Damage(
        "I20",
        "ledger transaction:{won_sale} (payment:{won_payment})",
        "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_append_only;"
        " UPDATE ledger_entry SET account_id = (SELECT id FROM ledger_account WHERE code = 'revenue:stock')"
        " WHERE transaction_id = {won_sale} AND account_id = (SELECT id FROM ledger_account WHERE code = 'revenue:seat')",
    ),
    Damage(
        "I21",
        "payment:{won_payment}: clearing moved",
        "UPDATE payments_balancetransaction SET amount = amount + 1 WHERE about = 'payment:{won_payment}'",
    ),
    Damage("I21", "balance:", "DELETE FROM payments_balancetransaction WHERE type = 'payout'"),
]
DAMAGES = [*SALE, *GOODS, *PAYMENTS, *COMMISSION, *SHARES, *BOOKS]
