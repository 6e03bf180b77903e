from django.apps import AppConfig


class FulfilmentConfig(AppConfig):
    name = "shop.fulfilment"
    verbose_name = "Fulfilment"

    def ready(self) -> None:
        from kit import outbox, persons, slots, things
        from shop.fulfilment.flows import send_return_mail, send_shipment_mail, tell_low
        from shop.fulfilment.flows.prizes import erase_person, export_person, invite_unboxing, prepare_prize
        from shop.fulfilment.prize_things import read_prizes, read_skus, sku_choices
        from shop.fulfilment.slots import fill_next
        from shop.fulfilment.standing import fill_news, fill_parcels

        outbox.on("shipment.mail", send_shipment_mail)
        outbox.on("return.mail", send_return_mail)
        outbox.on("stock.low", tell_low)
        outbox.on("draw.won", prepare_prize)
        outbox.on("shipment.delivered", invite_unboxing)
        things.register("sku", read_skus, sku_choices)
        things.register("prize", read_prizes)
        persons.register("prizes", export=export_person, erase=erase_person)
        slots.fill("order.next", fill_next)
        slots.fill("order.news", fill_news)
        slots.fill("learn.parcel", fill_parcels)
