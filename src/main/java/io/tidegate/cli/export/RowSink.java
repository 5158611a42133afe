package io.tidegate.cli.export;

import java.io.Closeable;
import java.io.IOException;
import org.apache.flink.types.Row;

/** Takes rows of one schema, in order; the file is complete once closed. */
interface RowSink extends Closeable {

  void write(Row row) throws IOException;

  /** Texts that were changed so that no spreadsheet takes them for a formula. */
  default long guarded() {
    return 0;
  }
}
