"""A skill's record keeps the paces alone: how likely a slow one was steers nothing any more.

Mastery is checked against what is kept to the letter, so what was kept is written anew.
"""

import json
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT_ONCE = 1_000
KEYS = {
    "mastery": ("learner_id", "skill_id"),
    "rebuilt_mastery": ("switch_id", "learner_id", "skill_id"),
}
Kept = dict[str, Any]


def upgrade() -> None:
    _rewrite('%"pace":[%', _without_slow)


def downgrade() -> None:
    # How likely a slow pace was is gone: the earlier Cairn finds it again with the next answer.
    _rewrite('%"paced":[%', _with_slow)


def _without_slow(record: Kept) -> Kept:
    _, *paced = record.pop("pace")
    return {**record, "paced": paced}


def _with_slow(record: Kept) -> Kept:
    record.pop("misfit", None)
    paced = record.pop("paced")
    return {**record, "pace": [0.0, *paced]}


def _rewrite(holds: str, change: Callable[[Kept], Kept]) -> None:
    """Write the records anew that hold a text, a thousand rows at a time."""
    connection = op.get_bind()
    for name, keys in KEYS.items():
        columns = [sa.column(key, sa.Uuid() if key != "skill_id" else sa.Text()) for key in keys]
        table = sa.table(name, *columns, sa.column("record", sa.Text()))
        found = sa.select(*columns, table.c.record).where(table.c.record.like(holds))
        where = sa.and_(*(column == sa.bindparam(f"of_{column.name}") for column in columns))
        write = sa.update(table).where(where).values(record=sa.bindparam("anew"))
        changes = [
            {f"of_{key}": value for key, value in zip(keys, row, strict=False)}
            | {"anew": _text(change(json.loads(str(row[-1]))))}
            for row in connection.execute(found)
        ]
        for start in range(0, len(changes), AT_ONCE):
            connection.execute(write, changes[start : start + AT_ONCE])


def _text(record: Kept) -> str:
    """As the record is kept, to the letter."""
    return json.dumps(record, separators=(",", ":"))
