from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "shop.fulfilment"
    verbose_name = "Fulfilment"

    def ready(self) -> None:
        from kit import outbox
        from shop.fulfilment.flows import send_shipment_mail

        outbox.on("shipment.mail", send_shipment_mail)
