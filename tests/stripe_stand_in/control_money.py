"""Controls over money: what a test or the desk makes buyers, banks and Stripe do. Each is also POST /_control/<name>."""

from typing import Any

from . import visits
from .balance import top_up
from .cards import GOOD
from .disputes import close_dispute, open_dispute
from .errors import no_such
from .refunds import finish_refund
from .render import plain
from .store import Obj
from .world import World


class MoneyControls:
    """Methods return the object as the API would show it. Unknown ids and forbidden moves raise ApiError."""

    world: World

    def _find(self, kind: str, id: str) -> Obj:
        obj = self.world.store.find(id)
        if obj is None or obj["object"] != kind:
            raise no_such(kind, id)
        return obj

    def pay(self, session_id: str, card: str = GOOD, method: str = "card", email: str = "", name: str = "") -> Any:
        """The buyer pays. The card number decides as on https://docs.stripe.com/testing."""
        payer = {"email": email, "name": name}
        with self.world.turn() as world:
            return plain(visits.pay(world, session_id, card=card, method=method, payer=payer))

    def decline(self, session_id: str, card: str = GOOD, reason: str = "generic_decline") -> Any:
        with self.world.turn() as world:
            return plain(visits.decline(world, session_id, card=card, reason=reason))

    def challenge(self, session_id: str, card: str = GOOD) -> Any:
        """The buyer pays and is asked for 3-D Secure; `authenticate` answers."""
        with self.world.turn() as world:
            return plain(visits.pay(world, session_id, card=card, challenge=True))

    def authenticate(self, session_id: str, ok: bool = True) -> Any:
        with self.world.turn() as world:
            return plain(visits.answer_challenge(world, session_id, ok=ok))

    def delay_payment(
        self,
        session_id: str,
        card: str = GOOD,
        method: str = "card",
        ok: bool = True,
        settles: bool = True,
    ) -> Any:
        """Completed but unpaid; `settle` brings the outcome (or settle_after does, as `ok` says, if it `settles`)."""
        with self.world.turn() as world:
            return plain(visits.delay_payment(world, session_id, card=card, method=method, ok=ok, settles=settles))

    def settle(self, session_id: str, ok: bool = True) -> Any:
        with self.world.turn() as world:
            return plain(visits.settle(world, session_id, ok=ok))

    def expire(self, session_id: str) -> Any:
        """The session's time is up, now. One that is paid or expired stays as it is."""
        with self.world.turn() as world:
            session = visits.find_session(world, session_id)
            return plain(visits.expire(world, session) if session["status"] == "open" else session)

    def next_refund(self, status: str, times: int = 1) -> None:
        """The next refunds begin as pending, requires_action, failed or succeeded."""
        with self.world.turn() as world:
            world.playing.refund_statuses += [status] * times

    def finish_refund(self, refund_id: str, status: str = "succeeded", reason: str = "lost_or_stolen_card") -> Any:
        """Move a refund to succeeded, failed (even after it succeeded) or canceled."""
        with self.world.turn() as world:
            return plain(finish_refund(world, self._find("refund", refund_id), status, reason))

    def open_dispute(self, charge_id: str, amount: int | None = None, reason: str = "fraudulent") -> Any:
        with self.world.turn() as world:
            return plain(open_dispute(world, self._find("charge", charge_id), amount=amount, reason=reason))

    def close_dispute(self, dispute_id: str, won: bool = True) -> Any:
        with self.world.turn() as world:
            return plain(close_dispute(world, self._find("dispute", dispute_id), won=won))

    def top_up(self, amount: int, currency: str, account: str = "") -> Any:
        """Money from the bank into the balance."""
        with self.world.turn() as world:
            return plain(top_up(world, amount, currency, account))
