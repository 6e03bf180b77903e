from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shop.catalogue"
    verbose_name = "Catalogue"

    def ready(self) -> None:
        from kit import slots, things
        from shop.catalogue import alumni, cards, contacts, event_slots, feeding, searching, share_cards

        things.register("offer", cards.read_offers, cards.offer_choices)
        things.register("course_offer", cards.read_course_offers)
        slots.fill("course.buy", cards.fill_course_buy)
        slots.fill("course.kit", cards.fill_course_kit)
        slots.fill("event.buy", event_slots.fill_buy)
        slots.fill("event.sold", event_slots.fill_sale)
        slots.fill("certificate.next", alumni.fill_certificate_next)
        searching.register_all()
        contacts.register_all()
        feeding.register_all()
        share_cards.register_all()
