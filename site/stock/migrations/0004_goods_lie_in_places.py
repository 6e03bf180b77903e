import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('stock', '0003_visitors_see_what_is_left'),
    ]

    operations = [
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='stockitem',
            name='is_low',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='stockitem',
            name='low_at',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('received', 'received'), ('counted', 'counted'), ('moved', 'moved'), ('sent', 'sent'), ('returned', 'came back'), ('written_off', 'written off')], max_length=12)),
                ('change', models.IntegerField()),
                ('on_hand', models.PositiveIntegerField()),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('source', models.CharField(blank=True, max_length=80)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('at', models.DateTimeField()),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='movements', to='stock.stockitem')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stock.place')),
            ],
            options={
                'indexes': [models.Index(fields=['item', '-id'], name='movement_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('change', 0), _negated=True), name='movement_of_something')],
            },
        ),
        migrations.CreateModel(
            name='Placed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('pieces', models.PositiveIntegerField(default=0)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placed', to='stock.stockitem')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='placed', to='stock.place')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('item', 'place'), name='placed_once')],
            },
        ),
    ]
