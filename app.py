"""Where the product is put together: `flask --app app run`, `gunicorn app:app`."""

from config import SettingsError
from parents_partners import create_app

try:
    app = create_app()
except SettingsError as error:
    raise SystemExit(str(error)) from None
