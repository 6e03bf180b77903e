from django.urls import path

from shop.orders.views import basket, course_money, orders, teach_numbers

app_name = "orders"
urlpatterns = [
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.add, name="add"),
    path("basket/change/", basket.change, name="change"),
    path("basket/currency/", basket.currency, name="currency"),
    path("teach/numbers/", teach_numbers.numbers, name="class_numbers"),
    path("teach/courses/<slug:course_slug>/money/", course_money.money, name="course_money"),
    path("orders/", orders.orders, name="orders"),
    path("orders/<str:number>/", orders.order, name="order"),
]
