from django.urls import path

from shop.catalogue import views

app_name = "catalogue"
urlpatterns = [
    path("shop/", views.shop, name="shop"),
    path("shop/<slug:offer_slug>/", views.offer, name="offer"),
]
