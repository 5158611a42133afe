package io.tidegate.connector.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.codec.Tables;
import io.tidegate.model.GateSignal;
import io.tidegate.model.ReportData;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import io.tidegate.report.SampleRollout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportReaderTest {

  @TempDir static Path folder;
  private static TableFixture tables;
  private static final ReportData WRITTEN = SampleRollout.rolledBack();
  private static ReportData read;

  @BeforeAll
  static void writeAndRead() {
    tables = TableFixture.create(folder);
    SampleTables.write(tables, WRITTEN);
    read = new ReportReader(tables.config(), tables.catalog()).read(SampleRollout.ID);
  }

  @AfterAll
  static void close() throws IOException {
    tables.close();
  }

  @Test
  void read_givesWhatWasWritten() {
    assertThat(read.spec()).isEqualTo(WRITTEN.spec());
    assertThat(read.asOfMs()).isEqualTo(WRITTEN.asOfMs());
    assertThat(read.estimates()).containsExactlyInAnyOrderElementsOf(WRITTEN.estimates());
    assertThat(read.retention()).containsExactlyInAnyOrderElementsOf(WRITTEN.retention());
    assertThat(read.revenue()).containsExactlyInAnyOrderElementsOf(WRITTEN.revenue());
    assertThat(read.impacts()).containsExactlyInAnyOrderElementsOf(WRITTEN.impacts());
    assertThat(read.runStamp()).isEqualTo(WRITTEN.runStamp());
    assertThat(read.events().stream().map(RolloutEvent::kind))
        .containsExactlyElementsOf(WRITTEN.events().stream().map(RolloutEvent::kind).toList());
    assertThat(read.signals().stream().map(GateSignal::reasons))
        .containsExactlyElementsOf(WRITTEN.signals().stream().map(GateSignal::reasons).toList());
    assertThat(read.specText()).contains("id: checkout-v2", "stages:\n");
  }

  @Test
  void health_countsWhatArrivedAndWhatIsInNoTable() {
    assertThat(read.health().exposures()).isEqualTo(200);
    assertThat(read.health().outcomes()).isEqualTo(60);
    assertThat(read.health().deadLetters()).isEqualTo(Map.of("outcomes", 3L));
    assertThat(read.health().lateEvents()).isEqualTo(Map.of("outcomes", 7L));
  }

  @Test
  void baseline_isTheHourOfTheWeek() {
    assertThat(read.baseline()).hasSize(143).allMatch(h -> h.observed() == h.expected());
    assertThat(read.baseline().get(0).hourMs()).isEqualTo(SampleRollout.START + SampleRollout.HOUR);
    assertThat(BaselineReader.hourOfWeek(SampleRollout.START, java.time.ZoneOffset.UTC))
        .as("Monday 8:00")
        .isEqualTo(8);
  }

  @Test
  void read_newerRevision_replacesTheOlder(@TempDir Path other) throws IOException {
    try (TableFixture two = TableFixture.create(other)) {
      ReportData data = SampleRollout.rolledBack();
      SampleTables.write(two, data);
      Map<String, Object> replayed =
          SampleTables.row(
              "signal_id",
              "replayed",
              "rollout_id",
              SampleRollout.ID,
              "attempt",
              1,
              "epoch",
              2,
              "stage",
              "half",
              "boundary",
              data.asOfMs(),
              "revision",
              1,
              "verdict",
              "REVIEW",
              "run_id",
              "replay-1",
              "watermark",
              data.asOfMs());
      two.append(Tables.GATE_SIGNALS, List.of(replayed));
      ReportData again = new ReportReader(two.config(), two.catalog()).read(SampleRollout.ID);
      assertThat(again.signals()).hasSameSizeAs(data.signals());
      assertThat(again.lastSignal()).extracting(GateSignal::signalId).isEqualTo("replayed");
    }
  }

  @Test
  void read_unknownRollout_namesTheKnownOnes() {
    ReportReader reader = new ReportReader(tables.config(), tables.catalog());
    assertThatThrownBy(() -> reader.read("chekout-v2"))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("a rollout that was defined: checkout-v2")
        .hasMessageContaining("did you mean checkout-v2?");
  }
}
