from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_gifts")]
    operations = [
        migrations.AddField("ordercomponent", "delivered", models.PositiveIntegerField(default=0, db_default=0)),
        migrations.AddConstraint(
            "ordercomponent",
            models.CheckConstraint(condition=Q(delivered__lte=F("shipped")), name="delivered_within_shipped"),
        ),
    ]
