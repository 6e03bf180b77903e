from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "shop.catalogue"
    verbose_name = "Catalogue"
