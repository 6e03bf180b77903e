"""Very many orders at once, by SQL alone: paid, sent, some refunded, some with commission and payouts. They audit clean."""

from typing import Any

from django.apps import apps
from django.db import connection, transaction

from accounts.roles import ensure_roles
from pages.flows import ensure_site
from shop.referrals.flows import create_programme
from shop.referrals.rules import Rules
from tests.factories import make_cohort, make_course, make_offer, make_sku, make_user

FIRST = 1_000_000
ROOMS = {"orders", "fulfilment", "payments", "referrals", "payouts", "ledger", "stock"}
ORDERS = """
INSERT INTO orders_order (id, number, user_id, email, name, language, state, currency, subtotal, shipping, discount, tax, total,
                          terms, place, return_to, checkout_key, placed_at, paid_at, hold_until)
SELECT id, 'B' || id, {buyer}, 'buyer' || id || '@demo.test', '', 'en', 'paid', 'CNY', 59900, 0, 0, 0, 59900,
       '{{"refund_days": 7, "return_days": 7}}', '', '', 'bench' || id, paid_at, paid_at, paid_at FROM bench;
INSERT INTO orders_orderline (id, order_id, offer_id, bundle_id, title, quantity, unit_amount, net, tax)
SELECT id, id, {offer}, {bundle}, 'Bench', 1, 59900, 59900, 0 FROM bench;
INSERT INTO orders_ordercomponent (id, line_id, component_id, kind, ref, title, quantity, net, tax, shipped, delivered, returned,
                                   refunded_net, refunded_tax)
SELECT 2 * id, id, {seat}, 'seat', '{seat_ref}', 'Seat', 1, 46900, 0, 0, 0, 0, 0, 0 FROM bench
UNION ALL
SELECT 2 * id + 1, id, {stock}, 'stock', '{stock_ref}', 'Kit', 1, 13000, 0, 1, 1, 0,
       CASE WHEN refunded THEN 13000 ELSE 0 END, 0 FROM bench;
INSERT INTO stock_reservation (item_id, holder, quantity, closed, state, expires_at, created_at, ended_at)
SELECT item.id, 'order:' || bench.id, 1, CASE item.ref WHEN '{stock_ref}' THEN 1 ELSE 0 END, 'consumed', paid_at, paid_at, paid_at
FROM bench, stock_stockitem AS item WHERE item.ref IN ('{seat_ref}', '{stock_ref}');
UPDATE stock_stockitem SET on_hand = on_hand + {count}, allocated = allocated + {count} WHERE ref = '{seat_ref}';
INSERT INTO fulfilment_shipment (id, order_id, number, state, carrier, tracking, created_at, shipped_at, delivered_at)
SELECT id, id, 'P' || id, 'delivered', '', '', paid_at, paid_at + interval '1 day', paid_at + interval '3 days' FROM bench;
INSERT INTO fulfilment_shipmentline (shipment_id, component_id, quantity) SELECT id, 2 * id + 1, 1 FROM bench;
"""
PAYMENTS = """
INSERT INTO payments_payment (id, order_id, key, session_id, provider_id, url, return_url, amount, currency, state, fingerprint,
                              fee, created_at, expires_at, settled_at)
SELECT id, id, 'bench' || id, 'cs_' || id, 'pi_' || id, '', '', 59900, 'CNY', 'succeeded', 'card' || id, 1767,
       paid_at, paid_at, paid_at FROM bench;
INSERT INTO payments_refund (id, payment_id, key, provider_id, amount, shipping_amount, currency, state, reason, created_at)
SELECT id, id, 'bench' || id, 're_' || id, 13000, 0, 'CNY', 'succeeded', '', paid_at + interval '5 days'
FROM bench WHERE refunded;
INSERT INTO payments_refundline (refund_id, component_id, net, tax) SELECT id, 2 * id + 1, 13000, 0 FROM bench WHERE refunded;
INSERT INTO payments_webhookevent (event_id, type, payload, state, attempts, note, received_at, done_at)
SELECT 'evt_' || kind || id, kind, '{{}}', 'done', 1, '', paid_at, paid_at
FROM bench, (VALUES ('checkout.session.completed'), ('payment_intent.succeeded')) AS kinds(kind);
INSERT INTO payments_balancetransaction (provider_id, type, amount, fee, currency, source, about, at)
SELECT 'txn_' || id, 'charge', 59900, 1767, 'CNY', 'ch_' || id, 'payment:' || id, paid_at FROM bench
UNION ALL SELECT 'txr_' || id, 'refund', -13000, 0, 'CNY', 're_' || id, 'refund:' || id, paid_at FROM bench WHERE refunded;
"""
COMMISSION = """
INSERT INTO referrals_attribution (id, order_id, referrer_id, version_id, state, receipt, created_at)
SELECT id, id, {referrer}, {version}, 'credited', '{{}}', paid_at FROM bench WHERE credited;
INSERT INTO referrals_commission (attribution_id, payee_id, component_id, level, kind, source, rate, amount, currency, state,
                                  available_at, created_at)
SELECT id, {referrer}, 2 * id, 1, 'accrual', 'order:' || id, 3000, 14070, 'CNY', 'available', paid_at + interval '10 days',
       paid_at FROM bench WHERE credited
UNION ALL
SELECT id, {referrer}, 2 * id + 1, 1, 'accrual', 'order:' || id, 500, 650, 'CNY', 'available', paid_at + interval '10 days',
       paid_at FROM bench WHERE credited
UNION ALL
SELECT id, {referrer}, 2 * id + 1, 1, 'reversal', 'refund:' || id, 500, -650, 'CNY', 'available', paid_at + interval '10 days',
       paid_at FROM bench WHERE credited AND refunded;
INSERT INTO payouts_payout (id, payee_id, currency, amount, key, state, created_at, paid_at)
SELECT attribution_id / 1000, {referrer}, 'CNY', sum(amount), 'bench' || attribution_id / 1000, 'paid', now(), now()
FROM referrals_commission WHERE attribution_id % 20 = 0 AND attribution_id >= {first} GROUP BY attribution_id / 1000;
INSERT INTO payouts_payoutentry (payout_id, commission_id, amount, is_live)
SELECT attribution_id / 1000, id, amount, true FROM referrals_commission
WHERE attribution_id % 20 = 0 AND attribution_id >= {first};
UPDATE referrals_commission SET state = 'paid' WHERE attribution_id % 20 = 0 AND attribution_id >= {first};
"""
LEDGER = """
CREATE TEMP TABLE bench_entry (key text, source text, account text, debit bigint, credit bigint);
INSERT INTO bench_entry SELECT 'payment:' || id, 'order:' || id, account, debit, credit FROM bench, (VALUES
    ('stripe_clearing', 59900, 0), ('revenue:seat', 0, 46900), ('revenue:stock', 0, 13000)) AS sale(account, debit, credit);
INSERT INTO bench_entry SELECT 'payment:' || id || ':fee', 'order:' || id, account, debit, credit FROM bench, (VALUES
    ('stripe_fees', 1767, 0), ('stripe_clearing', 0, 1767)) AS fee(account, debit, credit);
INSERT INTO bench_entry SELECT 'refund:' || id, 'order:' || id, account, debit, credit FROM bench, (VALUES
    ('revenue:stock', 13000, 0), ('refunds_pending', 0, 13000)) AS given(account, debit, credit) WHERE refunded;
INSERT INTO bench_entry SELECT 'refund:' || id || ':out', 'order:' || id, account, debit, credit FROM bench, (VALUES
    ('refunds_pending', 13000, 0), ('stripe_clearing', 0, 13000)) AS sent(account, debit, credit) WHERE refunded;
INSERT INTO bench_entry SELECT 'commission:' || component_id || ':' || source, 'order:' || attribution_id, account,
       CASE WHEN (amount > 0) = (account = 'commission_expense') THEN abs(amount) ELSE 0 END,
       CASE WHEN (amount > 0) = (account = 'commission_expense') THEN 0 ELSE abs(amount) END
    FROM referrals_commission, (VALUES ('commission_expense'), ('commission_payable')) AS sides(account)
    WHERE attribution_id >= {first};
INSERT INTO bench_entry SELECT 'payout:' || id || ':paid', 'payout:' || id, account,
       CASE account WHEN 'bank' THEN 0 ELSE amount END, CASE account WHEN 'bank' THEN amount ELSE 0 END
    FROM payouts_payout, (VALUES ('bank'), ('commission_payable')) AS sides(account);
INSERT INTO ledger_account (code, kind)
    SELECT DISTINCT account, 'asset' FROM bench_entry ON CONFLICT (code) DO NOTHING;
INSERT INTO ledger_transaction (key, input_hash, source, text, at)
    SELECT key, encode(sha256(convert_to(concat('["', source, '", [', string_agg(
        concat('["', account, '", "CNY", ', debit, ', ', credit, ']'), ', ' ORDER BY account COLLATE "C", debit, credit),
        ']]'), 'UTF8')), 'hex'), source, '', now()
    FROM bench_entry GROUP BY key, source;
INSERT INTO ledger_entry (transaction_id, account_id, currency, debit, credit)
    SELECT posted.id, account.id, 'CNY', bench_entry.debit, bench_entry.credit
    FROM bench_entry JOIN ledger_transaction AS posted USING (key)
    JOIN ledger_account AS account ON account.code = bench_entry.account;
"""


