"""The command ``watch``: messages when a town's access or fuel changes, in files or sent."""

import argparse
import datetime as dt
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from geodata.alerts.calendar import calendar
from geodata.alerts.changes import between, last_day, watch
from geodata.alerts.feeds import atom, json_feed
from geodata.alerts.fuel_changes import watch_fuel
from geodata.alerts.mail import mail, send
from geodata.alerts.messages import Change, Digest, Message, Writer
from geodata.alerts.webhook import post
from geodata.analysis.explanation import town_id
from geodata.analysis.fuel import fuel
from geodata.cli.desk_options import desk_code, with_desk_code
from geodata.cli.events import add_events_options, with_events
from geodata.cli.publication import write_whole
from geodata.dataset import Dataset, load
from geodata.errors import GeodataError
from geodata.i18n import LANGUAGES, day, text
from geodata.sharing.permalink import ViewState, parse
from geodata.sharing.publication import Sensitivity

PASSWORD: Final = "SMTP_PASSWORD"  # noqa: S105
DAYS: Final = 7


def main(argv: Sequence[str]) -> int:
    """Report the changes of a period, or between two versions of the desk."""
    options = _parser().parse_args(list(argv))
    dataset = with_events(load(options.network), options)
    state = replace(parse(options.state)[0], desk=desk_code(options))
    lang = options.lang or state.lang or "en"
    towns = [town_id(dataset, name.strip()) for name in options.towns.split(",") if name.strip()]
    writer = Writer(dataset, state, lang, options.level, options.address)
    changes = _changes(options, dataset, state, towns or None)
    messages = writer.digest(changes, options.digest)
    for path in options.output:
        write_whole(path, _content(path, messages, writer, options))
        print(f"{path}: {len(messages)}", file=sys.stderr)
    if not options.output:
        texts = [f"{message.title}\n{message.body}" for message in messages]
        print("\n\n".join(texts) or text("alerts.none", lang))
    _deliver(messages, lang, options)
    return 0


def _changes(
    options: argparse.Namespace, dataset: Dataset, state: ViewState, towns: Sequence[str] | None
) -> Sequence[Change]:
    if options.before is not None or options.after is not None:
        if None in (options.before, options.after, options.date):
            raise GeodataError("alerts.versions")
        if options.fuel:
            raise GeodataError("alerts.fuel_versions")
        on = min(options.date, last_day(dataset.events, options.made))
        one, two = (
            with_desk_code(dataset, str(version), options.database)
            for version in (options.before, options.after)
        )
        return between(one, two, state, on=on, towns=towns)
    last = last_day(dataset.events, options.made)
    until = options.until or last
    if until > last:
        print(text("alerts.until", options.lang or "en", day=day(last)), file=sys.stderr)
    since = options.since or min(until, last) - dt.timedelta(days=DAYS - 1)
    made = options.made
    access = watch(dataset, state, since=since, until=until, today=made, towns=towns)
    if not options.fuel:
        return access
    estimate = fuel(dataset, rules=state.scenario.rules)
    words = watch_fuel(dataset, estimate, since=since, until=until, today=made, towns=towns)
    return sorted([*access, *words], key=lambda change: change.reported_on)


def _content(
    path: Path, messages: Sequence[Message], writer: Writer, options: argparse.Namespace
) -> bytes:
    """What a file holds, by its ending."""
    lang, created = writer.lang, options.made
    ending = path.suffix.lower()
    if ending in {".atom", ".xml"}:
        return atom(messages, lang=lang, address=options.address, made=created)
    if ending == ".json":
        return json_feed(messages, lang=lang, address=options.address)
    if ending == ".ics":
        events = writer.reportable_events()
        return calendar(events, lang=lang, made=created, until=last_day(events, created))
    if ending == ".eml":
        return bytes(mail(messages, lang=lang, sender=options.sender, to=options.to, made=created))
    if ending == ".txt":
        return "\n\n".join(f"{message.title}\n{message.body}" for message in messages).encode()
    raise GeodataError("alerts.output", file=path.name, known=".atom, .json, .ics, .eml, .txt")


def _deliver(messages: Sequence[Message], lang: str, options: argparse.Namespace) -> None:
    if not messages:
        return
    if options.smtp:
        host, _, port = options.smtp.partition(":")
        message = mail(messages, lang=lang, sender=options.sender, to=options.to, made=options.made)
        send(
            message,
            host=host,
            port=int(port or 25),
            user=options.smtp_user,
            password=os.environ.get(PASSWORD, ""),
        )
    if options.webhook:
        listed = options.allow_list.read_text(encoding="utf-8") if options.allow_list else ""
        allowed = {line.strip() for line in listed.splitlines() if line.strip()}
        for url in options.webhook:
            post(messages, url, allowed=allowed, private=options.allow_private)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geodata watch", description=__doc__)
    _add_question(parser)
    _add_delivery(parser)
    _add_form(parser)
    parser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    add_events_options(parser)
    return parser


def _add_question(parser: argparse.ArgumentParser) -> None:
    """Add the options that say which changes are reported."""
    date = dt.date.fromisoformat
    parser.add_argument("--state", default="", metavar="QUERYSTRING", help="a link, or its part")
    parser.add_argument("--towns", default="", metavar="A,B", help="ids or names; all by default")
    parser.add_argument("--since", type=date, help="first day; by default a week up to the last")
    parser.add_argument(
        "--until", type=date, help="last day; by default the last that may be reported"
    )
    parser.add_argument(
        "--before", type=int, metavar="VERSION", help="first of two versions to compare"
    )
    parser.add_argument("--after", type=int, metavar="VERSION", help="second of two versions")
    parser.add_argument("--date", type=date, help="day on which the versions are compared")
    parser.add_argument(
        "--fuel",
        action="store_true",
        help="also tell when the fuel model's word for a town changes",
    )
    parser.add_argument(
        "--digest",
        type=Digest,
        choices=list(Digest),
        default=Digest.NONE,
        help="collect messages by day or week",
    )
    parser.add_argument(
        "-o",
        "--output",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help=".atom, .json (a feed), .ics, .eml or .txt",
    )


def _add_delivery(parser: argparse.ArgumentParser) -> None:
    """Add the options that say where messages are sent."""
    parser.add_argument("--from", dest="sender", default="routes@localhost", help="sender of mails")
    parser.add_argument(
        "--to", action="append", default=[], metavar="ADDRESS", help="send mails to this address"
    )
    parser.add_argument("--smtp", metavar="HOST[:PORT]", help="mail server")
    parser.add_argument("--smtp-user", default="", help=f"the password is read from {PASSWORD}")
    parser.add_argument(
        "--webhook",
        action="append",
        default=[],
        metavar="URL",
        help="post messages to this address",
    )
    parser.add_argument(
        "--allow-list", type=Path, metavar="FILE", help="permitted webhook addresses, one per line"
    )
    parser.add_argument(
        "--allow-private",
        action="store_true",
        help="allow webhooks in a private network and over http",
    )


def _add_form(parser: argparse.ArgumentParser) -> None:
    """Add the options that say what messages look like."""
    parser.add_argument(
        "--level",
        type=Sensitivity,
        choices=list(Sensitivity),
        default=Sensitivity.PUBLIC,
        help="sensitivity level",
    )
    parser.add_argument("--lang", choices=LANGUAGES, help="language of the messages")
    parser.add_argument("--address", default="", metavar="URL", help="address of the app")
    parser.add_argument(
        "--made",
        type=dt.date.fromisoformat,
        default=dt.datetime.now(dt.UTC).date(),
        help="day of creation; the same day gives the same bytes",
    )
