"""Who is credited and what they earn and are paid: I13 to I18 (teachers' shares are asked of in shares.py)."""

from shop.checkout.audit import shares
from shop.checkout.audit.check import Check, guards

CREDITED_TWICE = """
    SELECT concat('order:', order_id, ' has ', count(*), ' attributions') FROM referrals_attribution
    GROUP BY order_id HAVING count(*) > 1"""

HELD_BUT_MOVING = """
    SELECT concat('commission:', line.id, ' is ', line.state, ' while attribution:', credit.id, ' is held')
    FROM referrals_attribution AS credit JOIN referrals_commission AS line ON line.attribution_id = credit.id
    WHERE credit.state = 'held_self' AND line.state <> 'frozen'"""
# An open suspicion keeps back what it covers (a negative line only ever takes back).
SUSPECTED_BUT_MOVING = """
    SELECT DISTINCT concat('commission:', line.id, ' is ', line.state, ' while suspicion:', doubt.id, ' is open')
    FROM referrals_suspicion AS doubt JOIN referrals_suspicion_covers AS covered ON covered.suspicion_id = doubt.id
    JOIN referrals_commission AS line ON line.attribution_id = covered.attribution_id
    WHERE doubt.state = 'open' AND line.amount > 0 AND line.state IN ('pending', 'available')"""
# A reviewer's decision is a line in the trail; without one, a referrer's own purchase must be held. Cards and doors count
# as they were known when it was decided: friends may share both later. Addresses of mail have no date and count as now.
UNREVIEWED = """
    credit.state = 'credited' AND NOT EXISTS (
        SELECT FROM kit_auditentry AS trail
        WHERE trail.action = 'attribution.decided' AND trail.target = concat('order:', credit.order_id))"""
OWN_ACCOUNT = f"""
    SELECT concat('attribution:', credit.id, ' credits the buyer of order:', o.id, ' by account')
    FROM referrals_attribution AS credit JOIN orders_order AS o ON o.id = credit.order_id
    WHERE o.user_id = credit.referrer_id AND {UNREVIEWED}"""  # noqa: S608


def _folded(address: str) -> str:
    """As referrals.suspicion.folded_email: lower case, without a plus part."""
    return f"regexp_replace(lower({address}), '\\+[^@]*@', '@')"


OWN_MAIL = f"""
    SELECT concat('attribution:', credit.id, ' credits the buyer of order:', o.id, ' by e-mail')
    FROM referrals_attribution AS credit JOIN orders_order AS o ON o.id = credit.order_id
    WHERE {UNREVIEWED} AND EXISTS (
        SELECT FROM account_emailaddress AS mail
        WHERE mail.user_id = credit.referrer_id AND mail.verified AND {_folded("mail.email")} = {_folded("o.email")})"""  # noqa: S608
OWN_CARD = f"""
    SELECT DISTINCT concat('attribution:', credit.id, ' credits the buyer of order:', credit.order_id, ' by card')
    FROM referrals_attribution AS credit
    JOIN payments_payment AS mine ON mine.order_id = credit.order_id AND mine.fingerprint <> ''
    JOIN payments_payment AS theirs ON theirs.fingerprint = mine.fingerprint AND theirs.order_id <> mine.order_id
    JOIN orders_order AS other ON other.id = theirs.order_id AND other.user_id = credit.referrer_id
    WHERE coalesce(theirs.settled_at, theirs.created_at) < credit.created_at AND {UNREVIEWED}"""  # noqa: S608


def _door(row: str) -> str:
    """As referrals.suspicion has it, but for marks that only Unicode calls punctuation: the audit may miss, never invent."""
    text = "||".join(f"{row}.{name}" for name in ("country", "region", "city", "district", "street"))
    return f"regexp_replace(lower(normalize({text}, NFKC)), '[[:space:][:punct:]]+', '', 'g')"


