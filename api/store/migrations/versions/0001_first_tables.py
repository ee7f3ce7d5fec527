"""The first tables, and those of the job queue (procrastinate 3.10; a later version of it brings migrations of its own)."""

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The driver's own connection, because SQLAlchemy would read the % of a script as the place of a parameter.
    connection = op.get_bind().connection.driver_connection
    assert connection is not None
    connection.execute(Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"))
    connection.execute(SchemaManager.get_schema())


def downgrade() -> None:
    raise NotImplementedError("There is nothing before the first tables: restore a backup instead.")
