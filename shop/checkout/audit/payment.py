"""What was paid and given back, each once: I9, I11, I22."""

from shop.checkout.audit.check import ACCEPTED, BOOKED, Check, guards

UNDERPAID = """
    SELECT concat('order:', o.id, ' is paid with ', coalesce(paid.sum, 0), ' of ', o.total, ' ', o.currency)
    FROM orders_order AS o LEFT JOIN (
        SELECT order_id, currency, sum(amount) AS sum FROM payments_payment WHERE state = 'succeeded' GROUP BY order_id, currency
    ) AS paid ON paid.order_id = o.id AND paid.currency = o.currency
    WHERE o.state = 'paid' AND coalesce(paid.sum, 0) < o.total"""
OVERREFUNDED = """
    SELECT concat('payment:', payment.id, ' of ', payment.amount, ' (', payment.state, ') has refunds of ', given.sum)
    FROM payments_payment AS payment JOIN (
        SELECT payment_id, sum(amount) AS sum FROM payments_refund WHERE state NOT IN ('failed', 'cancelled') GROUP BY payment_id
    ) AS given ON given.payment_id = payment.id
    WHERE given.sum > CASE payment.state WHEN 'succeeded' THEN payment.amount ELSE 0 END"""

TOLD_TWICE = """
    SELECT concat('{what} ', {column}, ' is here ', count(*), ' times')
    FROM {table} WHERE {column} IS NOT NULL GROUP BY {column} HAVING count(*) > 1"""
# A transfer that was written down wrongly is booked back.
UNPOSTED = f"""
    SELECT concat('payment:', payment.id, ' of ', payment.amount, ' ', payment.currency, ': the ledger says ',
                  coalesce(booked.sum, 0), ' and back ', coalesce(back.sum, 0))
    FROM payments_payment AS payment LEFT JOIN {BOOKED} AS booked ON booked.key = concat('payment:', payment.id)
    LEFT JOIN {BOOKED} AS back ON back.key = concat('payment:', payment.id, ':taken_back')
    WHERE coalesce(booked.sum, 0) - coalesce(back.sum, 0) <> CASE payment.state WHEN 'succeeded' THEN payment.amount ELSE 0 END"""  # noqa: S608
# Revenue comes once per order, however many payments and events there were: when it is paid, or accepted in review.
SOLD_ONCE = """
    SELECT concat('order:', o.id, ' (', o.state, ') became revenue ', count(sale.id), ' times')
    FROM orders_order AS o LEFT JOIN (
        SELECT DISTINCT posted.id, posted.source
        FROM ledger_transaction AS posted JOIN ledger_entry AS entry ON entry.transaction_id = posted.id
        JOIN ledger_account AS account ON account.id = entry.account_id
        WHERE posted.key ~ '^payment:[0-9]+(:accepted)?$' AND starts_with(account.code, 'revenue:')
    ) AS sale ON sale.source = concat('order:', o.id)
    WHERE o.total > 0 GROUP BY o.id HAVING count(sale.id) <> CASE o.state WHEN 'paid' THEN 1 ELSE 0 END"""
# A refund is booked when Stripe has it, and booked back when it failed after that.
REFUND_POSTED = f"""
    SELECT concat('refund:', refund.id, ' of ', refund.amount, ' (', refund.state, '): the ledger says ', coalesce(given.sum, 0),
                  ' and back ', coalesce(back.sum, 0))
    FROM payments_refund AS refund
    LEFT JOIN {BOOKED} AS given ON given.key = concat('refund:', refund.id)
    LEFT JOIN {BOOKED} AS back ON back.key = concat('refund:', refund.id, ':failed')
    CROSS JOIN LATERAL (SELECT refund.state IN {ACCEPTED} AS is_live,
                               refund.state IN ('failed', 'cancelled') AND refund.provider_id IS NOT NULL AS came_back) AS it
    WHERE coalesce(given.sum, 0) <> CASE WHEN is_live OR came_back THEN refund.amount ELSE 0 END
       OR coalesce(back.sum, 0) <> CASE WHEN came_back THEN refund.amount ELSE 0 END"""  # noqa: S608
LOSS_POSTED = f"""
    SELECT concat('dispute:', dispute.id, ' of ', dispute.amount, ' (', dispute.state, '): the ledger says ',
                  coalesce(lost.sum, 0), ' lost and ', coalesce(back.sum, 0), ' regained')
    FROM payments_dispute AS dispute
    LEFT JOIN {BOOKED} AS lost ON lost.key = concat('dispute:', dispute.id, ':lost')
    LEFT JOIN {BOOKED} AS back ON back.key = concat('dispute:', dispute.id, ':regained')
    WHERE coalesce(lost.sum, 0) - coalesce(back.sum, 0) <> CASE dispute.state WHEN 'lost' THEN dispute.amount ELSE 0 END"""  # noqa: S608
SENT_TWICE = """
    SELECT concat('part:', part.id, ' is in parcels ', sum(row.quantity), ' times, bought ', part.quantity)
    FROM orders_ordercomponent AS part JOIN fulfilment_shipmentline AS row ON row.component_id = part.id
    JOIN fulfilment_shipment AS parcel ON parcel.id = row.shipment_id
    WHERE parcel.state NOT IN ('stopped', 'resent') GROUP BY part.id HAVING sum(row.quantity) > part.quantity"""

CHECKS = [
    Check("I9", "what is paid is covered by succeeded payments", "orders_order", (UNDERPAID, guards("paid_has_a_moment"))),
    Check(
        "I11",
        "refunds under way or done stay within what was captured",
        "payments_payment",
        (OVERREFUNDED, guards("component_refund_within_price")),
    ),
    Check(
        "I22",
        "each effect happens once per provider object: one payment, one sale, one refund, one parcel",
        "payments_webhookevent",
        (
            TOLD_TWICE.format(what="event", column="event_id", table="payments_webhookevent"),
            TOLD_TWICE.format(what="session", column="session_id", table="payments_payment"),
            TOLD_TWICE.format(what="payment", column="provider_id", table="payments_payment"),
            TOLD_TWICE.format(what="refund", column="provider_id", table="payments_refund"),
            TOLD_TWICE.format(what="dispute", column="provider_id", table="payments_dispute"),
            UNPOSTED,
            SOLD_ONCE,
            REFUND_POSTED,
            LOSS_POSTED,
            SENT_TWICE,
            guards("seat_granted_once_per_source"),
        ),
    ),
]
