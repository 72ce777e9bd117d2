"""Which revision the tables of a database have, and the migrations that bring them to the one of this code.

To look costs one query and no Alembic, which takes a second to import. The revisions are the files of
`models/migrations/versions`, named by their number.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect

from models.errors import DatabaseError
from models.troubles import name_of, plain_errors

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# What stood in SQLite's user_version before there were migrations; the tables were those of 0001.
_BEFORE_MIGRATIONS, _FIRST = 2, "0001"
# What stands there since, so that an older tongbi does not take the database for one of its own.
_SINCE_MIGRATIONS = 1000
_VERSION_TABLE = "alembic_version"


@dataclass(frozen=True, slots=True)
class State:
    """What a database has: its `revision`, None where it has none of ours; `is_empty` says it has no table.

    `unversioned` is the version of a database that was made before there were migrations.
    """

    revision: str | None
    is_empty: bool
    unversioned: int = 0


@cache
def head() -> str:
    """Give the revision that this code works with, such as "0007"."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9][0-9][0-9][0-9]_*.py"))


def state_of(connection: Connection) -> State:
    """Look which revision the database has."""
    if connection.dialect.name == "sqlite":
        return _state_of_file(connection)
    # A table of this name that is not ours would have no revision, or one that is no number of ours.
    if connection.exec_driver_sql(f"SELECT to_regclass('{_VERSION_TABLE}')").scalar() is None:
        return State(None, not inspect(connection).get_table_names())
    return State(_written(connection), is_empty=False)


def _state_of_file(connection: Connection) -> State:
    version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if version == _SINCE_MIGRATIONS:
        return State(_written(connection), is_empty=False)
    is_empty = not connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar_one()
    return State(None, is_empty, version)


def _written(connection: Connection) -> str | None:
    return connection.exec_driver_sql(f"SELECT version_num FROM {_VERSION_TABLE}").scalar()


def refusal(url: URL, state: State) -> DatabaseError | None:
    """Give the error with which a database of this state is refused, None where it is current."""
    name = name_of(url)
    if state.revision == head():
        return None
    if state.revision is None and state.unversioned != _BEFORE_MIGRATIONS:
        return _no_revision(name, state)
    revision = state.revision or _FIRST
    fact = f"the database {name} has tables of revision {revision}, this tongbi works with {head()}"
    if state.revision is None or revision < head():
        return DatabaseError(fact, "run `tongbi db upgrade`; what is in it stays")
    return DatabaseError(fact, "use the tongbi that made it, or a newer one")


def _no_revision(name: str, state: State) -> DatabaseError:
    if 0 < state.unversioned < _BEFORE_MIGRATIONS:
        fact = f"the database {name} has tables of version {state.unversioned}, which nothing upgrades any more"
        return DatabaseError(fact, "move it away and run again: the sources are read anew")
    if state.unversioned:
        fact = f"the database {name} has tables of version {state.unversioned}, which this tongbi does not know"
        return DatabaseError(fact, "use the tongbi that made it, or name another file")
    return DatabaseError(f"the database {name} belongs to another program", "name another one")


def created(connection: Connection) -> State:
    """Make the tables, unless another process was faster, and give what the database has then."""
    state = state_of(connection)
    if not state.is_empty:
        return state
    _migrate(connection, stamp=None, to=head())
    return state_of(connection)


def upgrade(engine: Engine, to: str | None = None) -> tuple[str | None, str]:
    """Bring a database to revision `to`, or this code's, in one transaction; give the revision before and after.

    One that has it already stays as it is. Raises DatabaseError for a newer one and for one that is not ours.
    """
    target = to or head()
    with plain_errors(engine), engine.execution_options(writes=True, migrates=True).begin() as connection:
        state = state_of(connection)
        before = _FIRST if state.unversioned == _BEFORE_MIGRATIONS else state.revision
        error = refusal(engine.url, state)
        if error is not None and not state.is_empty and (before is None or before > target):
            raise error
        if state.is_empty or state.revision is None or state.revision < target:
            _migrate(connection, stamp=before if state.revision is None else None, to=target)
            _check_keys(connection)
    # The settings of the migration end with its connection.
    engine.dispose()
    return before, target


def _migrate(connection: Connection, *, stamp: str | None, to: str) -> None:
    from alembic import command
    from alembic.config import Config

    from models.tables import all_derived

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    for derived in reversed(all_derived()):
        derived.drop_from(connection)
    if stamp is not None:
        command.stamp(config, stamp)
    command.upgrade(config, to)
    if to == head():
        for derived in all_derived():
            derived.make_in(connection)
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version = {_SINCE_MIGRATIONS}")


def _check_keys(connection: Connection) -> None:
    """Refuse a migration that left a row without what it points at: foreign keys were off meanwhile."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseError(
            f"the upgrade would leave a row of {broken[0]} that points at no row of {broken[2]}",
            "nothing was changed; please report it",
        )
