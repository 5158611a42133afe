package io.tidegate.connector.results;

import io.tidegate.codec.TableDefinition;
import io.tidegate.codec.Tables;
import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/** The real tables in a catalog of their own, filled row by row. */
public final class TableFixture implements Closeable {

  private final CatalogConfig config;
  private final Catalog catalog;
  private final Path folder;

  private TableFixture(Path folder, CatalogConfig config, Catalog catalog) {
    this.folder = folder;
    this.config = config;
    this.catalog = catalog;
  }

  /** Makes the catalog and all tables under a folder, laid out as the embedded platform does. */
  public static TableFixture create(Path folder) {
    CatalogConfig config =
        new CatalogConfig(
            "tidegate",
            "tidegate",
            CatalogConfig.Type.JDBC,
            "jdbc:sqlite:" + folder.resolve("catalog.db") + "?journal_mode=WAL&busy_timeout=8000",
            "file:" + folder.resolve("warehouse"),
            Map.of());
    Catalog catalog = Catalogs.open(config);
    Catalogs.createMissing(config, catalog);
    return new TableFixture(folder, config, catalog);
  }

  public CatalogConfig config() {
    return config;
  }

  public Catalog catalog() {
    return catalog;
  }

  /** Writes the configuration that the command line reads. */
  public Path configFile() {
    try {
      return Files.writeString(
          folder.resolve("tidegate.yaml"),
          """
          kafka: {bootstrap_servers: "127.0.0.1:1"}
          catalog: {uri: "%s", warehouse: "%s"}
          """
              .formatted(config.uri(), config.warehouse()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends rows in one commit; a column that a row lacks gets the empty value of its type. */
  public void append(String name, List<Map<String, Object>> rows) {
    TableDefinition definition = Tables.of(name);
    Table table = catalog.loadTable(Catalogs.identifier(config, name));
    GenericFileWriterFactory files = new GenericFileWriterFactory.Builder(table).build();
    OutputFileFactory names =
        OutputFileFactory.builderFor(table, 1, 1).operationId(UUID.randomUUID().toString()).build();
    InternalRecordWrapper wrapper = new InternalRecordWrapper(table.schema().asStruct());
    Map<PartitionKey, DataWriter<Record>> writers = new LinkedHashMap<>();
    for (Map<String, Object> row : rows) {
      GenericRecord record = record(table, row);
      PartitionKey key = new PartitionKey(table.spec(), table.schema());
      key.partition(wrapper.wrap(record));
      writers
          .computeIfAbsent(
              key.copy(),
              k -> files.newDataWriter(names.newOutputFile(table.spec(), k), table.spec(), k))
          .write(record);
    }
    AppendFiles append = table.newAppend();
    for (DataWriter<Record> writer : writers.values()) {
      close(writer);
      DataFile file = writer.toDataFile();
      append.appendFile(file);
    }
    append.commit();
    if (definition.dayColumn().isEmpty()) {
      throw new IllegalStateException("every table of Tidegate is partitioned by day");
    }
  }

  private static GenericRecord record(Table table, Map<String, Object> row) {
    GenericRecord record = GenericRecord.create(table.schema());
    for (Types.NestedField field : table.schema().columns()) {
      Object value = row.get(field.name());
      if (value == null && field.isRequired()) {
        value = empty(field.type());
      }
      record.setField(field.name(), fitted(field.type(), value));
    }
    for (String column : row.keySet()) {
      if (table.schema().findField(column) == null) {
        throw new IllegalArgumentException(table.name() + " has no column " + column);
      }
    }
    return record;
  }

  private static Object empty(Type type) {
    return switch (type.typeId()) {
      case STRING -> "";
      case BOOLEAN -> false;
      case INTEGER -> 0;
      case LONG -> 0L;
      case DOUBLE -> 0.0;
      case TIMESTAMP -> 0L;
      case DECIMAL -> java.math.BigDecimal.ZERO;
      case LIST -> List.of();
      case MAP -> Map.of();
      default -> throw new IllegalArgumentException("no empty " + type);
    };
  }

  /** Times are given as epoch milliseconds, lists of structs as maps. */
  private static Object fitted(Type type, Object value) {
    if (value == null) {
      return null;
    }
    return switch (type.typeId()) {
      case TIMESTAMP -> Instant.ofEpochMilli((Long) value).atOffset(ZoneOffset.UTC);
      case LIST ->
          ((List<?>) value).stream().map(v -> fitted(type.asListType().elementType(), v)).toList();
      case STRUCT -> {
        GenericRecord struct = GenericRecord.create(type.asStructType());
        ((Map<?, ?>) value).forEach((k, v) -> struct.setField((String) k, v));
        yield struct;
      }
      default -> value;
    };
  }

  private static void close(DataWriter<Record> writer) {
    try {
      writer.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    if (catalog instanceof Closeable closeable) {
      closeable.close();
    }
  }
}
