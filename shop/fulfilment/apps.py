from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "shop.fulfilment"
    verbose_name = "Fulfilment"

    def ready(self) -> None:
        from kit import outbox, slots
        from shop.fulfilment.flows import send_shipment_mail, tell_low
        from shop.fulfilment.slots import fill_next

        outbox.on("shipment.mail", send_shipment_mail)
        outbox.on("stock.low", tell_low)
        slots.fill("order.next", fill_next)
