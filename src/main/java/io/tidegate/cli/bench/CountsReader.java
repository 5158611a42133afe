package io.tidegate.cli.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetValueReaders;
import org.apache.iceberg.parquet.ParquetValueReaders.UnboxedReader;
import org.apache.iceberg.shaded.org.apache.parquet.column.ColumnDescriptor;
import org.apache.iceberg.shaded.org.apache.parquet.schema.MessageType;
import org.apache.iceberg.shaded.org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.iceberg.types.Types;

/** Reads hourly counts into an array a series, nothing boxed and nothing allocated for a row. */
final class CountsReader extends ParquetValueReaders.StructReader<CountsReader, CountsReader> {

  private static final Schema SCHEMA =
      new Schema(
          Types.NestedField.required(1, "series", Types.IntegerType.get()),
          Types.NestedField.required(2, "hour", Types.IntegerType.get()),
          Types.NestedField.required(3, "events", Types.LongType.get()));

  private final List<Cell> cells;

  /** A column's value of the row that is read. */
  private static final class Cell extends UnboxedReader<Object> {
    private static final Object READ = new Object();

    private final boolean wide;
    private long value;

    private Cell(ColumnDescriptor column) {
      super(column);
      wide = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.INT64;
    }

    @Override
    public Object read(Object reuse) {
      value = wide ? readLong() : readInteger();
      return READ;
    }
  }

  private CountsReader(List<Cell> cells) {
    super(List.copyOf(cells));
    this.cells = cells;
  }

  private static CountsReader of(MessageType type) {
    return new CountsReader(
        SCHEMA.columns().stream()
            .map(field -> new Cell(type.getColumnDescription(new String[] {field.name()})))
            .toList());
  }

  /**
   * Reads a file.
   *
   * @param events by series and hour from {@code firstHour} on
   */
  static void read(Path file, double[][] events, int firstHour) throws IOException {
    try (CloseableIterable<CountsReader> rows =
        Parquet.read(Files.localInput(file.toFile()))
            .project(SCHEMA)
            .withNameMapping(MappingUtil.create(SCHEMA))
            .reuseContainers()
            .createReaderFunc(CountsReader::of)
            .build()) {
      for (CountsReader row : rows) {
        events[(int) row.value(0)][(int) row.value(1) - firstHour] = row.value(2);
      }
    }
  }

  private long value(int column) {
    return cells.get(column).value;
  }

  @Override
  protected CountsReader newStructData(CountsReader reuse) {
    return this;
  }

  @Override
  protected CountsReader buildStruct(CountsReader row) {
    return row;
  }

  @Override
  protected Object getField(CountsReader row, int column) {
    return Cell.READ;
  }

  /** The cell keeps what it read. */
  @Override
  protected void set(CountsReader row, int column, Object value) {}
}