OWN_DOOR = f"""
    SELECT DISTINCT concat('attribution:', credit.id, ' credits the buyer of order:', credit.order_id, ' by address')
    FROM referrals_attribution AS credit
    JOIN orders_delivery AS mine ON mine.order_id = credit.order_id AND mine.method = 'home'
    JOIN orders_order AS other ON other.user_id = credit.referrer_id AND other.id <> credit.order_id
    JOIN orders_delivery AS theirs ON theirs.order_id = other.id AND theirs.method = 'home'
    WHERE other.placed_at < credit.created_at AND {_door("mine")} = {_door("theirs")} AND {UNREVIEWED}"""  # noqa: S608

# Rates are basis points of a part's net; a rejected attribution keeps nothing.
EARNED = """
    SELECT concat('part:', part.id, ' level ', lines.level, ': commission ', lines.sum, ' at ', lines.rate, ' of net ', part.net,
                  ' less ', part.refunded_net)
    FROM (
        SELECT attribution_id, component_id, level, min(rate) AS rate, max(rate) AS most,
               sum(amount) AS sum
        FROM referrals_commission WHERE kind IN ('accrual', 'reversal') GROUP BY attribution_id, component_id, level
    ) AS lines
    JOIN referrals_attribution AS credit ON credit.id = lines.attribution_id
    JOIN orders_ordercomponent AS part ON part.id = lines.component_id
    WHERE lines.rate <> lines.most OR lines.sum <> floor(
        lines.rate::numeric * CASE credit.state WHEN 'rejected' THEN 0 ELSE part.net - part.refunded_net END / 10000)"""
# The offer's own rate where the rules name it, else the programme's.
_RULES = "credit.receipt -> 'rules'"
_RATE = f"coalesce({_RULES} -> 'offers' -> line.offer_id::text ->> part.kind, {_RULES} -> 'rates' ->> part.kind)"
NOT_EARNED = f"""
    SELECT concat('part:', part.id, ' of order:', line.order_id, ': no commission, at a rate of ',
                  {_RATE})
    FROM referrals_attribution AS credit
    JOIN orders_orderline AS line ON line.order_id = credit.order_id JOIN orders_ordercomponent AS part ON part.line_id = line.id
    WHERE credit.state <> 'rejected'
      AND (part.net - part.refunded_net) * coalesce(({_RATE})::bigint, 0) >= 10000
      AND NOT EXISTS (SELECT FROM referrals_commission AS own WHERE own.component_id = part.id AND own.level = 1
                      AND own.kind IN ('accrual', 'reversal'))"""  # noqa: S608
# A bonus is pro rata of what is kept of the whole order.
BONUS = """
    SELECT concat('order:', credit.order_id, ': bonus lines of ', coalesce(lines.sum, 0), ', due ', due.amount)
    FROM referrals_attribution AS credit
    JOIN orders_order AS o ON o.id = credit.order_id
    JOIN LATERAL (
        SELECT CASE WHEN sum(part.net) > 0 THEN floor(
            coalesce((credit.receipt -> 'rules' -> 'bonus' ->> o.currency)::numeric, 0)
            * CASE credit.state WHEN 'rejected' THEN 0 ELSE sum(part.net - part.refunded_net) END / sum(part.net)) ELSE 0 END
            AS amount
        FROM orders_orderline AS line JOIN orders_ordercomponent AS part ON part.line_id = line.id
        WHERE line.order_id = credit.order_id
    ) AS due ON true
    LEFT JOIN (
        SELECT attribution_id, sum(amount) AS sum FROM referrals_commission WHERE kind = 'bonus' GROUP BY attribution_id
    ) AS lines ON lines.attribution_id = credit.id
    WHERE coalesce(lines.sum, 0) <> due.amount"""
# What waits for the student's day is the rules' share of what a part earned, and does not move before that day.
ON_OUTCOME = """
    SELECT concat('part:', lines.component_id, ': ', lines.later, ' of ', lines.sum, ' waits for the outcome')
    FROM (
        SELECT attribution_id, component_id, sum(amount) AS sum, coalesce(sum(amount) FILTER (WHERE on_outcome), 0) AS later
        FROM referrals_commission WHERE kind IN ('accrual', 'reversal') GROUP BY attribution_id, component_id
    ) AS lines JOIN referrals_attribution AS credit ON credit.id = lines.attribution_id
    WHERE lines.later <> floor(lines.sum * coalesce((credit.receipt -> 'rules' ->> 'vest_share')::numeric, 0) / 10000)"""
