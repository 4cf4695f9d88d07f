"""Stores that several files of documents share."""

from tests.support.document_stores import bare_store, hostile_store, zone_set

__all__ = ["bare_store", "hostile_store", "zone_set"]
