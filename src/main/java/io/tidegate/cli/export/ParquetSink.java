package io.tidegate.cli.export;

import io.tidegate.model.Problem;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.catalog.ResolvedSchema;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.conversion.RowRowConverter;
import org.apache.flink.table.types.DataType;
import org.apache.flink.types.Row;
import org.apache.iceberg.Files;
import org.apache.iceberg.Schema;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.apache.iceberg.flink.data.FlinkParquetWriters;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.parquet.Parquet;

/**
 * Parquet by Iceberg's writer: types as they are in the tables, {@code TIMESTAMP_LTZ} as UTC
 * microseconds. A {@link UserError} naming the columns whose type Parquet has not.
 */
final class ParquetSink implements RowSink {

  private final RowRowConverter rows;
  private final FileAppender<RowData> file;

  ParquetSink(Path path, ResolvedSchema schema) throws IOException {
    DataType type = schema.toPhysicalRowDataType();
    rows = RowRowConverter.create(type);
    rows.open(ParquetSink.class.getClassLoader());
    file =
        Parquet.write(Files.localOutput(path.toFile()))
            .schema(columns(schema))
            .createWriterFunc(
                message -> FlinkParquetWriters.buildWriter(type.getLogicalType(), message))
            .build();
  }

  private static Schema columns(ResolvedSchema schema) {
    List<Problem> problems = new ArrayList<>();
    for (Column column : schema.getColumns()) {
      try {
        FlinkSchemaUtil.convert(column.getDataType().getLogicalType());
      } catch (UnsupportedOperationException e) {
        problems.add(
            new Problem(
                column.getName(),
                "",
                column.getDataType().toString(),
                "a type that Parquet has; CAST it"));
      }
    }
    if (!problems.isEmpty()) {
      throw new UserError(problems);
    }
    return FlinkSchemaUtil.convert(schema);
  }

  @Override
  public void write(Row row) {
    file.add(rows.toInternal(row));
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
