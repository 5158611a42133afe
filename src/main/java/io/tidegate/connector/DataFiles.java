package io.tidegate.connector;

import org.apache.iceberg.DataFile;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/** Single files of tables. */
final class DataFiles {

  private DataFiles() {}

  /** Grows with every commit; files that were put together have the largest of theirs. */
  static long sequence(DataFile file) {
    Long sequence = file.dataSequenceNumber();
    return sequence == null ? 0 : sequence;
  }

  static CloseableIterable<Record> rows(Table table, DataFile file, Schema columns) {
    return Parquet.read(table.io().newInputFile(file))
        .project(columns)
        .createReaderFunc(schema -> GenericParquetReaders.buildReader(columns, schema))
        .build();
  }
}
