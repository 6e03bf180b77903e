from django.apps import AppConfig


class CheckoutConfig(AppConfig):
    name = "shop.checkout"
    verbose_name = "Checkout"

    def ready(self) -> None:
        from kit import outbox, slots, things
        from shop.checkout import personal_talk, privacy, tickets, timeline
        from shop.checkout import slots as fillers
        from shop.checkout.flows import tell
        from shop.checkout.flows.delivered import note_delivery
        from shop.checkout.flows.holiday import close_open_checkouts

        privacy.register_all()
        things.register("personal_offer", personal_talk.cards)
        slots.fill("conversation.tools", personal_talk.fill_tools)
        slots.fill("messages.settings", personal_talk.fill_settings)
        slots.fill("order.moments", timeline.fill_moments)
        slots.fill("order.next", fillers.fill_next)
        slots.fill("order.next", tickets.fill_tickets)
        slots.fill("event.sold", tickets.fill_orders)
        slots.fill("order.next", fillers.fill_transfer)
        slots.fill("order.next", fillers.fill_refund_account)
        slots.fill("order.owed", fillers.fill_owed)
        slots.fill("order.next", fillers.fill_gift)
        slots.fill("order.next", fillers.fill_cancel)
        slots.fill("learn.side", fillers.fill_gifts_coming)
        outbox.on("order.paid.mail", tell.send_paid_mail)
        outbox.on("gift.mail", tell.send_gift_mail)
        outbox.on("order.transfer.mail", tell.send_transfer_mail)
        outbox.on("order.unpaid.mail", tell.send_unpaid_mail)
        outbox.on("order.unfulfilled.mail", tell.send_unfulfilled_mail)
        outbox.on("order.refunded.mail", tell.send_refunded_mail)
        outbox.on("order.refund_failed.mail", tell.send_refund_failed_mail)
        outbox.on("holiday.pause", close_open_checkouts)
        outbox.on("shipment.delivered", note_delivery)
        outbox.on("shipment.resent", note_delivery)
