package io.tidegate.codec;

import io.tidegate.model.Origin;
import io.tidegate.model.RunStamp;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.jspecify.annotations.Nullable;

/** Fills a row from the left; complains where columns are left over. */
final class RowFiller {
  private final GenericRowData row;
  private int next;

  RowFiller(int columns) {
    row = new GenericRowData(columns);
  }

  RowFiller add(@Nullable Object value) {
    row.setField(next++, value);
    return this;
  }

  RowFiller text(String value) {
    return add(StringData.fromString(value));
  }

  RowFiller number(int value) {
    return add(value);
  }

  RowFiller time(long epochMs) {
    return add(Fields.time(epochMs));
  }

  RowFiller timeOrNull(@Nullable Long epochMs) {
    return add(epochMs == null ? null : Fields.time(epochMs));
  }

  RowFiller origin(@Nullable Origin origin, @Nullable String runId) {
    add(runId == null ? null : StringData.fromString(runId));
    if (origin == null) {
      return add(null).add(null).add(null).add(null);
    }
    return time(origin.recordTimeMs())
        .text(origin.topic())
        .number(origin.partition())
        .add(origin.offset());
  }

  RowFiller stamp(RunStamp stamp) {
    text(stamp.runId()).number(stamp.revision()).time(stamp.dataEndMs());
    return add(stamp.exposuresSnapshotId())
        .add(stamp.outcomesSnapshotId())
        .add(stamp.rolloutEventsSnapshotId());
  }

  GenericRowData row() {
    if (next != row.getArity()) {
      throw new IllegalStateException(next + " of " + row.getArity() + " columns are filled");
    }
    return row;
  }
}
