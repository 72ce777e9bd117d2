"""What is made of the tables and holds no rows of its own: triggers and views.

Each upgrade drops them first and makes them anew at its end, so a migration may change the tables below them and
never mentions them. Where only a trigger or a view changes, a revision with an empty `upgrade` brings it to the
databases that are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Derived:
    """A view or a trigger: by dialect ("sqlite", "postgresql") the statements that make it, and that drop it.

    `Derived.view("current_figure", "SELECT … FROM figure WHERE known_to IS NULL")` is the same on both.
    """

    make: Mapping[str, tuple[str, ...]]
    drop: Mapping[str, tuple[str, ...]]

    @classmethod
    def view(cls, name: str, sqlite: str, postgres: str | None = None) -> "Derived":
        """Give a view by its query, which may be written otherwise for Postgres."""
        queries = {"sqlite": sqlite, "postgresql": postgres or sqlite}
        return cls(
            MappingProxyType({dialect: (f"CREATE VIEW {name} AS {query}",) for dialect, query in queries.items()}),
            MappingProxyType(dict.fromkeys(queries, (f"DROP VIEW IF EXISTS {name}",))),
        )

    def make_in(self, connection: Connection) -> None:
        """Make it in a database that does not have it."""
        self._run(connection, self.make)

    def drop_from(self, connection: Connection) -> None:
        """Drop it where it is."""
        self._run(connection, self.drop)

    @staticmethod
    def _run(connection: Connection, statements: Mapping[str, tuple[str, ...]]) -> None:
        for statement in statements.get(connection.dialect.name, ()):
            # As it stands: a % in it is no parameter.
            connection.exec_driver_sql(statement)