BEFORE_OUTCOME = """
    SELECT concat('commission:', line.id, ' is ', line.state, ' before the student got there')
    FROM referrals_commission AS line JOIN referrals_attribution AS credit ON credit.id = line.attribution_id
    WHERE line.on_outcome AND line.amount > 0 AND credit.outcome_at IS NULL AND line.state IN ('available', 'paid')"""
# A correction by hand is in the trail, with its reason.
UNTOLD = """
    SELECT concat('commission:', line.id, ' of ', line.amount, ' was corrected by nobody')
    FROM referrals_commission AS line JOIN referrals_attribution AS credit ON credit.id = line.attribution_id
    WHERE line.kind = 'adjustment' AND NOT EXISTS (
        SELECT FROM kit_auditentry AS trail WHERE trail.action = 'commission.adjusted' AND trail.reason <> ''
          AND trail.target = concat('order:', credit.order_id) AND (trail.after ->> 'commission')::bigint = line.id
          AND (trail.after ->> 'amount')::bigint = line.amount)"""
OWED_IN_BOOKS = """
    SELECT concat('commission:', line.id, ' of ', line.amount, ' ', line.currency, ': the ledger says ', coalesce(posted.sum, 0))
    FROM referrals_commission AS line LEFT JOIN (
        SELECT posted.key, sum(entry.credit - entry.debit) AS sum
        FROM ledger_transaction AS posted JOIN ledger_entry AS entry ON entry.transaction_id = posted.id
        JOIN ledger_account AS account ON account.id = entry.account_id
        WHERE starts_with(posted.key, 'commission:') AND account.code = 'commission_payable' GROUP BY posted.key
    ) AS posted ON posted.key = concat('commission:', line.component_id, ':', line.source)
    WHERE line.level = 1 AND line.amount <> coalesce(posted.sum, 0)"""

TOO_EARLY = """
    SELECT concat('commission:', line.id, ' is ', line.state, ' though its hold ends ',
                  coalesce(line.available_at::text, 'at a time unknown'))
    FROM referrals_commission AS line
    WHERE line.state IN ('available', 'paid') AND (line.available_at IS NULL OR line.available_at > %(now)s)"""
# The hold: the refund window from payment, and the return window from the last delivery, once all has been delivered.
HOLD_TOO_SHORT = """
    SELECT concat('commission:', line.id, ' of order:', o.id, ': its hold ends ', line.available_at, ', before the windows')
    FROM referrals_commission AS line JOIN referrals_attribution AS credit ON credit.id = line.attribution_id
    JOIN orders_order AS o ON o.id = credit.order_id
    LEFT JOIN (
        SELECT order_id, max(delivered_at) AS delivered_at, bool_or(state IN ('to_pack', 'shipped', 'arrived')) AS to_come
        FROM fulfilment_shipment GROUP BY order_id
    ) AS parcels ON parcels.order_id = o.id
    WHERE line.state IN ('available', 'paid') AND (
        parcels.to_come
        OR line.available_at < o.paid_at + make_interval(days => coalesce((o.terms ->> 'refund_days')::int, 0))
        OR line.available_at < parcels.delivered_at + make_interval(days => coalesce((o.terms ->> 'return_days')::int, 0)))"""

PAYOUT_SUM = """
    SELECT concat('payout:', payout.id, ' of ', payout.amount, ': its entries come to ', coalesce(rows.sum, 0))
    FROM payouts_payout AS payout
    LEFT JOIN (SELECT payout_id, sum(amount) AS sum FROM payouts_payoutentry GROUP BY payout_id) AS rows
      ON rows.payout_id = payout.id
    WHERE payout.amount IS DISTINCT FROM rows.sum"""
ENTRY_IS_ITS_LINE = """
    SELECT concat('payout entry:', entry.id, ' of payout:', payout.id, ' is not what commission:', line.id, ' says')
    FROM payouts_payoutentry AS entry JOIN payouts_payout AS payout ON payout.id = entry.payout_id
    JOIN referrals_commission AS line ON line.id = entry.commission_id
    WHERE (entry.amount, payout.payee_id, payout.currency) IS DISTINCT FROM (line.amount, line.payee_id, line.currency)"""
