"""The ledger: I19, I20, I21."""

from shop.checkout.audit.check import Check, guards

UNBALANCED = """
    SELECT concat('ledger transaction:', transaction_id, ' in ', currency, ': debit ', sum(debit), ', credit ', sum(credit))
    FROM ledger_entry GROUP BY transaction_id, currency HAVING sum(debit) <> sum(credit)"""
EMPTY = """
    SELECT concat('ledger transaction:', posted.id, ' has no entries') FROM ledger_transaction AS posted
    WHERE NOT EXISTS (SELECT FROM ledger_entry AS entry WHERE entry.transaction_id = posted.id)"""

# What shop.ledger.flows hashed when it was posted, from what stands there now: who got past the triggers is seen here.
CHANGED = """
    SELECT concat('ledger transaction:', posted.id, ' (', posted.key, ') is not what was posted')
    FROM ledger_transaction AS posted JOIN (
        SELECT entry.transaction_id, string_agg(
            concat('["', account.code, '", "', entry.currency, '", ', entry.debit, ', ', entry.credit, ']'), ', '
            ORDER BY account.code COLLATE "C", entry.currency COLLATE "C", entry.debit, entry.credit) AS rows
        FROM ledger_entry AS entry JOIN ledger_account AS account ON account.id = entry.account_id
        GROUP BY entry.transaction_id
    ) AS found ON found.transaction_id = posted.id
    WHERE posted.input_hash
        <> encode(sha256(convert_to(concat('["', posted.source, '", [', found.rows, ']]'), 'UTF8')), 'hex')"""

# Per object of Stripe's, so that a difference has a name: what our clearing account moved, and what Stripe's balance did.
# A payment whose balance transaction does not exist yet is waited for, a day at most.
CLEARING = """
    SELECT concat(coalesce(ours.about, theirs.about), ': clearing moved ', coalesce(ours.sum, 0), ', Stripe''s balance ',
                  coalesce(theirs.sum, 0), ' ', coalesce(ours.currency, theirs.currency))
    FROM (
        SELECT about, currency, sum(amount) AS sum FROM (
            SELECT CASE split_part(posted.key, ':', 1) WHEN 'dispute-txn' THEN 'balance' ELSE split_part(posted.key, ':', 1) END
                   || ':' || split_part(posted.key, ':', 2) AS about, entry.currency, entry.debit - entry.credit AS amount
            FROM ledger_entry AS entry JOIN ledger_account AS account ON account.id = entry.account_id
            JOIN ledger_transaction AS posted ON posted.id = entry.transaction_id
            WHERE account.code = 'stripe_clearing'
        ) AS entries GROUP BY about, currency
    ) AS ours FULL JOIN (
        SELECT about, currency, sum(amount - fee) AS sum FROM (
            SELECT CASE WHEN about ~ '^(payment|refund):' THEN about ELSE 'balance:' || provider_id END AS about,
                   currency, amount, fee
            FROM payments_balancetransaction
        ) AS rows GROUP BY about, currency
    ) AS theirs ON theirs.about = ours.about AND theirs.currency = ours.currency
    WHERE coalesce(ours.sum, 0) <> coalesce(theirs.sum, 0) AND NOT EXISTS (
        SELECT FROM payments_payment AS payment
        WHERE concat('payment:', payment.id) = ours.about AND payment.settled_at > %(now)s - interval '1 day'
          AND theirs.about IS NULL AND payment.amount = ours.sum)"""

CHECKS = [
    Check(
        "I19",
        "debits equal credits per ledger transaction and currency",
        "ledger_transaction",
        (UNBALANCED, EMPTY, guards("ledger_entry_balanced", "entry_one_side")),
    ),
    Check(
        "I20",
        "what was posted is never changed or deleted",
        "ledger_transaction",
        (CHANGED, guards("ledger_entry_append_only", "ledger_transaction_append_only")),
    ),
    Check("I21", "the clearing account equals the imported balance transactions", "payments_balancetransaction", (CLEARING,)),
]
