"""What the beat does, and when (hours in UTC)."""

from celery.schedules import crontab

CELERY_BEAT_SCHEDULE = {
    "sweep-changes": {"task": "kit.tasks.sweep_changes", "schedule": 60.0},
    "sweep-outbox": {"task": "kit.tasks.sweep_outbox", "schedule": 10.0},
    "sweep-webhooks": {"task": "shop.checkout.tasks.sweep_webhooks", "schedule": 30.0},
    "sweep-missed-events": {"task": "shop.checkout.tasks.sweep_missed_events", "schedule": 300.0},
    "send-waiting-refunds": {"task": "shop.checkout.tasks.send_waiting_refunds", "schedule": 60.0},
    "send-due-gifts": {"task": "shop.checkout.tasks.send_due_gifts", "schedule": 300.0},
    "warn-of-deadlines": {"task": "shop.checkout.tasks.warn_of_deadlines", "schedule": 1800.0},
    "release-expired-orders": {"task": "shop.checkout.tasks.release_expired_orders", "schedule": 60.0},
    # At three at night in Taipei: first Stripe's balance comes in, then everything is audited.
    "reconcile-balance": {"task": "shop.checkout.tasks.reconcile_balance", "schedule": crontab(hour=18, minute=30)},
    "audit-money": {"task": "shop.checkout.tasks.audit_money", "schedule": crontab(hour=19, minute=0)},
    "send-waiting-transfers": {"task": "shop.payouts.tasks.send_waiting_transfers", "schedule": 60.0},
    "issue-missing-papers": {"task": "shop.invoices.tasks.issue_missing_papers", "schedule": crontab(hour=18, minute=0)},
    "roll-up-clicks": {"task": "shop.referrals.tasks.roll_up_clicks", "schedule": crontab(minute=2)},
    "watch-cases": {"task": "shop.referrals.tasks.watch_cases", "schedule": crontab(minute=25)},
    "look-for-fraud": {"task": "shop.referrals.tasks.look_for_fraud", "schedule": crontab(minute=20)},
    "forget-clicks": {"task": "shop.referrals.tasks.forget_clicks", "schedule": crontab(hour=17, minute=30)},
    "release-holds": {"task": "shop.checkout.tasks.release_holds", "schedule": 300.0},
    "clear-sessions": {"task": "accounts.tasks.clear_sessions", "schedule": crontab(hour=17, minute=45)},
    "pin-started-cohorts": {"task": "courses.tasks.pin_started_cohorts", "schedule": 600.0},
    "finish-overdue-attempts": {"task": "courses.tasks.finish_overdue_attempts", "schedule": 60.0},
    "expire-offers": {"task": "courses.tasks.expire_offers", "schedule": 60.0},
    "sweep-transcodes": {"task": "courses.tasks.sweep_transcodes", "schedule": 60.0},
    "sweep-documents": {"task": "courses.tasks.sweep_documents", "schedule": crontab(minute=45)},
    "sweep-uploads": {"task": "courses.tasks.sweep_uploads", "schedule": crontab(minute=40)},
    "sweep-unsent-files": {"task": "community.tasks.sweep_unsent_files", "schedule": crontab(minute=35)},
    "send-reminders": {"task": "courses.tasks.send_reminders", "schedule": 300.0},
    "refresh-search": {"task": "search.tasks.refresh_frequencies", "schedule": 1800.0},
    "publish-scheduled": {"task": "pages.tasks.publish_scheduled_pages", "schedule": 60.0},
}
