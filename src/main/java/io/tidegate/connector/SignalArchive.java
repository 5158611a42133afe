package io.tidegate.connector;

import io.tidegate.codec.SignalCodec;
import io.tidegate.codec.Tables;
import io.tidegate.model.GateSignal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;

/** The newest revision of every archived signal of some rollouts. */
public final class SignalArchive {

  private final Map<String, GateSignal> newest = new HashMap<>();

  private SignalArchive() {}

  /** Reads the table as it is now. */
  public static SignalArchive read(CatalogConfig config, Set<String> rolloutIds) {
    Table table =
        Catalogs.shared(config).loadTable(Catalogs.identifier(config, Tables.GATE_SIGNALS));
    SignalArchive archive = new SignalArchive();
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(table)
            .where(Expressions.in("rollout_id", rolloutIds))
            .select("payload")
            .build()) {
      for (Record row : rows) {
        String payload = (String) row.getField("payload");
        GateSignal signal = SignalCodec.readSignal(payload.getBytes(StandardCharsets.UTF_8));
        archive.newest.merge(key(signal), signal, (a, b) -> a.revision() >= b.revision() ? a : b);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(table.name() + " cannot be read", e);
    }
    return archive;
  }

  /** The newest revision of a signal's boundary, or null where it is not archived. */
  public @org.jspecify.annotations.Nullable GateSignal of(GateSignal signal) {
    return newest.get(key(signal));
  }

  /** Newest archived boundary of a rollout; {@link Long#MIN_VALUE} without one. */
  public long newestBoundaryMs(String rolloutId) {
    return newest.values().stream()
        .filter(s -> s.rolloutId().equals(rolloutId))
        .mapToLong(GateSignal::boundaryMs)
        .max()
        .orElse(Long.MIN_VALUE);
  }

  private static String key(GateSignal signal) {
    return signal.rolloutId()
        + "/"
        + signal.attempt()
        + "/"
        + signal.epoch()
        + "/"
        + signal.boundaryMs();
  }
}
