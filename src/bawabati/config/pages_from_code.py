"""The pages that are written from the code: settings, alarms, and the rules that Prometheus reads.

python -m bawabati.config.pages_from_code            write them
python -m bawabati.config.pages_from_code check      exit with 1 when one is not as the code says
"""

import ast
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from bawabati.config.explained import CHAPTERS, INTRODUCTION, THE_OTHER_PROGRAMS, Variable
from bawabati.operations.rules import ALARMS, MEASURES, Level

ROOT = Path(__file__).resolve().parents[3]
WIDTH = 120
SEVERITY = {Level.NOW: "page", Level.TODAY: "ticket"}
WRITTEN_FROM_CODE = "written by `python -m bawabati.config.pages_from_code`"


def pages() -> dict[Path, str]:
    """Each page with its text."""
    return {
        ROOT / "docs" / "reference" / "settings.md": settings_page(),
        ROOT / "docs" / "reference" / "alarms.md": alarms_page(),
        ROOT / "deploy" / "prometheus" / "alerts.yml": alert_rules(),
    }


def settings_page() -> str:
    """What each variable means, with the default that the code has."""
    defaults = dict(_defaults())
    parts = ["# Settings", _wrapped(f"{INTRODUCTION} The page is {WRITTEN_FROM_CODE}.")]
    for chapter in CHAPTERS:
        rows = "\n".join(
            f"| `{variable.name}` | {_default(variable, defaults)} | {variable.meaning} |"
            for variable in chapter.variables
        )
        table = f"| variable | default | meaning |\n|---|---|---|\n{rows}"
        parts += [f"## {chapter.title}", *([_wrapped(chapter.before)] if chapter.before else []), table]
        parts += [_wrapped(chapter.after)] if chapter.after else []
    parts += ["## The other programs", _wrapped(THE_OTHER_PROGRAMS)]
    return "\n\n".join(parts) + "\n"


def alarms_page() -> str:
    """What is measured, and for each alarm what it means and what to do."""
    parts = [
        "# Measures and alarms",
        _wrapped(
            "`/metrics` of the portal tells these figures to whoever asks directly from a network of "
            "`BAWABATI_METRICS_FROM`. `deploy/prometheus/alerts.yml` holds the alarms for Prometheus, and the health "
            "page of the office shows the same ones to people. `page` wakes somebody, `ticket` is for the day. All is "
            f"{WRITTEN_FROM_CODE}; a test compares them with the code."
        ),
        "## Alarms",
    ]
    for alarm in ALARMS:
        lasting = f", for {_span(alarm.seconds)}" if alarm.seconds else ""
        parts += [
            f"### {alarm.name}",
            f"`{alarm.expression}`{lasting} · {SEVERITY[alarm.level]}",
            _wrapped(f"**{alarm.title}.** {alarm.means}"),
            _wrapped(f"*What to do:* {alarm.do}"),
        ]
    rows = "\n".join(
        f"| `{measure.name}` | {', '.join(f'`{label}`' for label in measure.by) or '–'} | {measure.says} |"
        for measure in MEASURES
    )
    parts += ["## Measures from the database", f"| measure | by | is |\n|---|---|---|\n{rows}"]
    parts += [
        "## What processes count",
        _wrapped(
            "`bawabati_http_requests_total` by `route` (the pattern of the address), `method` and `status`; "
            "`bawabati_http_request_seconds` by `route`; `bawabati_order_journal_failures_total`; "
            "`bawabati_security_events_total` by `kind`; `bawabati_database_up`. Counts of all processes of `serve` "
            "and `worker` on the portal's machine are added up; those of another machine are its own portal's."
        ),
    ]
    return "\n\n".join(parts) + "\n"


def alert_rules() -> str:
    """As `promtool check rules` reads them."""
    lines = [
        f"# Bawabati's alarms, {WRITTEN_FROM_CODE}: change them there.",
        "groups:",
        "  - name: bawabati",
        "    rules:",
    ]
    for alarm in ALARMS:
        lines += _rule(
            alarm.name,
            expression=alarm.expression,
            seconds=alarm.seconds,
            severity=SEVERITY[alarm.level],
            title=alarm.title,
            told=f"{alarm.means} {alarm.do}",
        )
    down = "The portal or its database does not answer."
    lines += _rule(
        "PortalDown",
        expression='up{job="bawabati"} == 0 or bawabati_database_up == 0',
        seconds=60,
        severity="page",
        title=down,
        told="Look whether its processes run and whether PostgreSQL does.",
    )
    return "\n".join(lines) + "\n"


def _rule(name: str, *, expression: str, seconds: int, severity: str, title: str, told: str) -> list[str]:
    return [
        f"      - alert: Bawabati{name}",
        f"        expr: {_quoted(expression)}",
        *([f"        for: {seconds}s"] if seconds else []),
        "        labels:",
        f"          severity: {severity}",
        "        annotations:",
        f"          summary: {_quoted(title)}",
        f"          description: {_quoted(told)}",
    ]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _span(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds < 3600 else f"{seconds // 3600} h"  # noqa: PLR2004 - an hour


def _default(variable: Variable, defaults: dict[str, object]) -> str:
    if variable.default:
        return variable.default
    value = defaults[variable.name]
    if value == "":
        return "none"
    return f"`{int(value) if isinstance(value, bool) else value}`"


def _defaults() -> Iterator[tuple[str, object]]:
    """Variables whose default is written out in the settings."""
    for node in ast.walk(ast.parse(Path(__file__).with_name("settings.py").read_text())):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            for keyword in node.keywords:
                if keyword.arg == "default" and isinstance(keyword.value, ast.Constant):
                    yield str(node.args[0].value), keyword.value.value


def _wrapped(text: str) -> str:
    paragraphs = [
        textwrap.fill(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False)
        for paragraph in text.split("\n\n")
    ]
    return "\n\n".join(paragraphs)


def main() -> int:
    """0 when every page is (now) as the code says."""
    differing = [path for path, text in pages().items() if not path.exists() or path.read_text() != text]
    if "check" in sys.argv[1:]:
        for path in differing:
            print(f"{path.relative_to(ROOT)} is not as the code says: run python -m {__spec__.name}")  # noqa: T201
        return 1 if differing else 0
    for path in differing:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages()[path])
    return 0


if __name__ == "__main__":
    sys.exit(main())
