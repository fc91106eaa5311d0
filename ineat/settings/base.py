"""Apps, middleware, templates, database, languages, files."""

import django_stubs_ext

from ineat import databases, environment

# Lets generic classes of Django be written with their parameter, ModelForm[Branch], as the type checker knows them.
django_stubs_ext.monkeypatch()

BASE_DIR = environment.BASE_DIR
DATA_DIR = environment.data_dir()
MODE = environment.mode()
TESTING = environment.testing()
DEMO = MODE == "demo"
DEBUG = MODE == "development" and environment.flag("DEBUG")

PRODUCT_NAME = "iNEAT"

# The model whose primary key every tenant table carries as organization_id. `core` knows it only by this name.
TENANT_MODEL = "organizations.Organization"
AUTH_USER_MODEL = "accounts.User"

INSTALLED_APPS = [
    # iNEAT, top floor first: a template of an upper app may extend one of a lower app.
    "apps.sales",
    "apps.purchasing",
    "apps.inventory",
    "apps.finance",
    "apps.parties",
    "apps.organizations",
    "apps.accounts",
    "apps.core.ui",
    "apps.core.exchange",
    "apps.core.paper",
    "apps.core.audit",
    "apps.core.outbox",
    "apps.core.background",
    "apps.core.tenancy",
    "apps.core",
    # What it stands on.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "crispy_forms",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "huey.contrib.djhuey",
    "pghistory",
    "pgtrigger",
    "template_partials",
    "whitenoise.runserver_nostatic",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.core.headers.HeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "apps.core.metrics.MetricsMiddleware",
    "apps.core.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "apps.accounts.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.accounts.middleware.LastSeenMiddleware",
    "apps.organizations.middleware.OrganizationMiddleware",
    "apps.core.exchange.views.news.NewsMiddleware",
    "apps.core.uploads.UploadLimitMiddleware",
]

ROOT_URLCONF = "ineat.urls"
WSGI_APPLICATION = "ineat.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.core.ui.context.shell",
                "apps.core.exchange.views.news.news_address",
            ],
        },
    }
]
FORM_RENDERER = "apps.core.ui.renderer.LookRenderer"
CRISPY_ALLOWED_TEMPLATE_PACKS = "ineat"
CRISPY_TEMPLATE_PACK = "ineat"
DJANGO_TABLES2_TEMPLATE = "ui/table.html"

DATABASES = {"default": databases.configure()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Sign-in rate limits must hold across web processes, so the cache is shared: a table, or Redis for those who have it.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": environment.text("REDIS_URL")}
    if environment.text("REDIS_URL")
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "django_cache",
        # Django's 300 would let anybody push the counters of failed sign-ins out by trying 300 other addresses.
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # Drawn parts of the page frame, some 10 kB each, in the memory of each process.
    "frame": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "frame",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 1000},
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("hi", "हिन्दी"), ("mr", "मराठी")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Kolkata"

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static" if MODE == "production" else None
STATICFILES_DIRS = [BASE_DIR / "static"]
# Nobody else's pages need our files.
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Without a collected manifest (development, demo, tests) whitenoise serves the source files themselves.
WHITENOISE_USE_FINDERS = MODE != "production"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "apps.core.ui.storage.StaticFiles"
        if MODE == "production"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
MEDIA_ROOT = DATA_DIR / "media"
FILE_UPLOAD_PERMISSIONS, FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o600, 0o700
