package io.tidegate.connector;

import io.tidegate.codec.Tables;
import io.tidegate.model.ReplayedDecision.Decided;
import io.tidegate.model.UserError;
import io.tidegate.model.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;

/** The gate's decisions, by their id. */
public final class ArchivedDecisions {

  private static final String ID = "the decision_id of a verdict in decision_log, or a signal_id";

  private ArchivedDecisions() {}

  /**
   * A verdict of {@code decision_log}, else of {@code gate_signals}. Throws a UserError where there
   * is none of this id, and for what a person decided.
   */
  public static Decided find(TidegateConfig config, String id) {
    Record logged = row(config, Tables.DECISION_LOG, "decision_id", id);
    if (logged != null && text(logged, "signal_id").isEmpty()) {
      String found = "%s of %s".formatted(text(logged, "action"), text(logged, "actor"));
      throw new UserError(
          "--decision", "", id + ", " + found, ID + ": what a person decided is not recomputed");
    }
    Record decision = logged == null ? row(config, Tables.GATE_SIGNALS, "signal_id", id) : logged;
    if (decision == null) {
      throw new UserError("--decision", "", id, ID);
    }
    return new Decided(
        text(decision, "signal_id"),
        text(decision, "rollout_id"),
        (int) decision.getField("attempt"),
        (int) decision.getField("epoch"),
        text(decision, "stage"),
        ((OffsetDateTime) decision.getField("boundary")).toInstant().toEpochMilli(),
        Verdict.valueOf(text(decision, "verdict")),
        text(decision, "data_hash"),
        (long) decision.getField("baselines_snapshot_id"));
  }

  /** The row that came last: a gate that began anew may have sent a signal twice. */
  private static @Nullable Record row(
      TidegateConfig config, String name, String column, String id) {
    Table table = IcebergTables.load(config, name);
    Record last = null;
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table).where(Expressions.equal(column, id)).build()) {
      for (Record row : rows) {
        if (last == null || offset(row) > offset(last)) {
          last = row.copy();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    return last;
  }

  private static long offset(Record row) {
    return row.getField("_offset") instanceof Long offset ? offset : Long.MAX_VALUE;
  }

  private static String text(Record row, String column) {
    return String.valueOf(row.getField(column));
  }
}
