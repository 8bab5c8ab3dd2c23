"""Settings. What differs between two installations comes from the environment; see docs/reference/settings.md."""

from bawabati.config.environment import environment

ENV = environment()

SECRET_KEY = ENV.secret("BAWABATI_SECRET_KEY")
SEAL_KEYS = ENV.secrets("BAWABATI_SEAL_KEYS", default=SECRET_KEY)
LINK_KEYS = ENV.secrets("BAWABATI_LINK_KEYS", default=SECRET_KEY)
DEBUG = False
PUBLIC_URL = ENV.text("BAWABATI_PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
TLS = ENV.flag("BAWABATI_TLS", default=PUBLIC_URL.startswith("https://"))
ALLOWED_HOSTS = ENV.words("BAWABATI_HOSTS", default="127.0.0.1 localhost [::1]")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "procrastinate.contrib.django",
    "csp",
    "bawabati.companies",
    "bawabati.people",
    "bawabati.guard",
    "bawabati.audit",
    "bawabati.cases",
    "bawabati.notices",
    "bawabati.ledger",
    "bawabati.bills",
    "bawabati.payments",
    "bawabati.receipts",
    "bawabati.web",
    "bawabati.jobs",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
]
ROOT_URLCONF = "bawabati.config.urls"
WSGI_APPLICATION = "bawabati.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
    },
]

DATABASES = {
    "default": ENV.database(
        "DATABASE_URL", pool={"min_size": 1, "max_size": ENV.number("BAWABATI_POOL_SIZE", default=16)}
    ),
    "owner": ENV.database("DATABASE_OWNER_URL", default_from="DATABASE_URL"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Staff"
PROCRASTINATE_IMPORT_PATHS = ["bawabati.jobs.tasks"]

TIME_ZONE = "Africa/Algiers"
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [ENV.package_folder / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = ENV.state_folder / "static"

# The hands. A new one is a folder under adapters/ and a line here.
GATEWAYS = {"satim": "bawabati.adapters.gateways.satim.gateway.Satim"}
MESSAGE_CHANNEL = "bawabati.adapters.messages.smtp.channel.Smtp"
DOCUMENT_MAKER = "bawabati.adapters.documents.typst_documents.maker.TypstDocuments"
BILLFILE_READERS = {"csv": "bawabati.adapters.billfiles.csv_bills.reader.CsvBills"}

EMAIL_URL = ENV.text("BAWABATI_EMAIL_URL", default="smtp://127.0.0.1:25")
EMAIL_FROM = ENV.text("BAWABATI_EMAIL_FROM", default="")

# Codes of the books (SCF). Rule: account-codes (algeria.md 7)
ACCOUNT_CODES = {"cards_to_collect": "511", "customers": "411", "customer_credit": "419"}

# When the gateway is asked; see payments.rules.Schedule. Seconds.
ASK_SCHEDULE = ENV.schedule("BAWABATI_ASK_SCHEDULE")
SWEEP_EVERY_SECONDS = ENV.number("BAWABATI_SWEEP_EVERY_SECONDS", default=10)
LIMITS_ON = ENV.flag("BAWABATI_LIMITS", default=True)
TRUSTED_PROXIES = ENV.networks("BAWABATI_TRUSTED_PROXIES")

SECURE_CONTENT_TYPE_NOSNIFF = True
