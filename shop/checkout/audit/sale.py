"""What was sold, for how much, in which currency: I1, I2, I3, I7, I8."""

from shop.checkout.audit import shares
from shop.checkout.audit.check import ACCEPTED, Check, guards, step_of

PARTS_SUM = """
    SELECT concat('line:', line.id, ' of order:', line.order_id, ': parts come to ', sum(part.net), ' + ', sum(part.tax))
    FROM orders_orderline AS line LEFT JOIN orders_ordercomponent AS part ON part.line_id = line.id
    GROUP BY line.id HAVING sum(part.net) IS DISTINCT FROM line.net OR sum(part.tax) IS DISTINCT FROM line.tax"""
# Largest remainder: no share is a whole step away from its exact proportion.
PARTS_BY_WEIGHT = f"""
    SELECT concat('part:', part.id, ' of order:', line.order_id, ': not its share by weight')
    FROM orders_ordercomponent AS part
    JOIN orders_orderline AS line ON line.id = part.line_id JOIN orders_order AS o ON o.id = line.order_id
    JOIN catalogue_component AS c ON c.id = part.component_id
    JOIN (SELECT bundle_id, sum(weight) AS weight FROM catalogue_component GROUP BY bundle_id) AS whole
      ON whole.bundle_id = line.bundle_id
    WHERE abs((part.net + part.tax) * whole.weight - (line.net + line.tax) * c.weight)
          >= {step_of("o.currency")} * whole.weight"""  # noqa: S608
TAX_BY_SHARE = """
    SELECT concat('part:', part.id, ' of order:', line.order_id, ': not its share of the tax')
    FROM orders_ordercomponent AS part JOIN orders_orderline AS line ON line.id = part.line_id
    WHERE line.net + line.tax > 0
      AND abs(part.tax * (line.net + line.tax) - line.tax * (part.net + part.tax)) >= line.net + line.tax"""
REFUNDED_AS_STORED = f"""
    SELECT concat('part:', part.id, ': says ', part.refunded_net, ' + ', part.refunded_tax, ' refunded, its refunds say ',
                  coalesce(given.net, 0), ' + ', coalesce(given.tax, 0))
    FROM orders_ordercomponent AS part LEFT JOIN (
        SELECT component_id, sum(net) AS net, sum(tax) AS tax FROM (
            SELECT row.component_id, row.net, row.tax
            FROM payments_refundline AS row JOIN payments_refund AS refund ON refund.id = row.refund_id
            WHERE refund.state IN {ACCEPTED}
            UNION ALL
            SELECT row.component_id, row.net, row.tax
            FROM payments_disputeline AS row JOIN payments_dispute AS dispute ON dispute.id = row.dispute_id
            WHERE dispute.state = 'lost'
        ) AS rows GROUP BY component_id
    ) AS given ON given.component_id = part.id
    WHERE part.refunded_net <> coalesce(given.net, 0) OR part.refunded_tax <> coalesce(given.tax, 0)"""  # noqa: S608
REFUND_HOLDS_LINES = """
    SELECT concat('refund:', refund.id, ': its lines come to more than its ', refund.amount)
    FROM payments_refund AS refund
    JOIN (SELECT refund_id, sum(net + tax) AS sum FROM payments_refundline GROUP BY refund_id) AS lines
      ON lines.refund_id = refund.id
    WHERE lines.sum + refund.shipping_amount > refund.amount"""

PRICES_OVERLAP = """
    SELECT concat('price:', later.id, ' and price:', earlier.id, ' of offer:', later.offer_id)
    FROM catalogue_price AS later JOIN catalogue_price AS earlier
      ON earlier.offer_id = later.offer_id AND earlier.currency = later.currency AND earlier.id < later.id
    WHERE tstzrange(earlier.valid_from, earlier.valid_to) && tstzrange(later.valid_from, later.valid_to)"""


def _off_step(name: str, amount: str, table: str, currency: str = "currency") -> str:
    return f"""
        SELECT concat('{name}:', row.id, ': ', {amount}, ' ', {currency}) FROM {table} AS row
        WHERE mod({amount}, {step_of(currency)}) <> 0"""  # noqa: S608


PART_OFF_STEP = f"""
    SELECT concat('part:', part.id, ' of order:', o.id, ': ', part.net + part.tax, ' ', o.currency)
    FROM orders_ordercomponent AS part JOIN orders_orderline AS line ON line.id = part.line_id
    JOIN orders_order AS o ON o.id = line.order_id
    WHERE mod(part.net + part.tax, {step_of("o.currency")}) <> 0"""  # noqa: S608

