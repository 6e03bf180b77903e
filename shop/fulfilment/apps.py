from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "shop.fulfilment"
    verbose_name = "Fulfilment"

    def ready(self) -> None:
        from kit import outbox, slots
        from shop.fulfilment.flows import send_return_mail, send_shipment_mail, tell_low
        from shop.fulfilment.slots import fill_next
        from shop.fulfilment.standing import fill_news, fill_parcels

        outbox.on("shipment.mail", send_shipment_mail)
        outbox.on("return.mail", send_return_mail)
        outbox.on("stock.low", tell_low)
        slots.fill("order.next", fill_next)
        slots.fill("order.news", fill_news)
        slots.fill("learn.parcel", fill_parcels)
