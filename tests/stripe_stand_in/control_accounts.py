"""Controls over connected accounts, payouts and early fraud warnings."""

from typing import Any

from .accounts import change_account, deauthorize, finish_setup
from .control_money import MoneyControls
from .payouts import automatic_payout, move_payout
from .radar import warn
from .render import plain


class AccountControls(MoneyControls):
    def deauthorize(self, account_id: str) -> Any:
        """The account cuts the platform off."""
        with self.world.turn() as world:
            return plain(deauthorize(world, self._find("account", account_id)))

    def finish_setup(self, account_id: str) -> Any:
        """The account's owner fills in Stripe's form."""
        with self.world.turn() as world:
            return plain(finish_setup(world, self._find("account", account_id)))

    def change_account(self, account_id: str, **changes: Any) -> Any:
        """Stripe changes an account, e.g. payouts_enabled=False."""
        with self.world.turn() as world:
            return plain(change_account(world, self._find("account", account_id), changes))

    def make_payout(self, currency: str, account: str = "") -> Any:
        """Stripe's automatic payout of all that is available, reconciled."""
        with self.world.turn() as world:
            return plain(automatic_payout(world, currency, account))

    def move_payout(self, payout_id: str, status: str = "paid", code: str = "account_closed") -> Any:
        """Move a payout to in_transit, paid, failed (even after paid) or canceled."""
        with self.world.turn() as world:
            return plain(move_payout(world, self._find("payout", payout_id), status, code))

    def warn_of_fraud(self, charge_id: str) -> Any:
        """The card network suspects fraud: radar.early_fraud_warning.created."""
        with self.world.turn() as world:
            return plain(warn(world, self._find("charge", charge_id)))
