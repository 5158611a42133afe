package io.tidegate.connector.results;

import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** Scans tables of a catalog row by row. */
final class ResultScans {

  private final CatalogConfig config;
  private final Catalog catalog;

  ResultScans(CatalogConfig config, Catalog catalog) {
    this.config = config;
    this.catalog = catalog;
  }

  /** Gives every row that meets the condition; throws a UserError where there is no such table. */
  void each(String name, Expression condition, Consumer<ResultRow> consumer, String... columns) {
    IcebergGenerics.ScanBuilder scan = IcebergGenerics.read(table(name)).where(condition);
    if (columns.length > 0) {
      scan = scan.select(columns);
    }
    try (CloseableIterable<Record> rows = scan.build()) {
      rows.forEach(row -> consumer.accept(new ResultRow(row)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void each(String name, String column, String value, Consumer<ResultRow> consumer) {
    each(name, Expressions.equal(column, value), consumer);
  }

  /** Rows of a table as its newest snapshot counts them. */
  long size(String name) {
    Snapshot newest = table(name).currentSnapshot();
    return newest == null ? 0 : Long.parseLong(newest.summary().getOrDefault("total-records", "0"));
  }

  private Table table(String name) {
    TableIdentifier identifier = Catalogs.identifier(config, name);
    if (!catalog.tableExists(identifier)) {
      throw new UserError(
          "catalog " + config.name(),
          config.namespace(),
          "no table " + name,
          "the tables that the jobs make; has a job run against this catalog?");
    }
    return catalog.loadTable(identifier);
  }
}
