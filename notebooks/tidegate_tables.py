"""Tidegate's tables: opened with PyIceberg, asked with DuckDB."""

from pathlib import Path

import duckdb
from pyiceberg.catalog.sql import SqlCatalog

NAMESPACE = "tidegate"


class Tables:
    """The tables of one embedded folder; each is read at its newest snapshot when first asked."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        database = self.folder / "catalog.db"
        if not database.exists():
            raise FileNotFoundError(
                f"{database}: no catalog there; run ./tidegate demo first or set `data` in the first cell"
            )
        self.catalog = SqlCatalog(
            "tidegate", uri=f"sqlite:///{database}", warehouse=f"file://{self.folder}/warehouse"
        )
        self._duckdb = duckdb.connect()
        self._duckdb.execute("SET TimeZone = 'UTC'")
        self._read = set()

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
