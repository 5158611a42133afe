package io.tidegate.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.archive.DecisionLog;
import io.tidegate.model.Estimate;
import io.tidegate.model.Exposure;
import io.tidegate.model.GateSignal;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.Origin;
import io.tidegate.model.Outcome;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.ReceivedExposure;
import io.tidegate.model.ReceivedOutcome;
import io.tidegate.model.ReceivedRolloutEvent;
import io.tidegate.model.ReceivedSignal;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.Verdict;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.RowType;
import org.apache.iceberg.flink.FlinkSchemaUtil;
import org.junit.jupiter.api.Test;

class RowsTest {

  private static final long NOW = 1_767_225_600_000L;
  private static final Origin ORIGIN = new Origin("t", 3, 41, NOW + 5);

  @Test
  void exposure_survives_its_row() {
    ReceivedExposure received =
        new ReceivedExposure(
            ORIGIN,
            new Exposure("e", NOW, "u", "f", "on", "", "split", Map.of("country", "DE")),
            null);
    RowData row = inTable(Tables.EXPOSURES, InputRows.exposure(received));
    assertThat(InputRows.exposure(row)).isEqualTo(received);
  }

  @Test
  void outcomes_survive_their_rows() {
    for (Outcome outcome :
        List.of(
            new Outcome("e", NOW, "u", "purchase", -12_500_000, true, Map.of("country", "DE")),
            new Outcome("e", NOW, "u", "visit", 0, false, Map.of()))) {
      ReceivedOutcome received = new ReceivedOutcome(ORIGIN, outcome, null);
      RowData row = inTable(Tables.OUTCOMES, InputRows.outcome(received));
      assertThat(InputRows.outcome(row)).isEqualTo(received);
      assertThat(row.isNullAt(4)).isEqualTo(!outcome.hasValue());
    }
  }

  @Test
  void rollout_event_survives_its_row() {
    RolloutEvent event =
        new RolloutEvent(
            "r",
            NOW,
            "checkout",
            RolloutEvent.Kind.DECISION,
            "",
            "ada",
            1,
            "fine",
            List.of("https://example.org"),
            List.of(new RolloutEvent.ActionItem("fix", "bob", "2026-02-01")),
            "",
            "",
            new RolloutEvent.Decided("approve", List.of("MIXED"), "", ""),
            new RolloutEvent.Environment("1", Map.of("a", "on"), Map.of()));
    ReceivedRolloutEvent received = new ReceivedRolloutEvent(ORIGIN, event, null);
    RowData row = inTable(Tables.ROLLOUT_EVENTS, InputRows.rolloutEvent(received));
    assertThat(InputRows.rolloutEvent(row)).isEqualTo(received);
    assertThat(row.getString(12).toString()).contains("\"approve\"");
    RowData entry =
        inTable(
            Tables.DECISION_LOG, GateRows.decision(DecisionLog.of(event, ORIGIN).orElseThrow()));
    assertThat(entry.getString(8).toString()).isEqualTo("approve");
    assertThat(entry.isNullAt(4)).isTrue();
  }

  @Test
  void hourly_part_survives_its_row_beyond_a_long() {
    HourlyCount part = new HourlyCount(NOW, "p", "all", "*", 5, 4, BigInteger.TEN.pow(37).negate());
    assertThat(InputRows.hourly(inTable(Tables.METRIC_HOURLY, InputRows.hourly(part))))
        .isEqualTo(part);
  }

  @Test
  void estimate_and_signal_survive_their_rows() {
    Estimate estimate =
        new Estimate(
            "r",
            1,
            0,
            "canary",
            NOW,
            0,
            "off",
            "on",
            "conversion",
            "all",
            "*",
            Purpose.NON_INFERIORITY,
            "concurrent",
            "raw",
            "mean",
            0.05,
            0.02,
            0.1,
            0.11,
            0.01,
            null,
            0.03,
            0.1,
            null,
            null,
            2.5,
            0.08,
            100,
            101,
            "");
    RowData row =
        inTable(Tables.STAGE_ESTIMATES, GateRows.estimate(estimate, "s-1", null, "run-1"));
    assertThat(GateRows.estimate(row)).isEqualTo(estimate);
    assertThat(GateRows.signalId(row)).isEqualTo("s-1");
    GateSignal signal = signal(estimate, true);
    RowData signalRow = inTable(Tables.GATE_SIGNALS, GateRows.signal(signal, ORIGIN, null));
    assertThat(GateRows.signal(signalRow)).isEqualTo(signal);
    ReceivedSignal received = new ReceivedSignal(ORIGIN, signal, null);
    RowData entry =
        inTable(
            Tables.DECISION_LOG,
            GateRows.decision(DecisionLog.of(received.usable(), ORIGIN, "ADVANCE").orElseThrow()));
    assertThat(entry.getString(10).toString()).isEqualTo("HOLD");
    assertThat(entry.getString(11).toString()).isEqualTo("ADVANCE");
    assertThat(DecisionLog.of(signal(estimate, false), ORIGIN, "HOLD")).isEmpty();
  }

  private static GateSignal signal(Estimate estimate, boolean changed) {
    return new GateSignal(
        "s-1",
        "r",
        1,
        0,
        "canary",
        1.0,
        NOW,
        0,
        "",
        "hash",
        Verdict.HOLD,
        false,
        List.of(new Reason("WAITING", "Not enough.", "1", "2")),
        List.of(estimate),
        null,
        NOW + 60_000,
        null,
        "",
        "team",
        "#x",
        null,
        List.of("units"),
        "spec",
        NOW,
        0,
        GateSignal.Arrivals.NONE,
        true,
        changed);
  }

  /** Through the table's own serializer, which rejects a field of another type. */
  private static RowData inTable(String table, RowData row) {
    RowType type = FlinkSchemaUtil.convert(Tables.of(table).schema());
    return InternalTypeInfo.of(type).toRowSerializer().toBinaryRow(row).copy();
  }
}