# What left for payees, by bank or by transfer, and what of it came back.
PAYOUT_IN_BOOKS = """
    SELECT concat('payout:', payout.id, ' of ', payout.amount, ' (', payout.state, '): the ledger paid ', coalesce(paid.sum, 0))
    FROM payouts_payout AS payout LEFT JOIN (
        SELECT posted.source, sum(entry.credit - entry.debit) AS sum
        FROM ledger_transaction AS posted JOIN ledger_entry AS entry ON entry.transaction_id = posted.id
        JOIN ledger_account AS account ON account.id = entry.account_id
        WHERE starts_with(posted.key, 'payout:') AND account.code IN ('bank', 'transfers') GROUP BY posted.source
    ) AS paid ON paid.source = concat('payout:', payout.id)
    WHERE coalesce(paid.sum, 0) <> CASE payout.state WHEN 'paid' THEN payout.amount ELSE 0 END"""
PAID_TWICE = """
    SELECT concat('commission:', entry.commission_id, ' is in ', count(*), ' payouts that have not failed')
    FROM payouts_payoutentry AS entry JOIN payouts_payout AS payout ON payout.id = entry.payout_id
    WHERE payout.state <> 'failed' AND entry.commission_id IS NOT NULL GROUP BY entry.commission_id HAVING count(*) > 1"""
LIVE_FLAG = """
    SELECT concat('payout entry:', entry.id, ' of payout:', payout.id, ' (', payout.state, ') says is_live ', entry.is_live)
    FROM payouts_payoutentry AS entry JOIN payouts_payout AS payout ON payout.id = entry.payout_id
    WHERE entry.is_live <> (payout.state <> 'failed')"""
PAID_LINE = """
    SELECT concat('commission:', line.id, ' is ', line.state, ', its payout ', coalesce(payout.state, 'is none'))
    FROM referrals_commission AS line
    LEFT JOIN payouts_payoutentry AS entry ON entry.commission_id = line.id AND entry.is_live
    LEFT JOIN payouts_payout AS payout ON payout.id = entry.payout_id
    WHERE (line.state = 'paid') <> (payout.state IS NOT DISTINCT FROM 'paid')"""

CHECKS = [
    Check("I13", "at most one attribution per order", "referrals_attribution", (CREDITED_TWICE,)),
    Check(
        "I14",
        "a referrer's own purchase is held, and nothing of it moves before a reviewer decides",
        "referrals_attribution",
        (HELD_BUT_MOVING, SUSPECTED_BUT_MOVING, OWN_ACCOUNT, OWN_MAIL, OWN_CARD, OWN_DOOR),
    ),
    Check(
        "I15",
        "commission per part and level is floor(rate x net retained), teachers share what is left, and the books owe it",
        "referrals_commission",
        (
            EARNED,
            NOT_EARNED,
            BONUS,
            ON_OUTCOME,
            UNTOLD,
            OWED_IN_BOOKS,
            shares.SHARED,
            shares.SHARES_SUM,
            shares.OWED_IN_BOOKS,
            guards("commission_once_per_cause", *shares.GUARDS),
        ),
    ),
    Check(
        "I16",
        "no commission or share is available before its hold ends",
        "referrals_commission",
        (TOO_EARLY, HOLD_TOO_SHORT, BEFORE_OUTCOME, shares.TOO_EARLY, shares.HOLD_TOO_SHORT),
    ),
    Check(
        "I17",
        "a payout's amount is the sum of its entries, and the books paid it once",
        "payouts_payout",
        (PAYOUT_SUM, ENTRY_IS_ITS_LINE, shares.ENTRY_IS_ITS_LINE, PAYOUT_IN_BOOKS, guards("entry_of_one_line")),
    ),
    Check(
        "I18",
        "a line of commission or share is in at most one payout that has not failed",
        "payouts_payoutentry",
        (
            PAID_TWICE,
            LIVE_FLAG,
            PAID_LINE,
            shares.PAID_TWICE,
            shares.PAID_LINE,
            guards("commission_paid_once", "earning_paid_once"),
        ),
    ),
]
