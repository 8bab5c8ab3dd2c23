"""Settings. What differs between two installations comes from the environment; see docs/reference/settings.md."""

from pathlib import Path

from csp.constants import NONE, SELF

from bawabati.config.environment import environment

ENV = environment()

SECRET_KEY = ENV.secret("BAWABATI_SECRET_KEY")
SEAL_KEYS = ENV.secrets("BAWABATI_SEAL_KEYS", default=SECRET_KEY)
LINK_KEYS = ENV.secrets("BAWABATI_LINK_KEYS", default=SECRET_KEY)
BACKUP_KEYS = ENV.optional_secrets("BAWABATI_BACKUP_KEYS")
DEBUG = False
PUBLIC_URL = ENV.text("BAWABATI_PUBLIC_URL", default="http://127.0.0.1:8000").rstrip("/")
TLS = ENV.flag("BAWABATI_TLS", default=PUBLIC_URL.startswith("https://"))
ALLOWED_HOSTS = ENV.words("BAWABATI_HOSTS", default="127.0.0.1 localhost [::1]")

INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "django.contrib.contenttypes",  # these and the first two of allauth for the sake of the third: second factors
    "django.contrib.auth",
    "allauth",
    "bawabati.people.allauth_account.AllauthAccount",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "csp",
    "bawabati.companies",
    "bawabati.people",
    "bawabati.guard",
    "bawabati.audit",
    "bawabati.cases",
    "bawabati.notices",
    "bawabati.ledger",
    "bawabati.operations",
    "bawabati.campaigns",
    "bawabati.bills",
    "bawabati.desks",
    "bawabati.payments",
    "bawabati.reminders",
    "bawabati.receipts",
    "bawabati.settlement",
    "bawabati.reports",
    "bawabati.web",
    "bawabati.jobs",
]

# Sessions, accounts and tokens are for the addresses of staff alone: a payer's page needs none, and each would cost it.
MIDDLEWARE = [
    "bawabati.web.shared.request_log.log_each_request",
    "bawabati.web.shared.companies.begin_with_no_company",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "bawabati.web.shared.own_host.know_the_host",
    "bawabati.web.shared.headers.guard_every_answer",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # decision: docs/decisions/0011-compressed-pages.md
    "bawabati.web.shared.languages.speak_the_language_of_the_address",
    "bawabati.web.shared.quarantine.Quarantine",
    "bawabati.api.wrong_method.refuse_wrong_methods",
    "bawabati.web.signin.door.StaffDoor",
]
ROOT_URLCONF = "bawabati.config.urls"
WSGI_APPLICATION = "bawabati.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["bawabati.web.shared.frame.frame"]},
    },
]

DATABASES = {
    "default": ENV.database(
        "DATABASE_URL",
        engine="bawabati.database",  # a company at a time. Decision: docs/decisions/0032-row-level-security.md
        options={
            "pool": {
                "min_size": 1,
                "max_size": ENV.number("BAWABATI_POOL_SIZE", default=16),
                "timeout": 5,
                # It would wait twice as long after each try, up to minutes after the database is back.
                "reconnect_timeout": 3,
            },
            # Planned once and kept by each connection. Decision: docs/decisions/0014-compiled-questions.md
            "server_side_binding": True,
            "prepare_threshold": 2,
        },
    ),
    "owner": ENV.database("DATABASE_OWNER_URL", default_from="DATABASE_URL"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Staff. Decision: docs/decisions/0021-staff-sign-in.md
AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("login", "name")},
    },
]
STAFF_IDLE_MINUTES = ENV.number("BAWABATI_STAFF_IDLE_MINUTES", default=15)
STAFF_SHIFT_HOURS = ENV.number("BAWABATI_STAFF_SHIFT_HOURS", default=10)
PASSKEYS_REQUIRED = ENV.flag("BAWABATI_PASSKEYS_REQUIRED", default=True)
SESSION_ENGINE = "bawabati.people.sessions"
SESSION_COOKIE_NAME = "__Host-staff" if TLS else "staff"
SESSION_COOKIE_AGE = STAFF_SHIFT_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Strict"
CSRF_COOKIE_NAME = "__Host-staff-form" if TLS else "staff-form"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_AGE = None
CSRF_FAILURE_VIEW = "bawabati.web.shared.error_pages.form_too_old"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "login"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # of the step-up, seconds
MFA_ADAPTER = "bawabati.people.factor_secrets.SealedFactors"
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_ISSUER = "Bawabati"
MFA_RECOVERY_CODE_DIGITS = 10

PROCRASTINATE_IMPORT_PATHS = ["bawabati.jobs.tasks"]

TIME_ZONE = "Africa/Algiers"
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "ar"
LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("en", "English")]
LOCALE_PATHS = [ENV.package_folder / "locale"]

ORDER_JOURNAL = Path(ENV.text("BAWABATI_ORDER_JOURNAL", default=str(ENV.state_folder / "orders")))

