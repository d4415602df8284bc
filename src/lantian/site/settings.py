"""Django settings, read from the environment once; the data folder holds everything that is not code.

``LANTIAN_DATA`` data folder · ``LANTIAN_PLAN`` plan shown at ``/`` · ``LANTIAN_HOSTS`` names the site answers to ·
``LANTIAN_HTTPS=1`` a web server with HTTPS stands in front · ``LANTIAN_DEBUG=1`` debug pages, honoured on loopback only.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from lantian.store.folder import secret


def looked_back_to(text: str) -> date | None:
    """The date of ``LANTIAN_AS_OF``; None where it is not set."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ImproperlyConfigured(f"LANTIAN_AS_OF={text} 不是日期。请写成 2025-10-15 这样。") from None


HERE = Path(__file__).parent
DATA = Path(os.environ.get("LANTIAN_DATA", "var")).resolve()
PLAN = os.environ.get("LANTIAN_PLAN", "jixi-2024")
looked_back_to(os.environ.get("LANTIAN_AS_OF", ""))  # what is no date is told at the start, not on each page
HOST = os.environ.get("HOST", "127.0.0.1")
LOOPBACK = HOST in {"127.0.0.1", "localhost", "::1"}

DEBUG = os.environ.get("LANTIAN_DEBUG") == "1" and LOOPBACK
SECRET_KEY = secret(DATA)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", HOST, *os.environ.get("LANTIAN_HOSTS", "").split()]
CSRF_TRUSTED_ORIGINS = os.environ.get("LANTIAN_ORIGINS", "").split()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "lantian.site.journal",
    "lantian.site.people",
    "lantian.site.jobs",
    "lantian.site.year",
    "lantian.site.facts",
    "lantian.site.intake",
    "lantian.site.living",
    "lantian.site.desk",
    "lantian.site.ambient",
    "lantian.site.board",
    "lantian.site.bulletin",
    "lantian.site.stack",
    "lantian.site.alarms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lantian.site.middleware.content_security_policy",
    "lantian.site.middleware.body_limit",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lantian.site.middleware.kept_by_none_but_the_reader",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "lantian.site.urls"
WSGI_APPLICATION = "lantian.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "lantian.site.context.site",
            ],
        },
    }
]

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "people.sqlite",
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
        },
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": []}}

AUTH_USER_MODEL = "people.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "people:login"
LOGIN_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [HERE / "locale"]
LANGUAGE_COOKIE_NAME = "lantian_language"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "static/"
STATICFILES_DIRS = [HERE / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 3600

SESSION_COOKIE_NAME = "lantian_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "lantian_csrf"
CSRF_FAILURE_VIEW = "lantian.site.home.stale"
BEHIND_HTTPS = os.environ.get("LANTIAN_HTTPS") == "1"  # a web server of this machine stands in front
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 2**20
MAX_UPLOAD = 50 * 2**20

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "ERROR"}},  # a refused or mistyped address is told on its page
}
