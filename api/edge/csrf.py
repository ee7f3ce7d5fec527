"""A form of ours carries a token that no other site knows. `api.edge.origin` looks at where a post is from."""

import hashlib
import hmac
import secrets

from starlette.requests import Request

from api.edge import cookies
from api.errors import FormExpired
from api.settings import Settings
from api.transaction import SAFE_METHODS

FIELD = "csrf"
NONCE_BYTES = 16
SALT_CHARACTERS = 16


def csrf_token(request: Request) -> str:
    """The token of a form on this page. Each is different, so compressed sizes do not give it away."""
    nonce = cookies.FORM.read(request) or getattr(request.state, "form_nonce", None)
    if nonce is None:
        nonce = request.state.form_nonce = secrets.token_urlsafe(NONCE_BYTES)
    salt = secrets.token_hex(SALT_CHARACTERS // 2)
    return salt + _sign(request, salt, nonce)


async def form_token(request: Request) -> None:
    """Lets a form pass that carries our token. Whatever changes something outside `/v1` depends on it."""
    if request.method in SAFE_METHODS:
        return
    sent = (await request.form()).get(FIELD)
    nonce = cookies.FORM.read(request)
    if not isinstance(sent, str) or nonce is None:
        raise FormExpired
    salt, signature = sent[:SALT_CHARACTERS], sent[SALT_CHARACTERS:]
    if not hmac.compare_digest(signature.encode(), _sign(request, salt, nonce).encode()):
        raise FormExpired


def _sign(request: Request, salt: str, nonce: str) -> str:
    settings: Settings = request.app.state.settings
    return hmac.new(settings.secret_key.encode(), f"form:{salt}:{nonce}".encode(), hashlib.sha256).hexdigest()
