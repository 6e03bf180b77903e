from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0009_refunds_know_the_account")]

    operations = [
        migrations.AddField(model_name="disputeevidence", name="papers", field=models.JSONField(default=dict)),
    ]
