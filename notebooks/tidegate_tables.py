"""Tidegate's tables: opened with PyIceberg, asked with DuckDB."""

import os
from pathlib import Path

import duckdb
from pyiceberg.catalog import load_catalog
from pyiceberg.catalog.sql import SqlCatalog

NAMESPACE = "tidegate"

# Set where a server holds the catalog, as docker-compose.yml does.
SERVER = "PYICEBERG_CATALOG__TIDEGATE__URI"


class Tables:
    """The tables of one embedded folder, or of the server that the environment names; each is read
    at its newest snapshot when first asked."""

    def __init__(self, folder):
        self.catalog = load_catalog("tidegate") if SERVER in os.environ else self._embedded(folder)
        self._duckdb = duckdb.connect()
        self._duckdb.execute("SET TimeZone = 'UTC'")
        self._read = set()

    def _embedded(self, folder):
        self.folder = Path(folder).resolve()
        database = self.folder / "catalog.db"
        if not database.exists():
            raise FileNotFoundError(
                f"{database}: no catalog there; run ./tidegate demo first or set `data` in the first cell"
            )
        return SqlCatalog(
            "tidegate", uri=f"sqlite:///{database}", warehouse=f"file://{self.folder}/warehouse"
        )

    def names(self):
        """Names of all tables."""
        return sorted(name for _, name in self.catalog.list_tables(NAMESPACE))

    def describe(self, table):
        """Columns of a table with their meaning."""
        schema = self.catalog.load_table(f"{NAMESPACE}.{table}").schema()
        return {field.name: field.doc for field in schema.fields}

    def query(self, sql, **parameters):
        """A data frame; tables are named as they are, parameters as $name."""
        for name in self.names():
            if name in sql and name not in self._read:
                rows = self.catalog.load_table(f"{NAMESPACE}.{name}").scan().to_arrow()
                self._duckdb.register(name, rows)
                self._read.add(name)
        return self._duckdb.execute(sql, parameters or None).df()
