# make check: everything that can be said about the code without running it. Called from the project's root.
# All steps run, so that one look shows all that is wrong.
set -u
export PYTHONPATH=site
bin=$(dirname "$PY")
failed=""

step() {
    echo "== $1"
    name=$1
    shift
    "$@" || failed="$failed $name"
}

deploy_check() {
    # Production settings refuse to start without these; the values are made up.
    env DJANGO_SETTINGS_MODULE=config.settings.production \
        SECRET_KEY=for-the-check-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJ \
        DATABASE_URL=postgresql://check@127.0.0.1/check CELERY_BROKER_URL=redis://127.0.0.1/0 \
        SITE_URL=https://check.example ALLOWED_HOSTS=check.example \
        S3_ENDPOINT_URL=https://s3.check.example S3_ACCESS_KEY_ID=check-check-check-check \
        S3_SECRET_ACCESS_KEY=check-check-check-check S3_PUBLIC_URL=https://media.check.example \
        STRIPE_SECRET_KEY=sk_live_check STRIPE_WEBHOOK_SECRET=whsec_check \
        "$PY" manage.py check --deploy --fail-level WARNING
}

step lint "$bin/ruff" check .
step format "$bin/ruff" format --check --quiet .
step types "$bin/mypy"
step template-lint "$bin/djlint" templates --lint --quiet
step layers "$bin/lint-imports" --no-logo
step translations "$PY" -m launch.messages --check
step migrations "$PY" -m launch exec -- "$PY" manage.py makemigrations --check --dry-run
step deployment deploy_check

test -z "$failed" || { echo "make check failed:$failed" >&2; exit 1; }
echo "make check: all good"
