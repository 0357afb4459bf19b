"""The command ``desk``: the shared table of events from the command line."""

import argparse
import csv
import datetime as dt
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from geodata import schema as f
from geodata.cli.desk_options import add_database_option
from geodata.cli.events import add_reading_options, read_file
from geodata.cli.output import add_format_option
from geodata.dataset import load
from geodata.desk.backup import back_up, put_back
from geodata.desk.database import reading, writing
from geodata.desk.editing import Saved, add_event, add_report, edit_event, restore, review
from geodata.desk.entry import event_values
from geodata.desk.event_table import desk_events, with_desk
from geodata.desk.importing import import_events
from geodata.desk.journal import Kind, Status
from geodata.desk.local import this_person
from geodata.desk.people import Person, Role, delete_personal_data, personal_data, store_role
from geodata.desk.preview import Effect
from geodata.desk.proposal import proposal, shipped_values, values_of
from geodata.desk.store import Desk, opened
from geodata.desk.undo import last_save, undo
from geodata.desk.versions import version_difference
from geodata.errors import GeodataError
from geodata.events.table import NUMBERS
from geodata.i18n import day, number, plural, text
from geodata.sanitize import formula_safe

Action = Callable[[Desk, argparse.Namespace], None]
LISTED: Final = (f.DATE, f.EVENT_TYPE, f.PLACE, f.EFFECT)


def main(argv: Sequence[str]) -> int:
    """Run one action at the desk."""
    options = _parser().parse_args(list(argv))
    _ACTIONS[options.action](opened(options.database), options)
    return 0


def _add(desk: Desk, options: argparse.Namespace) -> None:
    dataset, today = load(options.network), _today()
    fields = _fields(options.field)
    known = with_desk(dataset, desk_events(desk, proposed=True)).events
    made = proposal(dataset, desk_events(desk), fields, today=today, known=known)
    for each in made.similar:
        print(text("desk.possible_duplicate", event=each.event, days=each.days), file=sys.stderr)
    _tell_effect(made.effect)
    if options.dry_run or (made.similar and not options.despite_duplicates):
        print(text("desk.nothing_saved"))
        return
    saved = add_event(
        desk,
        this_person(options.name),
        fields,
        today=today,
        reason=options.reason,
        network=dataset.network,
    )
    print(text("desk.saved", event=saved.event, version=saved.version))


def _edit(desk: Desk, options: argparse.Namespace) -> None:
    dataset, today = load(options.network), _today()
    changes, shipped = _fields(options.field), shipped_values(dataset, options.event)
    base = _base(desk, options)
    begun = values_of(desk, dataset, options.event)
    if begun is not None:
        fields = {**begun, **changes}
        _tell_effect(proposal(dataset, desk_events(desk), fields, today=today).effect)
    if options.dry_run:
        print(text("desk.nothing_saved"))
        return
    _tell_saved(
        edit_event(
            desk,
            this_person(options.name),
            options.event,
            changes,
            base=base,
            today=today,
            reason=options.reason,
            source=options.source,
            shipped=shipped,
            network=dataset.network,
        )
    )


def _report(desk: Desk, options: argparse.Namespace) -> None:
    shipped = shipped_values(load(options.network), options.event)
    _tell_saved(
        add_report(
            desk,
            this_person(options.name),
            options.event,
            _fields(options.field),
            base=_base(desk, options),
            today=_today(),
            reason=options.reason,
            shipped=shipped,
        )
    )


def _undo(desk: Desk, options: argparse.Namespace) -> None:
    person = this_person(options.name)
    last = last_save(desk, person)
    version = undo(desk, person)
    print(text("desk.undone", was=last.version if last else 0, version=version))


def _compare(desk: Desk, options: argparse.Namespace) -> None:
    difference = version_difference(
        desk,
        load(options.network),
        options.before,
        options.after,
        on=options.date,
        proposed=options.proposed,
    )
    for each in difference.changes:
        print(f"{each.event} {each.field}: {each.before!r} -> {each.after!r}")
    _tell_effect(difference.effect)
    for row in difference.effect.towns.to_dict("records"):
        print(f"{row[f.NAME]}: {row[f'{f.STATE}_before']} -> {row[f.STATE]}")


def _review(desk: Desk, options: argparse.Namespace) -> None:
    version = review(
        desk,
        this_person(options.name),
        options.event,
        options.status,
        base=_base(desk, options),
        reason=options.reason,
    )
    print(text("desk.saved", event=", ".join(options.event), version=version))


