package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.codec.Tables;
import io.tidegate.connector.SentSignals.Sent;
import io.tidegate.connector.results.TableFixture;
import io.tidegate.model.GateSignal;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.flink.TableLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SentSignalsITCase {

  private static final String TOPIC = "gate-signals";
  private static final long DELIVERY_MS = 120_000;
  private static final long HOUR = 3_600_000L;
  private static final int DAYS = 60;

  @TempDir private Path folder;

  private final List<GateSignal> signals = SampleRollout.rolledBack().signals();
  private final GateSignal early = signals.get(0);
  private final GateSignal late = signals.get(1);

  @Test
  void contains_theSameContentOnly() {
    SentSignals sent =
        topicOnly(List.of(sent(early, 0), new Sent(late.signalId(), "of other content", 0)), 0);
    assertThat(sent.contains(early)).isTrue();
    assertThat(sent.contains(late)).isFalse();
  }

  /** A producer that was killed may have delivered a signal and not its evidence. */
  @Test
  void contains_noneOfTheLastThatWentWithoutTransaction() {
    List<Sent> sent = List.of(sent(early, 0), sent(late, DELIVERY_MS));
    assertThat(topicOnly(sent, DELIVERY_MS).contains(early)).isTrue();
    assertThat(topicOnly(sent, DELIVERY_MS).contains(late)).isFalse();
    assertThat(topicOnly(sent, 0).contains(late)).isTrue();
  }

  @Test
  void contains_readsTheTableFromTheDayThatIsAskedForOnAndNoRowTwice() throws IOException {
    try (TableFixture tables = TableFixture.create(folder)) {
      long firstMs = late.boundaryMs() - DAYS * 24 * HOUR;
      for (int day = 0; day < DAYS; day++) {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int hour = 0; hour < 24; hour++) {
          long offset = day * 24L + hour;
          rows.add(row("s" + offset, "hash", firstMs + offset * HOUR, offset));
        }
        tables.append(Tables.GATE_SIGNALS, rows);
      }
      int all = DAYS * 24 + 2;
      tables.append(
          Tables.GATE_SIGNALS,
          List.of(
              row(late.signalId(), late.dataHash(), late.boundaryMs(), all - 2),
              row("by this job", "hash", late.boundaryMs() + 1, all - 1)));
      TableLoader loader = Catalogs.table(tables.config(), Tables.GATE_SIGNALS);
      SentSignals sent =
          SentSignals.of(loader, TOPIC, Map.of(0, all - 1L), List.of(), Long.MIN_VALUE, 0);
      assertThat(sent.rowsRead()).isZero();
      assertThat(sent.contains(late)).isTrue();
      assertThat(sent.rowsRead()).as("of %d", all).isLessThanOrEqualTo(24 + 2);
      assertThat(sent.contains(late)).isTrue();
      assertThat(sent.rowsRead()).isLessThanOrEqualTo(24 + 2);

      SentSignals before =
          SentSignals.of(loader, TOPIC, Map.of(0, all - 2L), List.of(), Long.MIN_VALUE, 0);
      assertThat(before.contains(late)).as("sent after the job was built").isFalse();
    }
  }

  private static Map<String, Object> row(
      String signalId, String dataHash, long boundaryMs, long offset) {
    return Map.of(
        "signal_id",
        signalId,
        "data_hash",
        dataHash,
        "boundary",
        boundaryMs,
        "record_time",
        boundaryMs,
        "_topic",
        TOPIC,
        "_topic_partition",
        0,
        "_offset",
        offset);
  }

  private static SentSignals topicOnly(List<Sent> sent, long doubtfulMs) {
    return SentSignals.of(null, TOPIC, Map.of(), sent, Long.MIN_VALUE, doubtfulMs);
  }

  private static Sent sent(GateSignal signal, long recordMs) {
    return new Sent(signal.signalId(), signal.dataHash(), recordMs);
  }
}
