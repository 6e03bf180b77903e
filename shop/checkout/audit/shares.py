"""What teachers earn of a sale: the other half of I15 to I18, and of I8. It is counted here once more, from the rows alone."""

# Per part and payee: net kept, less commission, less the part's share of Stripe's fee (rounded up, by the charge's own ratio),
# divided by the split in force when the order was paid, by largest remainder. See shop.payouts.rules.
SHARED = """
    SELECT concat('part:', coalesce(due.part_id, lines.component_id), ': payee:', coalesce(due.payee_id, lines.payee_id),
                  ' has a share of ', coalesce(lines.sum, 0), ', due are ', coalesce(due.amount, 0))
    FROM (
        SELECT part_id, payee_id, base + CASE WHEN place <= amount - sum(base) OVER (PARTITION BY part_id) THEN 1 ELSE 0 END
                                  AS amount
        FROM (
            SELECT pool.part_id, share.payee_id, pool.amount, pool.amount * share.basis_points / 10000 AS base,
                   row_number() OVER (PARTITION BY pool.part_id
                                      ORDER BY pool.amount * share.basis_points %% 10000 DESC, share.id) AS place
            FROM (
                SELECT part.id AS part_id, split.id AS split_id, greatest(0, part.net - part.refunded_net
                           - coalesce((SELECT sum(amount) FROM referrals_commission WHERE component_id = part.id), 0)
                           - coalesce(ceil(greatest(charge.fee, 0)::numeric * (part.net + part.tax - part.refunded_net
                                           - part.refunded_tax) / nullif(greatest(charge.amount, 0), 0)), 0))::bigint AS amount
                FROM (
                    SELECT DISTINCT ON (line.id) line.id AS line_id, line.order_id, version.id
                    FROM orders_orderline AS line JOIN orders_order AS o ON o.id = line.order_id
                    JOIN payouts_split AS version ON version.offer_id = line.offer_id AND version.created_at <= o.paid_at
                    ORDER BY line.id, version.number DESC
                ) AS split JOIN orders_ordercomponent AS part ON part.line_id = split.line_id
                LEFT JOIN (
                    SELECT DISTINCT ON (payment.order_id) payment.order_id, moved.fee, moved.amount
                    FROM payments_payment AS payment
                    LEFT JOIN payments_balancetransaction AS moved ON moved.about = concat('payment:', payment.id)
                    WHERE payment.state = 'succeeded' ORDER BY payment.order_id, payment.settled_at, payment.id
                ) AS charge ON charge.order_id = split.order_id
            ) AS pool JOIN payouts_splitshare AS share ON share.split_id = pool.split_id
        ) AS places
    ) AS due FULL JOIN (
        SELECT component_id, payee_id, sum(amount) AS sum FROM payouts_earning GROUP BY component_id, payee_id
    ) AS lines ON lines.component_id = due.part_id AND lines.payee_id = due.payee_id
    WHERE coalesce(due.payee_id, lines.payee_id) IS NOT NULL AND coalesce(due.amount, 0) <> coalesce(lines.sum, 0)"""
SHARES_SUM = """
    SELECT concat('split:', split.id, ' shares out ', coalesce(sum(share.basis_points), 0), ' of 10000')
    FROM payouts_split AS split LEFT JOIN payouts_splitshare AS share ON share.split_id = split.id
    GROUP BY split.id HAVING coalesce(sum(share.basis_points), 0) <> 10000"""
OWED_IN_BOOKS = """
    SELECT concat('earning:', line.id, ' of ', line.amount, ' ', line.currency, ': the ledger says ', coalesce(posted.sum, 0))
    FROM payouts_earning AS line LEFT JOIN (
        SELECT posted.key, sum(entry.credit - entry.debit) AS sum
        FROM ledger_transaction AS posted JOIN ledger_entry AS entry ON entry.transaction_id = posted.id
        JOIN ledger_account AS account ON account.id = entry.account_id
        WHERE starts_with(posted.key, 'earning:') AND account.code = 'instructor_payable' GROUP BY posted.key
    ) AS posted ON posted.key = concat('earning:', line.component_id, ':', line.payee_id, ':', line.number)
    WHERE line.amount <> coalesce(posted.sum, 0)"""