# Where a price does not contain its tax, that comes on top.
TOTALS = """
    SELECT concat('order:', o.id, ': total ', o.total, ', its lines come to ', coalesce(lines.gross, 0))
    FROM orders_order AS o
    LEFT JOIN (
        SELECT order_id, sum(net + tax) AS gross, sum(tax) AS tax, sum(discount) AS discount,
               coalesce(sum(tax) FILTER (WHERE NOT tax_inclusive), 0) AS on_top
        FROM orders_orderline GROUP BY order_id
    ) AS lines ON lines.order_id = o.id
    WHERE o.state <> 'draft' AND (
        o.discount IS DISTINCT FROM lines.discount OR o.tax IS DISTINCT FROM lines.tax + o.shipping_tax
        OR o.tax_on_top IS DISTINCT FROM lines.on_top + CASE WHEN o.shipping_tax_inclusive THEN 0 ELSE o.shipping_tax END
        OR o.subtotal IS DISTINCT FROM lines.gross + lines.discount - lines.on_top
        OR o.total <> coalesce(lines.gross, 0) + o.shipping
           + CASE WHEN o.shipping_tax_inclusive THEN 0 ELSE o.shipping_tax END)"""
# Delivery bears the order's rate of tax, unless the order was lowered to what was paid.
SHIPPING_TAX = f"""
    SELECT concat('order:', o.id, ': tax of ', o.shipping_tax, ' on delivery of ', o.shipping)
    FROM orders_order AS o CROSS JOIN LATERAL (SELECT coalesce((o.terms #>> '{{tax,rate}}')::bigint, 0) AS rate) AS tax
    WHERE o.terms ->> 'lowered_from' IS NULL AND abs(
        o.shipping_tax::numeric - o.shipping::numeric * tax.rate
        / CASE WHEN o.shipping_tax_inclusive THEN 10000 + tax.rate ELSE 10000 END
    ) >= {step_of("o.currency")} AND o.shipping_tax > 0"""  # noqa: S608
# What goes back for delivery: never more than was paid for it, and with its tax once all of it is back.
SHIPPING_GIVEN = f"""
    SELECT concat('order:', o.id, ': ', given.gross, ' (tax ', given.tax, ') given back for delivery of ', o.shipping)
    FROM orders_order AS o JOIN (
        SELECT order_id, sum(gross) AS gross, sum(tax) AS tax FROM (
            SELECT payment.order_id, refund.shipping_amount AS gross, refund.shipping_tax AS tax
            FROM payments_refund AS refund JOIN payments_payment AS payment ON payment.id = refund.payment_id
            WHERE refund.state IN {ACCEPTED}
            UNION ALL
            SELECT payment.order_id, dispute.shipping_amount, dispute.shipping_tax
            FROM payments_dispute AS dispute JOIN payments_payment AS payment ON payment.id = dispute.payment_id
            WHERE dispute.state = 'lost'
        ) AS rows GROUP BY order_id
    ) AS given ON given.order_id = o.id
    CROSS JOIN LATERAL (
        SELECT o.shipping + CASE WHEN o.shipping_tax_inclusive THEN 0 ELSE o.shipping_tax END AS gross
    ) AS paid
    WHERE given.gross > paid.gross OR given.tax > o.shipping_tax OR (given.gross = paid.gross AND given.tax <> o.shipping_tax)"""  # noqa: S608
LINE_SUMS = """
    SELECT concat('line:', line.id, ' of order:', line.order_id, ': ', line.net, ' + ', line.tax, ' are not ', line.quantity,
                  ' x ', line.unit_amount, ' - ', line.discount)
    FROM orders_orderline AS line
    WHERE line.net + CASE WHEN line.tax_inclusive THEN line.tax ELSE 0 END <> line.quantity * line.unit_amount - line.discount"""
# A coupon's uses are counted from placing an order until it ends unpaid or all is paid back, and it has no more than it
# promised. Where that refund failed later, somebody else may have the use by then.
COUPON_USES = """
    SELECT concat('coupon:', coupon.id, ' counts ', coupon.used, ' uses of ', coalesce(coupon.max_uses::text, 'any number'),
                  ', its orders say ', coalesce(uses.live, 0))
    FROM catalogue_coupon AS coupon LEFT JOIN (
        SELECT coupon_id, count(*) FILTER (WHERE released_at IS NULL) AS live FROM orders_couponuse GROUP BY coupon_id
    ) AS uses ON uses.coupon_id = coupon.id
    WHERE coupon.used <> coalesce(uses.live, 0) OR coupon.used > coupon.max_uses"""
COUPON_AND_ORDER = """
    SELECT concat('coupon:', use.coupon_id, ' is ', CASE WHEN use.released_at IS NULL THEN 'held' ELSE 'free' END,
                  ' while order:', o.id, ' is ', o.state)
    FROM orders_couponuse AS use JOIN orders_order AS o ON o.id = use.order_id
    WHERE o.state <> 'review' AND CASE
        WHEN use.released_at IS NULL THEN o.state IN ('cancelled', 'expired')
        WHEN o.state = 'paid' THEN EXISTS (
            SELECT FROM orders_ordercomponent AS part JOIN orders_orderline AS line ON line.id = part.line_id
            WHERE line.order_id = o.id AND part.net + part.tax > part.refunded_net + part.refunded_tax
        ) AND NOT EXISTS (
            SELECT FROM payments_refund AS refund JOIN payments_payment AS payment ON payment.id = refund.payment_id
            WHERE payment.order_id = o.id AND refund.state IN ('failed', 'cancelled')
        )
        ELSE o.state NOT IN ('cancelled', 'expired')
    END"""
