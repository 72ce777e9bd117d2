"""The database itself holds `article.text[start:end] == text` for each row with a span.

Both databases count characters in `substr` as Python does in a slice. A check cannot look into another table, so
these are triggers. On Postgres an insert is checked as a whole, which costs a tenth of a look for each row.
"""

from types import MappingProxyType

from models.tables.derived import Derived

_COLUMNS = 'article_id, info_code, revision, start, "end", text'

_SQLITE = """
CREATE TRIGGER {table}_offsets_on_{event}
BEFORE {event} {columns} ON {table}
WHEN (
    SELECT substr(article.text, NEW.start + 1, NEW."end" - NEW.start) FROM article
    WHERE article.id = NEW.article_id
    AND article.info_code = NEW.info_code AND article.revision = NEW.revision
) IS NOT NEW.text
BEGIN
    SELECT RAISE(ABORT, '{table}: text is not the slice of its article at start, end');
END
"""

_SQLITE_FIXED = """
CREATE TRIGGER article_text_is_fixed
BEFORE UPDATE OF id, info_code, revision, text ON article
WHEN NEW.id IS NOT OLD.id OR NEW.info_code IS NOT OLD.info_code
    OR NEW.revision IS NOT OLD.revision OR NEW.text IS NOT OLD.text
BEGIN
    SELECT RAISE(ABORT, 'article: the text of a revision never changes');
END
"""

_POSTGRES_REFUSE = """
CREATE FUNCTION {table}_offsets_refuse() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{table}: text is not the slice of its article at start, end' USING ERRCODE = 'check_violation';
END $$
"""

# The span is compared before the text is cut, for a substring of a negative length is an error of its own.
_WRONG = """
    NOT EXISTS (
        SELECT FROM article
        WHERE article.id = {row}.article_id
        AND article.info_code = {row}.info_code AND article.revision = {row}.revision
        AND {row}.start >= 0 AND {row}."end" >= {row}.start
        AND substr(article.text, {row}.start + 1, {row}."end" - {row}.start) = {row}.text
    )
"""

_POSTGRES_INSERTED = (
    """
CREATE FUNCTION {table}_offsets_on_insert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM inserted WHERE """
    + _WRONG.replace("{row}", "inserted")
    + """) THEN
        PERFORM {table}_offsets_refuse();
    END IF;
    RETURN NULL;
END $$
"""
)

_POSTGRES_UPDATED = (
    """
CREATE FUNCTION {table}_offsets_on_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF """
    + _WRONG.replace("{row}", "NEW")
    + """ THEN
        PERFORM {table}_offsets_refuse();
    END IF;
    RETURN NEW;
END $$
"""
)

_POSTGRES_ON_INSERT = """
CREATE TRIGGER {table}_offsets_on_insert AFTER INSERT ON {table}
REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION {table}_offsets_on_insert()
"""

_POSTGRES_ON_UPDATE = """
CREATE TRIGGER {table}_offsets_on_update BEFORE UPDATE OF {columns} ON {table}
FOR EACH ROW EXECUTE FUNCTION {table}_offsets_on_update()
"""

_POSTGRES_FIXED = (
    """
CREATE FUNCTION article_text_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'article: the text of a revision never changes' USING ERRCODE = 'check_violation';
END $$
""",
    """
CREATE TRIGGER article_text_is_fixed BEFORE UPDATE OF id, info_code, revision, text ON article
FOR EACH ROW WHEN ((OLD.id, OLD.info_code, OLD.revision, OLD.text) IS DISTINCT FROM
    (NEW.id, NEW.info_code, NEW.revision, NEW.text))
EXECUTE FUNCTION article_text_is_fixed()
""",
)


def offsets_of(table: str) -> Derived:
    """Give the triggers that hold the offsets of a table with spans on published articles."""
    sqlite = (
        _SQLITE.format(table=table, event="INSERT", columns=""),
        _SQLITE.format(table=table, event="UPDATE", columns=f"OF {_COLUMNS}"),
    )
    postgres = (
        _POSTGRES_REFUSE,
        _POSTGRES_INSERTED,
        _POSTGRES_UPDATED,
        _POSTGRES_ON_INSERT,
        _POSTGRES_ON_UPDATE,
    )
    names = f"{table}_offsets_on_insert", f"{table}_offsets_on_update"
    functions = (*names, f"{table}_offsets_refuse")
    return Derived(
        MappingProxyType(
            {"sqlite": sqlite, "postgresql": tuple(each.format(table=table, columns=_COLUMNS) for each in postgres)}
        ),
        MappingProxyType(
            {
                "sqlite": tuple(f"DROP TRIGGER IF EXISTS {name}" for name in names),
                # The triggers go with their functions.
                "postgresql": tuple(f"DROP FUNCTION IF EXISTS {name}() CASCADE" for name in functions),
            }
        ),
    )


FIXED_TEXT = Derived(
    MappingProxyType({"sqlite": (_SQLITE_FIXED,), "postgresql": _POSTGRES_FIXED}),
    MappingProxyType(
        {
            "sqlite": ("DROP TRIGGER IF EXISTS article_text_is_fixed",),
            "postgresql": ("DROP FUNCTION IF EXISTS article_text_is_fixed() CASCADE",),
        }
    ),
)
