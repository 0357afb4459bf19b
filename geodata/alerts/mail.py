"""Messages as mail: a file of RFC 5322, or handed to a mail server."""

import datetime as dt
import smtplib
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from geodata.alerts.messages import Message
from geodata.errors import GeodataError
from geodata.i18n import plural, text

TIMEOUT_SECONDS: Final = 30


def mail(
    messages: Sequence[Message], *, lang: str, sender: str, to: Sequence[str], made: dt.date
) -> EmailMessage:
    """Return one mail with all messages, the newest first.

    Raises
    ------
    GeodataError
        ``alerts.address`` if an address cannot be one; no line can be slipped in by it.
    """
    for address in (sender, *to):
        if (
            address.count("@") != 1
            or not address.isprintable()
            or any(c in address for c in " ,;<>")
        ):
            raise GeodataError("alerts.address", address=address[:80])
    email = EmailMessage(policy=SMTP)
    email["From"] = sender
    email["To"] = ", ".join(to)
    email["Date"] = format_datetime(dt.datetime.combine(made, dt.time(), dt.UTC))
    email["Message-ID"] = f"<{_digest(messages)}@supply-routes>"
    titles = [message.title for message in messages]
    subject = titles[0] if len(titles) == 1 else plural("alerts.subject", len(titles), lang)
    email["Subject"] = subject
    parts = [f"{item.title}\n\n{item.body}" for item in reversed(messages)]
    email.set_content("\n\n\n".join(parts) if parts else text("alerts.none", lang))
    return email


def send(
    message: EmailMessage, *, host: str, port: int = 25, user: str = "", password: str = ""
) -> None:
    """Hand a mail to a server, over TLS where the server offers it.

    A password is never sent without TLS.

    Raises
    ------
    GeodataError
        ``alerts.mail``: the server does not take it.
    """
    try:
        with smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS) as server:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=ssl.create_default_context())
                server.ehlo()
            elif user:
                raise GeodataError("alerts.mail_plain", host=host)
            if user:
                server.login(user, password)
            server.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        raise GeodataError("alerts.mail", host=host, reason=type(error).__name__) from None


def _digest(messages: Sequence[Message]) -> str:
    return "-".join(message.key[:12] for message in messages[-5:]) or "none"
