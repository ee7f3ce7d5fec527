"""What is known of backups: the files themselves lie where the web service may not look."""

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from api.store.tables.columns import moment


class LastBackup(SQLModel, table=True):
    """The moment whose state the last complete backup holds, and how large it is: one row or none."""

    __tablename__ = "last_backup"
    __table_args__ = (CheckConstraint("one", name="only_one"),)
    one: bool = Field(default=True, primary_key=True)
    made_at: datetime = moment(nullable=False)
    bytes: int = Field(sa_type=BigInteger)
