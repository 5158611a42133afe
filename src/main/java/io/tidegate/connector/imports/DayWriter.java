package io.tidegate.connector.imports;

import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import java.io.IOException;
import java.util.UUID;
import org.apache.iceberg.AppendFiles;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.data.GenericFileWriterFactory;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.io.PartitionedWriter;
import org.apache.iceberg.io.WriteResult;

/** Appends rows that come in the order of their days to a table, in one commit. */
final class DayWriter implements AutoCloseable {

  private static final long FILE_BYTES = 128L * 1024 * 1024;

  private final Table table;
  private final Writer writer;

  DayWriter(CatalogConfig config, Catalog catalog, String name) {
    this.table = catalog.loadTable(Catalogs.identifier(config, name));
    this.writer = new Writer(table);
  }

  Record row() {
    return GenericRecord.create(table.schema());
  }

  void write(Record row) throws IOException {
    writer.write(row);
  }

  /** Makes what was written visible. */
  void commit() throws IOException {
    WriteResult written = writer.complete();
    if (written.dataFiles().length == 0) {
      return;
    }
    AppendFiles append = table.newAppend();
    for (DataFile file : written.dataFiles()) {
      append.appendFile(file);
    }
    append.commit();
  }

  @Override
  public void close() throws IOException {
    writer.close();
  }

  private static final class Writer extends PartitionedWriter<Record> {

    private final PartitionKey key;
    private final InternalRecordWrapper wrapper;

    Writer(Table table) {
      super(
          table.spec(),
          FileFormat.PARQUET,
          new GenericFileWriterFactory.Builder(table).dataFileFormat(FileFormat.PARQUET).build(),
          OutputFileFactory.builderFor(table, 0, 0)
              .format(FileFormat.PARQUET)
              .operationId(UUID.randomUUID().toString())
              .build(),
          table.io(),
          FILE_BYTES);
      this.key = new PartitionKey(table.spec(), table.schema());
      this.wrapper = new InternalRecordWrapper(table.schema().asStruct());
    }

    @Override
    protected PartitionKey partition(Record row) {
      key.partition(wrapper.wrap(row));
      return key;
    }
  }
}