GUARDS = (
    "payouts_split_whole",
    "payouts_splitshare_whole",
    "payouts_split_append_only",
    "payouts_splitshare_append_only",
    "earning_once_per_number",
)
CURRENCY = """
    SELECT concat('earning:', line.id, ' in ', line.currency, ' of order:', o.id, ' in ', o.currency)
    FROM payouts_earning AS line JOIN orders_ordercomponent AS part ON part.id = line.component_id
    JOIN orders_orderline AS item ON item.id = part.line_id JOIN orders_order AS o ON o.id = item.order_id
    WHERE line.currency <> o.currency"""

TOO_EARLY = """
    SELECT concat('earning:', line.id, ' is ', line.state, ' though its hold ends ',
                  coalesce(line.available_at::text, 'at a time unknown'))
    FROM payouts_earning AS line
    WHERE line.state IN ('available', 'paid') AND (line.available_at IS NULL OR line.available_at > %(now)s)"""
# As with commission; what is in a payout was free when that was made, even if a parcel is sent once more since.
HOLD_TOO_SHORT = """
    SELECT concat('earning:', line.id, ' of order:', o.id, ': its hold ends ', line.available_at, ', before the windows')
    FROM payouts_earning AS line JOIN orders_ordercomponent AS part ON part.id = line.component_id
    JOIN orders_orderline AS item ON item.id = part.line_id JOIN orders_order AS o ON o.id = item.order_id
    LEFT JOIN (
        SELECT order_id, max(delivered_at) AS delivered_at, bool_or(state IN ('to_pack', 'shipped', 'arrived')) AS to_come
        FROM fulfilment_shipment GROUP BY order_id
    ) AS parcels ON parcels.order_id = o.id
    WHERE line.state = 'available' AND NOT EXISTS (
        SELECT FROM payouts_payoutentry AS entry JOIN payouts_earning AS other ON other.id = entry.earning_id
        WHERE entry.is_live AND other.component_id = line.component_id AND other.payee_id = line.payee_id
    ) AND (
        parcels.to_come
        OR line.available_at < o.paid_at + make_interval(days => coalesce((o.terms ->> 'refund_days')::int, 0))
        OR line.available_at < parcels.delivered_at + make_interval(days => coalesce((o.terms ->> 'return_days')::int, 0)))"""

ENTRY_IS_ITS_LINE = """
    SELECT concat('payout entry:', entry.id, ' of payout:', payout.id, ' is not what earning:', line.id, ' says')
    FROM payouts_payoutentry AS entry JOIN payouts_payout AS payout ON payout.id = entry.payout_id
    JOIN payouts_earning AS line ON line.id = entry.earning_id
    WHERE (entry.amount, payout.payee_id, payout.currency) IS DISTINCT FROM (line.amount, line.payee_id, line.currency)"""
PAID_TWICE = """
    SELECT concat('earning:', entry.earning_id, ' is in ', count(*), ' payouts that have not failed')
    FROM payouts_payoutentry AS entry JOIN payouts_payout AS payout ON payout.id = entry.payout_id
    WHERE payout.state <> 'failed' AND entry.earning_id IS NOT NULL GROUP BY entry.earning_id HAVING count(*) > 1"""
PAID_LINE = """
    SELECT concat('earning:', line.id, ' is ', line.state, ', its payout ', coalesce(payout.state, 'is none'))
    FROM payouts_earning AS line
    LEFT JOIN payouts_payoutentry AS entry ON entry.earning_id = line.id AND entry.is_live
    LEFT JOIN payouts_payout AS payout ON payout.id = entry.payout_id
    WHERE (line.state = 'paid') <> (payout.state IS NOT DISTINCT FROM 'paid')"""
