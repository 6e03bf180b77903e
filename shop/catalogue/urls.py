from django.urls import path

from shop.catalogue import event_slots, views

app_name = "catalogue"
urlpatterns = [
    path("events/<int:event_id>/sale/", event_slots.sell, name="sell_tickets"),
    path("shop/", views.shop, name="shop"),
    path("shop/<slug:offer_slug>/", views.offer, name="offer"),
]
