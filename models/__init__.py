"""What a row is: closed vocabularies, frozen values, tables, the catalogue and the database."""