DISCOUNT_OF_NOTHING = """
    SELECT concat('order:', o.id, ': a discount of ', o.discount, ' without a coupon')
    FROM orders_order AS o LEFT JOIN orders_couponuse AS use ON use.order_id = o.id
    WHERE o.discount > 0 AND use.id IS NULL AND o.terms ->> 'lowered_from' IS NULL"""

# Money in another currency than its order's is under review, or was put aside whole and goes back.
PAYMENT_CURRENCY = """
    SELECT concat('payment:', payment.id, ' in ', payment.currency, ' of order:', o.id, ' in ', o.currency)
    FROM payments_payment AS payment JOIN orders_order AS o ON o.id = payment.order_id
    WHERE payment.currency <> o.currency AND o.state <> 'review' AND NOT EXISTS (
        SELECT FROM ledger_transaction AS posted JOIN ledger_entry AS entry ON entry.transaction_id = posted.id
        JOIN ledger_account AS account ON account.id = entry.account_id
        WHERE posted.key = concat('payment:', payment.id) AND account.code = 'suspense' AND entry.credit = payment.amount)"""
REFUND_CURRENCY = """
    SELECT concat('refund:', refund.id, ' in ', refund.currency, ' of payment:', payment.id, ' in ', payment.currency)
    FROM payments_refund AS refund JOIN payments_payment AS payment ON payment.id = refund.payment_id
    WHERE refund.currency <> payment.currency"""
DISPUTE_CURRENCY = """
    SELECT concat('dispute:', dispute.id, ' in ', dispute.currency, ' of payment:', payment.id, ' in ', payment.currency)
    FROM payments_dispute AS dispute JOIN payments_payment AS payment ON payment.id = dispute.payment_id
    WHERE dispute.currency <> payment.currency"""
COMMISSION_CURRENCY = """
    SELECT concat('commission:', line.id, ' in ', line.currency, ' of order:', o.id, ' in ', o.currency)
    FROM referrals_commission AS line JOIN referrals_attribution AS credit ON credit.id = line.attribution_id
    JOIN orders_order AS o ON o.id = credit.order_id
    WHERE line.currency <> o.currency"""
REVENUE_CURRENCY = """
    SELECT concat('ledger transaction:', posted.id, ' in ', entry.currency, ' of order:', o.id, ' in ', o.currency)
    FROM ledger_transaction AS posted JOIN orders_order AS o ON posted.source = concat('order:', o.id)
    JOIN ledger_entry AS entry ON entry.transaction_id = posted.id
    JOIN ledger_account AS account ON account.id = entry.account_id
    WHERE entry.currency <> o.currency AND (account.code = 'tax_payable' OR starts_with(account.code, 'revenue:'))"""

CHECKS = [
    Check(
        "I1",
        "the parts' shares sum to their line's net and tax, and refunds reverse what is stored",
        "orders_orderline",
        (PARTS_SUM, PARTS_BY_WEIGHT, TAX_BY_SHARE, REFUNDED_AS_STORED, REFUND_HOLDS_LINES, SHIPPING_GIVEN),
    ),
    Check(
        "I2",
        "one active price per offer, currency and instant",
        "catalogue_price",
        (PRICES_OVERLAP, guards("catalogue_price_alone", "one_open_price")),
    ),
    Check(
        "I3",
        "amounts obey their currency's step",
        "catalogue_price",
        (
            _off_step("price", "row.amount", "catalogue_price"),
            _off_step("order", "row.total", "orders_order"),
            _off_step("payment", "row.amount", "payments_payment"),
            _off_step("refund", "row.amount", "payments_refund"),
            PART_OFF_STEP,
        ),
    ),
    Check(
        "I7",
        "an order's total is its lines + shipping - discounts + tax on top",
        "orders_order",
        (
            TOTALS,
            LINE_SUMS,
            SHIPPING_TAX,
            COUPON_USES,
            COUPON_AND_ORDER,
            DISCOUNT_OF_NOTHING,
            guards("order_total_adds_up", "coupon_within_its_uses"),
        ),
    ),
    Check(
        "I8",
        "all children of an order share its currency",
        "payments_payment",
        (PAYMENT_CURRENCY, REFUND_CURRENCY, DISPUTE_CURRENCY, COMMISSION_CURRENCY, shares.CURRENCY, REVENUE_CURRENCY),
    ),
]
