"""Controls over webhooks and answers: duplicate, reorder, delay, drop, forge; hang, fail, time out."""

from typing import Any

from .delivery import Webhook, due_deliveries, note_outcome, packed, signature
from .errors import no_such
from .events import emit, enqueue
from .faults import Fault, Faults
from .render import plain
from .store import Obj
from .world import World


class WebhookControls:
    world: World
    faults: Faults

    def sign(self, body: bytes, secret: str = "", timestamp: int | None = None) -> str:
        """The Stripe-Signature header for any body, by this stand-in's secret and clock unless others are given."""
        when = self.world.clock.now() if timestamp is None else timestamp
        return signature(body, secret or self.world.settings.webhook_secret, when)

    def take_webhooks(self, delivered: bool = True) -> list[Webhook]:
        """Body, signature and event of all due deliveries, taken out of the queue for a test to post itself.

        They count as delivered unless `delivered` is false: then they are lost on the way, and
        `GET /v1/events?delivery_success=false` still lists them.
        """
        with self.world.turn() as world:
            taken = []
            for delivery in due_deliveries(world):
                taken.append(packed(world, delivery))
                note_outcome(world, delivery, 200 if delivered else 0)
                world.store.remove(delivery["id"])
            return taken

    def events(self, type: str = "") -> list[dict[str, Any]]:
        """All events so far, oldest first, whether delivered or not."""
        with self.world.turn() as world:
            return [plain(event) for event in world.store.oldest_first("event") if type in ("", event["type"])]

    def _event(self, id: str) -> Obj:
        event = self.world.store.find(id)
        if event is None or event["object"] != "event":
            raise no_such("event", id)
        return event

    def duplicate(self, event_id: str) -> None:
        """Send the event once more."""
        with self.world.turn() as world:
            enqueue(world, self._event(event_id))

    def forge(self, event_id: str) -> None:
        """Send the event once more with a signature made by the wrong secret."""
        with self.world.turn() as world:
            enqueue(world, self._event(event_id), forged=True)

    def reorder(self, event_ids: list[str]) -> None:
        """Send these events in this order, before all others that wait."""
        with self.world.turn() as world:
            for delivery in list(world.store.oldest_first("_delivery")):
                if delivery["event"] in event_ids:
                    delivery["rank"] = event_ids.index(delivery["event"]) - len(event_ids)
                    delivery["due"] = min(delivery["due"], world.clock.exact())
                    world.store.save(delivery)

    def send_first(self, event_id: str) -> None:
        """Send this event before all others that wait."""
        self.reorder([event_id])

    def send_last(self, event_id: str) -> None:
        """Send this event after all others that wait."""
        with self.world.turn() as world:
            waiting = list(world.store.oldest_first("_delivery"))
            last = max((delivery["rank"] for delivery in waiting), default=0) + 1
            for delivery in waiting:
                if delivery["event"] == event_id:
                    delivery["rank"] = last
                    world.store.save(delivery)

    def delay(self, event_id: str = "", seconds: float = 60) -> None:
        """Hold an event back for so long from now; without an id, every event from now on."""
        with self.world.turn() as world:
            if not event_id:
                world.playing.webhook_delay = seconds
            for delivery in list(world.store.oldest_first("_delivery")):
                if delivery["event"] == event_id:
                    delivery["due"] = world.clock.exact() + seconds
                    world.store.save(delivery)

    def drop(self, event_id: str) -> None:
        """Lose what waits to be sent of this event; it stays listed as undelivered."""
        with self.world.turn() as world:
            for delivery in list(world.store.oldest_first("_delivery")):
                if delivery["event"] == event_id:
                    world.store.remove(delivery["id"])

    def drop_next(self, type: str = "", times: int = 1) -> None:
        """Lose the next events of this type (of any type without one)."""
        with self.world.turn() as world:
            world.playing.drop_next += [type] * times

    def pause(self) -> None:
        with self.world.turn() as world:
            world.playing.paused = True

    def resume(self) -> None:
        with self.world.turn() as world:
            world.playing.paused = False

    def fail_next(
        self,
        status: int = 500,
        times: int = 1,
        path: str = "",
        method: str = "",
        after_work: bool = False,
    ) -> None:
        """The next API calls answer 500, 429 or another error; with `after_work` they do the work first."""
        self.faults.add(Fault(status=status, times=times, path=path, method=method, after_work=after_work))

    def hang_next(self, seconds: float, times: int = 1, path: str = "", method: str = "") -> None:
        """The next API calls wait so long before they do anything, then answer."""
        self.faults.add(Fault(seconds=seconds, times=times, path=path, method=method))

    def time_out_next(
        self,
        seconds: float = 0,
        times: int = 1,
        path: str = "",
        method: str = "",
        after_work: bool = True,
    ) -> None:
        """The next API calls do their work, wait, and close the connection without an answer."""
        self.faults.add(Fault(seconds=seconds, silent=True, times=times, path=path, method=method, after_work=after_work))

    def send_event(self, type: str, obj: dict[str, Any], account: str = "") -> Any:
        """An event of any type about any object, e.g. one that the site has never seen."""
        with self.world.turn() as world:
            return plain(emit(world, type, obj, account=account))