STATIC_URL = "/static/"
STATIC_ROOT = ENV.state_folder / "static"
WHITENOISE_ALLOW_ALL_ORIGINS = False
STORAGES = {"staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}

# The hands. A new one is a folder under adapters/ and a line here.
GATEWAYS = {"satim": "bawabati.adapters.gateways.satim.gateway.Satim"}
MESSAGE_CHANNEL = "bawabati.adapters.messages.smtp.channel.Smtp"
SMS_CHANNEL = "bawabati.adapters.messages.sms_http.channel.SmsHttp"
DOCUMENT_MAKER = "bawabati.adapters.documents.typst_documents.maker.TypstDocuments"
ROLL_MAKER = "bawabati.adapters.documents.paper_roll.roll.PaperRoll"
DATABASE_COPIER = "bawabati.adapters.backups.pg_programs.copier.PgPrograms"
SHEET_WRITERS = {
    "csv": "bawabati.adapters.sheets.csv_sheet.writer.CsvSheets",
    "xlsx": "bawabati.adapters.sheets.xlsx_sheet.writer.XlsxSheets",
}
CHANNEL_FILE_READER = "bawabati.adapters.channelfiles.csv_channel.reader.CsvChannelFiles"
STATEMENT_READERS = {
    "csv": "bawabati.adapters.statements.csv_statement.reader.CsvStatement",
    "xlsx": "bawabati.adapters.statements.xlsx_statement.reader.XlsxStatement",
    "mt940": "bawabati.adapters.statements.mt940_statement.reader.Mt940Statement",
}
BILLFILE_READERS = {
    "csv": "bawabati.adapters.billfiles.csv_bills.reader.CsvBills",
    "xlsx": "bawabati.adapters.billfiles.xlsx_bills.reader.XlsxBills",
    "dbf": "bawabati.adapters.billfiles.dbf_bills.reader.DbfBills",
    "json": "bawabati.adapters.billfiles.json_bills.reader.JsonBills",
}

# Files of bills that people bring over the pages: the portal writes them here, its worker reads them.
UPLOADS_FOLDER = ENV.state_folder / "uploads"
BILL_FILE_MEGABYTES = ENV.number("BAWABATI_BILL_FILE_MEGABYTES", default=300)
# Any other file of a page, and all of a posted form that brings one.
FILE_UPLOAD_HANDLERS = [
    "bawabati.web.shared.uploads.NotTooMuch",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
POSTED_FILE_MEGABYTES = 64

EMAIL_URL = ENV.text("BAWABATI_EMAIL_URL", default="smtp://127.0.0.1:25")
EMAIL_FROM = ENV.text("BAWABATI_EMAIL_FROM", default="")
# Without an address nobody is offered SMS, and none is written. Decision: docs/decisions/0030-sms.md
SMS_URL = ENV.text("BAWABATI_SMS_URL", default="")
SMS_KEY = ENV.credential("BAWABATI_SMS_KEY")
SMS_SENDER = ENV.text("BAWABATI_SMS_SENDER", default="Bawabati")

# Webhooks go to public addresses over https, and to these hosts (host:port) also without TLS and wherever they are.
WEBHOOK_SENDER = "bawabati.adapters.webhooks.https_post.sender.HttpsPost"
WEBHOOK_OPEN_HOSTS = ENV.words("BAWABATI_WEBHOOK_OPEN_HOSTS", default="")

# Codes of the books (SCF). Rule: account-codes (algeria.md 7)
ACCOUNT_CODES = {
    "cards_to_collect": "511",
    "reader_cards_to_collect": "5113",
    "cheques_to_collect": "5112",
    "channels_to_collect": "5116",
    "cash": "53",
    "stamp_duty": "447",
    "cash_shortage": "657",
    "cash_surplus": "757",
    "suspense": "471",
    "customers": "411",
    "customer_credit": "419",
    "refunds_due": "467",
    "goodwill": "658",
    "bank": "512",
    "remittances_due": "5115",
    "fees": "627",
    "fees_vat": "4456",
    "settlement_difference": "4715",
    "settlement_loss": "6588",
    "settlement_gain": "7588",
}

# What goes back of a company's payments within a day with the word of anybody who may approve; beyond it, a director's.
REFUNDS_A_DAY_DA = ENV.number("BAWABATI_REFUNDS_A_DAY_DA", default=500_000)

# When, on clocks in Algiers, the morning page of the board leaves to whoever has chosen it.
MORNING_PAGE_AT = ENV.clock("BAWABATI_MORNING_PAGE_AT", default="07:00")
# Of campaigns, counts from one to below this are shown to nobody. Rule: small-counts
SMALL_COUNTS_BELOW = ENV.number("BAWABATI_SMALL_COUNTS_BELOW", default=5)

# When the gateway is asked; see payments.rules.Schedule. Seconds.
ASK_SCHEDULE = ENV.schedule("BAWABATI_ASK_SCHEDULE")
# How many requests and jobs of one process may wait for gateways at once; `serve` keeps more threads than that.
GATEWAY_CALLS_AT_ONCE = ENV.number("BAWABATI_GATEWAY_CALLS_AT_ONCE", default=32)
# How many bridges may wait for orders in one process at once, a thread each; the others come again every second.
BRIDGES_WAITING_AT_ONCE = ENV.number("BAWABATI_BRIDGES_WAITING_AT_ONCE", default=16)
SWEEP_EVERY_SECONDS = ENV.number("BAWABATI_SWEEP_EVERY_SECONDS", default=5)
LIMITS_ON = ENV.flag("BAWABATI_LIMITS", default=True)
TRUSTED_PROXIES = ENV.networks("BAWABATI_TRUSTED_PROXIES")
METRICS_FROM = ENV.networks("BAWABATI_METRICS_FROM")

# What a browser may do with our pages (failures.md 5.2, 5.12). Nothing is inline and no other host is named.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "media-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "require-trusted-types-for": "'script'",
        "report-uri": ["/csp-report"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 60 * 60 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TLS else None
# What `check --deploy` would have: X-Frame-Options is ours (W002, web/shared/headers.py); no token for payers (W003,
# decision 10); the proxy leads to TLS (W008); preloading a domain is its owner's choice (W021).
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W003", "security.W008", "security.W021"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024  # a company's terms in three languages
DATA_UPLOAD_MAX_NUMBER_FIELDS = 50

LOGGING_CONFIG = "bawabati.config.logging.configure"
LOGGING = {"version": 1}  # Django calls the above only when there is something to hand it
