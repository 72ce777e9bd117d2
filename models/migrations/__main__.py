"""`python -m models.migrations "what changes"`: write the next revision from what the tables have become."""

import sys
import tempfile
from pathlib import Path

from models.connecting import connect
from models.schema import MIGRATIONS, head, upgrade


def main(message: str) -> None:
    """Write `models/migrations/versions/NNNN_slug.py`, to be read and mended before it is used."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    following = f"{int(head()) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        engine = connect(f"sqlite:///{Path(folder) / 'scratch.db'}", 1.0)
        upgrade(engine)
        with engine.execution_options(writes=True).begin() as connection:
            config.attributes["connection"] = connection
            command.revision(config, message, autogenerate=True, rev_id=following)


if __name__ == "__main__":
    main(sys.argv[1])
