"""What we owe to teachers and referrers, and by which file or transfer it is paid."""

from shop.payouts.models.account import PayeeAccount, PayeeBank
from shop.payouts.models.earning import Earning
from shop.payouts.models.payout import Payout, PayoutEntry
from shop.payouts.models.split import Split, SplitShare

__all__ = ["Earning", "PayeeAccount", "PayeeBank", "Payout", "PayoutEntry", "Split", "SplitShare"]
