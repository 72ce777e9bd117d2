"""The pages of the audits: what each suite of Great Expectations found, in HTML that needs nothing from elsewhere."""

from flows.pages.writing import MOST_SHOWN, with_page, write_page

__all__ = ["MOST_SHOWN", "with_page", "write_page"]
