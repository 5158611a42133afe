package io.tidegate.connector.imports;

import io.tidegate.model.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.CloseableIterator;
import org.apache.iceberg.mapping.MappingUtil;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.shaded.org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.iceberg.shaded.org.apache.parquet.io.LocalInputFile;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Rows of a Parquet file: its top-level columns of simple types, as text. */
final class ParquetRows implements Rows {

  private final CloseableIterable<Record> records;
  private final CloseableIterator<Record> iterator;
  private final List<String> columns;
  private long number;

  private ParquetRows(CloseableIterable<Record> records, List<String> columns) {
    this.records = records;
    this.iterator = records.iterator();
    this.columns = columns;
  }

  /** Opens a file; {@code renamed} names its simple columns where it is not empty. */
  static ParquetRows open(Path file, List<String> renamed) throws IOException {
    Schema schema = simple(schema(file));
    List<String> named = schema.columns().stream().map(Types.NestedField::name).toList();
    if (!renamed.isEmpty() && renamed.size() != named.size()) {
      throw new UserError(
          file.toString(), "", renamed.size() + " names", named.size() + " as columns " + named);
    }
    CloseableIterable<Record> records =
        Parquet.read(Files.localInput(file.toFile()))
            .project(schema)
            .withNameMapping(MappingUtil.create(schema))
            .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
            .build();
    return new ParquetRows(records, renamed.isEmpty() ? named : renamed);
  }

  private static Schema schema(Path file) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      return ParquetSchemaUtil.convert(reader.getFileMetaData().getSchema());
    } catch (RuntimeException e) {
      throw new UserError(file.toString(), "", String.valueOf(e.getMessage()), "a Parquet file");
    }
  }

  private static Schema simple(Schema schema) {
    return new Schema(
        schema.columns().stream().filter(field -> field.type().isPrimitiveType()).toList());
  }

  @Override
  public List<String> columns() {
    return columns;
  }

  @Override
  public @Nullable Row next() {
    if (!iterator.hasNext()) {
      return null;
    }
    Record record = iterator.next();
    String[] cells = new String[columns.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = text(record.get(i));
    }
    return new Row(++number, new ArrayList<>(Arrays.asList(cells)));
  }

  private static String text(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
  }

  @Override
  public void close() {
    try {
      iterator.close();
      records.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
