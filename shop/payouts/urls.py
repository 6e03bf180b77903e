from django.urls import path

from shop.payouts.views import income, mine

app_name = "payouts"
urlpatterns = [
    path("promote/payouts/", mine.payouts, name="mine"),
    path("promote/payouts/bank/", mine.bank, name="bank"),
    path("promote/payouts/<int:payout_id>/statement.pdf", mine.statement, name="statement"),
    path("teach/income/", income.income, name="income"),
    path("teach/income/account/", income.connect, name="connect"),
]
