from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0008_refunds_carry_a_letter")]

    operations = [
        migrations.AddField(
            model_name="refund", name="account", field=models.CharField(blank=True, db_default="", max_length=400)
        ),
    ]
