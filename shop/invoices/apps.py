from django.apps import AppConfig


class InvoicesConfig(AppConfig):
    name = "shop.invoices"
    verbose_name = "Invoices"

    def ready(self) -> None:
        from kit import outbox, slots
        from shop.invoices import slots as fillers
        from shop.invoices.flows import TOPIC, issue_due_paper

        slots.fill("order.papers", fillers.fill_papers)
        slots.fill("parcel.sender", fillers.fill_sender)
        outbox.on(TOPIC, issue_due_paper)
        slots.fill("order.moments", fillers.fill_moments)