def make_orders(count: int) -> None:
    """Fill the database with `count` orders of one offer, a minute apart, the last one a month ago."""
    ensure_site()
    ensure_roles()
    ids = {"count": count, "first": FIRST, **_shelf()}
    with transaction.atomic(), connection.cursor() as cursor:
        # Triggers and foreign keys look at one row after another; what they hold is what the audit then asks.
        default_columns(cursor, ROOMS)
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "CREATE TEMP TABLE bench AS SELECT n + %s AS id, n %% 10 = 0 AS refunded, n %% 5 = 0 AS credited,"
            " now() - interval '30 days' - (%s - n) * interval '1 minute' AS paid_at FROM generate_series(1, %s) AS n",
            [FIRST, count, count],
        )
        for script in (ORDERS, PAYMENTS, COMMISSION, LEDGER):
            cursor.execute(script.format(**ids))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def default_columns(cursor: Any, rooms: set[str]) -> None:
    """What SQL does not name in tables of these rooms is as Django would fill it in. The database is for measuring only."""
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields if model._meta.app_label in rooms else []:
            has_one = field.null or field.primary_key or field.is_relation or field.has_db_default()
            if not has_one and (value := field.get_default()) is not None:
                column = f'ALTER TABLE "{model._meta.db_table}" ALTER COLUMN "{field.column}" SET DEFAULT %s'
                cursor.execute(column, [field.get_db_prep_save(value, connection)])


def _shelf() -> dict[str, Any]:
    teacher = make_user(name="林老師")
    offer = make_offer(cohort=make_cohort(course=make_course(lessons=1, teacher=teacher), seats=1), sku=make_sku(seller=teacher))
    programme = create_programme(name="Bench", rules=Rules())
    bundle = offer.bundles.get()
    seat, stock = bundle.components.get(kind="seat"), bundle.components.get(kind="stock")
    return {
        "offer": offer.pk,
        "bundle": bundle.pk,
        "seat": seat.pk,
        "stock": stock.pk,
        "seat_ref": seat.stock_ref,
        "stock_ref": stock.stock_ref,
        "buyer": make_user().pk,
        "referrer": make_user().pk,
        "version": programme.versions.get().pk,
    }