def _list(desk: Desk, options: argparse.Namespace) -> None:
    names = desk.names()
    rows = [
        {
            "event_id": record.item,
            "status": str(record.status),
            "version": record.version,
            "author": names.get(record.author_id) or text("desk.forgotten_author"),
            "time": record.time,
            **{name: record.values.get(name, "") for name in LISTED},
        }
        for (kind, _), record in desk.records(options.version).items()
        if kind == Kind.EVENT and options.status in (None, record.status)
    ]
    if options.format == "json":
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        print("  ".join(str(value) for value in row.values()))


def _history(desk: Desk, options: argparse.Namespace) -> None:
    for e in desk.entries(item=(Kind.EVENT, options.event) if options.event else None):
        change = f"{e.item} {e.field}: {e.old!r} -> {e.new!r}"
        why = f"  ({e.reason})" if e.reason else ""
        print(f"{e.version}  {e.time}  {e.author or e.author_id}  {change}{why}")


def _restore(desk: Desk, options: argparse.Namespace) -> None:
    version = restore(
        desk, this_person(options.name), options.version, event=options.event, reason=options.reason
    )
    print(text("desk.saved", event=options.event or "*", version=version))


def _export(desk: Desk, options: argparse.Namespace) -> None:
    table = desk_events(desk, options.version, proposed=options.proposed).events
    with options.file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(table.columns)
        for row in table.to_dict("records"):
            values = event_values(row)
            writer.writerow(
                values[name] if name in NUMBERS else formula_safe(values[name])
                for name in map(str, table.columns)
            )
    print(text("desk.exported", events=len(table), file=options.file))


def _import(desk: Desk, options: argparse.Namespace) -> None:
    dataset = load(options.network)
    events, report = read_file(options.file, options, dataset.area)
    if events is None or report.refused:
        fault = report.problems[0]
        raise GeodataError(fault.key, **fault.params)
    print(f"{options.file.name}: {report.summary('en')}", file=sys.stderr)
    today = dt.datetime.now(dt.UTC).date()
    done = import_events(desk, this_person(options.name), events, today=today, ids=options.row)
    for event, refused in done.refused.items():
        print(f"{event}: {refused}", file=sys.stderr)
    print(text("desk.imported", events=len(done.entered), version=done.version))


def _backup(desk: Desk, options: argparse.Namespace) -> None:
    print(text("desk.backed_up", version=back_up(desk, options.file), file=options.file))


def _put_back(desk: Desk, options: argparse.Namespace) -> None:
    print(text("desk.put_back", version=put_back(desk, options.file)))


def _author(desk: Desk, options: argparse.Namespace) -> None:
    if options.role:
        with writing(desk.engine) as connection:
            store_role(connection, Person(options.who, options.who, options.role))
    if options.delete:
        with writing(desk.engine) as connection:
            print(plural("desk.forgotten", delete_personal_data(connection, options.who)))
        return
    with reading(desk.engine) as connection:
        print(json.dumps(personal_data(connection, options.who), ensure_ascii=False, indent=1))


_ACTIONS: Final[dict[str, Action]] = {
    "add": _add,
    "edit": _edit,
    "report": _report,
    "review": _review,
    "undo": _undo,
    "compare": _compare,
    "list": _list,
    "history": _history,
    "restore": _restore,
    "export": _export,
    "import": _import,
    "backup": _backup,
    "put-back": _put_back,
    "author": _author,
}


def _fields(texts: Sequence[str]) -> dict[str, str]:
    pairs = [item.partition("=") for item in texts]
    for name, mark, _ in pairs:
        if not mark:
            raise GeodataError("desk.field_form", value=name[:80])
    return {name.strip(): value.strip() for name, _, value in pairs}


def _base(desk: Desk, options: argparse.Namespace) -> int:
    """Version that the person read."""
    return desk.version if options.base is None else int(options.base)


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()


def _tell_effect(effect: Effect) -> None:
    people, unknown = effect.people
    roads = {"closed": effect.closed, "opened": effect.opened, "escorted": effect.escorted}
    parts = [plural(f"desk.effect_{name}", len(ids)) for name, ids in roads.items() if ids]
    if len(effect.towns):
        parts.append(plural("desk.effect_towns", len(effect.towns)))
        parts.append(plural("desk.effect_people", people, shown=number(people)))
    if not parts:
        nothing = text("desk.effect", day=day(effect.on), parts=text("desk.effect_nothing"))
        print(f"{nothing} {text(effect.nothing_why)}" if effect.nothing_why else nothing)
        return
    line = text("desk.effect", day=day(effect.on), parts=text("core.semicolon").join(parts))
    print(f"{line} {plural('desk.effect_unknown', unknown)}" if unknown else line)


