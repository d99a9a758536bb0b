"""Calls of SNAP: the access token, the signed request, and what the answer's code means."""

import json
import logging
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from pos import clock
from pos.payments.base import NotSent, ProviderError, Refused, Unreachable
from pos.payments.http import HttpAnswer, HttpClient
from pos.payments.reading import Json, NotReadable, read_json, text_of
from pos.payments.snap_profiles import Profile
from pos.payments.snap_sign import body_hash, hmac_sha512, rsa_sign, timestamp
from pos.settings import SnapSettings

log = logging.getLogger(__name__)

_MARGIN: float = 60.0
"""Seconds before its end at which a token is not used any more."""
_UNKNOWN_LIFE: float = 300.0
"""Seconds that a token is used which does not say how long it lives."""


@dataclass(frozen=True, slots=True)
class SnapAnswer:
    """An answer that could be read. `code` is the responseCode: HTTP status, service and case in digits."""

    code: str
    message: str
    data: Json

    @property
    def status(self) -> int:
        """The status that the answer means."""
        return int(self.code[:3])

    @property
    def case(self) -> str:
        """The last two digits of the code: which of the cases of its status."""
        return self.code[5:]

    @property
    def words(self) -> str:
        """The code and the provider's message, for a log or a person."""
        return f"{self.code} {self.message}".strip()


def read_answer(answer: HttpAnswer, service: str) -> SnapAnswer:
    """Read an answer. Raises Unreachable when it says nothing: no JSON, or a status of trouble."""
    try:
        data = read_json(answer.body)
    except NotReadable as error:
        raise Unreachable(f"HTTP {answer.status}, {error}") from None
    code = text_of(data, "responseCode", longest=10)
    if not (len(code) == 7 and code.isascii() and code.isdigit()):
        # Some gateways answer without a code; the HTTP status then stands for the general case.
        code = f"{answer.status}{service}00" if answer.status >= 400 else ""
    elif not 200 <= answer.status < 300 and code < "400":
        code = ""
    if not code:
        raise Unreachable(f"HTTP {answer.status} and no responseCode that fits")
    read = SnapAnswer(code, text_of(data, "responseMessage", longest=200), data)
    if read.status not in range(200, 300) and read.status not in range(400, 500):
        raise Unreachable(read.words)
    if read.status == 429:
        raise Unreachable(read.words)
    return read


class Tokens:
    """The access token: asked for by one thread at a time, kept until shortly before its end."""

    def __init__(self, client: HttpClient, settings: SnapSettings, path: str, key: RSAPrivateKey) -> None:
        self._client = client
        self._client_key = settings.client_key
        self._path = path
        self._key = key
        self._lock = threading.Lock()
        self._token = ""
        self._until = 0.0
        self._failed: tuple[float, ProviderError] | None = None

    def get(self, now: datetime) -> str:
        """Return a token that is good for a while. Raises NotSent or Refused."""
        since = clock.monotonic()
        with self._lock:
            if self._token and clock.monotonic() < self._until:
                return self._token
            # Who waited for somebody else's question takes its answer, else all would time out one by one.
            if self._failed is not None and self._failed[0] >= since:
                raise type(self._failed[1])(self._failed[1].detail)
            try:
                self._token, life = self._ask(now)
            except ProviderError as error:
                self._failed = (clock.monotonic(), error)
                raise
            self._until = clock.monotonic() + max(life - _MARGIN, life / 2)
            return self._token

    def forget(self, token: str) -> None:
        """Not use a token any more that the provider refused; another thread may have a new one already."""
        with self._lock:
            if self._token == token:
                self._token = ""

    def _ask(self, now: datetime) -> tuple[str, float]:
        stamp = timestamp(now)
        headers = {
            "Content-Type": "application/json",
            "X-TIMESTAMP": stamp,
            "X-CLIENT-KEY": self._client_key,
            "X-SIGNATURE": rsa_sign(self._key, f"{self._client_key}|{stamp}"),
        }
        try:
            answer = read_answer(
                self._client.send("POST", self._path, headers, b'{"grantType":"client_credentials"}'), "73"
            )
        except Unreachable as error:
            # Without a token the question itself was never put.
            raise NotSent(f"no access token: {error.detail}") from None
        token = answer.data.get("accessToken")
        if (
            answer.status != 200
            or not isinstance(token, str)
            or not token.isascii()
            or not token.isprintable()
        ):
            raise Refused(f"no access token: {answer.words}")
        life = text_of(answer.data, "expiresIn", longest=9)
        return token, float(life) if life.isascii() and life.isdigit() and int(life) else _UNKNOWN_LIFE


@dataclass(frozen=True, slots=True)
class Caller:
    """Signs calls and sends them."""

    client: HttpClient
    settings: SnapSettings
    profile: Profile
    prefix: str
    key: RSAPrivateKey
    tokens: Tokens | None
    """None where calls are signed without a token."""
    now: Callable[[], datetime]

    def call(self, action: str, service: str, body: Mapping[str, object], number: str = "") -> SnapAnswer:
        """Ask the provider, a second time with a new token when it does not take the first.

        `number` is that of what the request makes. Raises Unreachable, NotSent, or Refused when no token is
        given; a 401 that stays is an answer like any other.
        """
        path = f"{self.prefix}/v1.0/qr/{action}"
        content = json.dumps(body, separators=(",", ":"), ensure_ascii=True).encode()
        answer = self._once(path, service, content, number)
        if answer.status == 401 and self.tokens is not None:
            log.info("%s: a new access token, as %s", action, answer.words)
            answer = self._once(path, service, content, number)
        return answer

    def _once(self, path: str, service: str, content: bytes, number: str) -> SnapAnswer:
        now = self.now()
        stamp = timestamp(now)
        token = self.tokens.get(now) if self.tokens is not None else ""
        external = number if number and self.profile.external_id_is_reference else external_id(now)
        headers = {
            "Content-Type": "application/json",
            "X-TIMESTAMP": stamp,
            "X-SIGNATURE": self._sign(path, token, content, stamp),
            "X-PARTNER-ID": self.settings.partner_id or self.settings.client_key,
            "X-EXTERNAL-ID": external,
            "CHANNEL-ID": self.settings.channel_id,
        }
        if token:
            headers["Authorization"] = f"Bearer {token}"
        answer = read_answer(self.client.send("POST", path, headers, content), service)
        if answer.status == 401 and self.tokens is not None:
            self.tokens.forget(token)
        return answer

    def _sign(self, path: str, token: str, content: bytes, stamp: str) -> str:
        if self.profile.scheme == "rsa":
            return rsa_sign(self.key, f"POST:{path}:{body_hash(content)}:{stamp}")
        text = f"POST:{path}:{token}:{body_hash(content)}:{stamp}"
        return hmac_sha512(self.settings.client_secret, text, self.profile.scheme)


def external_id(now: datetime) -> str:
    """Return a number of a request: 32 digits, of which 18 are drawn, so that it never comes again."""
    return f"{now:%Y%m%d%H%M%S}{secrets.randbelow(10**18):018d}"
