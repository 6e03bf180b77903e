from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.AddField(model_name="programme", name="own_agreement", field=models.BooleanField(default=False)),
    ]
