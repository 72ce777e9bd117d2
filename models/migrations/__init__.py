"""The steps from one form of the tables to the next; `models.schema` runs them."""