def _tell_saved(saved: Saved) -> None:
    for e in saved.merged:
        print(
            text("desk.merged", author=e.author or "?", field=e.field, new=e.new), file=sys.stderr
        )
    print(text("desk.saved", event=saved.event, version=saved.version))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m geodata desk", description=__doc__)
    add_database_option(parser)
    parser.add_argument("--name", default="", help="your name; remembered for the next time")
    actions = parser.add_subparsers(dest="action", required=True)

    def action(name: str, purpose: str) -> argparse.ArgumentParser:
        return actions.add_parser(name, help=purpose, description=purpose)

    _writing_parsers(action)
    compared = action("compare", "which events and towns differ between two versions")
    compared.add_argument("before", type=int)
    compared.add_argument("after", type=int)
    compared.add_argument(
        "--date",
        type=dt.date.fromisoformat,
        required=True,
        help="day of which the towns are compared",
    )
    compared.add_argument("--proposed", action="store_true")
    compared.add_argument("--network", type=Path, metavar="DIR")
    listed = action("list", "events with their status")
    listed.add_argument(
        "--status", type=Status, choices=list(Status), help="only events of this status"
    )
    listed.add_argument("--version", type=int, help="version of the desk; the newest by default")
    add_format_option(listed, ("table", "json"))
    action("history", "who changed what").add_argument("event", nargs="?")
    exported = action("export", "events that count, as a CSV table")
    exported.add_argument("file", type=Path, help="CSV file to write")
    exported.add_argument("--version", type=int, help="version of the desk; the newest by default")
    exported.add_argument(
        "--proposed", action="store_true", help="include events that nobody has reviewed"
    )
    action("backup", "the whole journal in one file").add_argument("file", type=Path)
    action("put-back", "fill an empty desk from a backup").add_argument("file", type=Path)
    author = action("author", "show or delete what is stored about a person, or give a role")
    author.add_argument("who", help="name or account")
    author.add_argument(
        "--delete", action="store_true", help="forget the author's name, account and role"
    )
    author.add_argument("--role", type=Role, choices=list(Role), help="give the author this role")
    return parser


def _writing_parsers(action: Callable[[str, str], argparse.ArgumentParser]) -> None:
    added = action("add", "enter an event, as proposed")
    edited = action("edit", "change fields of an event")
    edited.add_argument("event", help="id of the event")
    reported = action("report", "add a further report of an event: figures widen, sources add up")
    reported.add_argument("event", help="id of the event")
    action("undo", "undo your own last save")
    reviewed = action("review", "decide on events of other authors")
    reviewed.add_argument("event", nargs="+", help="ids of the events")
    reviewed.add_argument(
        "--status",
        type=Status,
        choices=list(Status),
        default=Status.REVIEWED,
        help="result of the review",
    )
    restored = action("restore", "bring an event, or all of them, back to a past version")
    restored.add_argument("version", type=int, help="version to return to")
    restored.add_argument("--event")
    for subparser in (added, edited, reported):
        subparser.add_argument("field", nargs="+", metavar="FIELD=VALUE", help="value of a field")
        subparser.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    for subparser in (added, edited):
        subparser.add_argument(
            "--dry-run", action="store_true", help="report the effect and save nothing"
        )
    added.add_argument(
        "--despite-duplicates", action="store_true", help="save although similar events exist"
    )
    edited.add_argument("--source", default="", help="address or title of what says so")
    for subparser in (edited, reported, reviewed):
        subparser.add_argument(
            "--base", type=int, help="version that you read; the newest by default"
        )
    for subparser in (added, edited, reported, reviewed, restored):
        subparser.add_argument("--reason", default="", help="reason for the change")
    imported = action("import", "enter the events of a table, as proposed")
    imported.add_argument("file", type=Path, help="table of events")
    imported.add_argument("--row", action="append", metavar="EVENT_ID", help="only this event")
    imported.add_argument("--network", type=Path, metavar="DIR", help="folder of a network")
    add_reading_options(imported)
