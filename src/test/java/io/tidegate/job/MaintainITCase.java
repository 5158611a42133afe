package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.Lists;
import io.tidegate.analysis.Rollouts;
import io.tidegate.codec.Tables;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.MaintainConfig;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.RuntimeConfig;
import io.tidegate.connector.TableMaintenance;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.Assignment;
import io.tidegate.model.Exposure;
import io.tidegate.model.ImpactRun;
import io.tidegate.model.Outcome;
import io.tidegate.model.ReplayOutcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tables looked after beside a running archive that is stopped and restored. */
class MaintainITCase {

  private static final long HOUR = Rollouts.HOUR_MS;
  private static final int UNITS_AN_HOUR = 20;
  private static final int HOURS = 25;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Nothing is young enough to be kept for its age. */
  private static final MaintainConfig AT_ONCE =
      new MaintainConfig(0, Duration.ofDays(90).toMillis(), 2);

  @TempDir private Path folder;
  private int hour;

  @Test
  void tables_get_small_while_writers_readers_and_restores_go_on() throws Exception {
    try (EmbeddedPlatform platform =
        EmbeddedPlatform.start(
            EmbeddedPlatform.Options.in(folder).withEvents(Map.of("clock", "events")))) {
      TidegateConfig config = platform.config().withMaintain(AT_ONCE);
      JobClient first = ArchiveJob.environment(often(config, "")).executeAsync("archive");
      hours(config, HOURS);
      GateJob.environment(config.withBounded(true)).execute("gate");
      awaitArchive(config);
      ImpactRun result = ImpactJob.run(config, Set.of("m")).get(0);
      int files = files(config, Tables.EXPOSURES);
      assertThat(files).isGreaterThanOrEqualTo(HOURS);
      assertThat(snapshots(config)).isGreaterThan(20);
      List<String> rows = rows(config, null);
      List<String> pinned = rows(config, result.stamp().exposuresSnapshotId());

      MaintainJob.run(config, System.currentTimeMillis());
      assertThat(files(config, Tables.EXPOSURES)).as("beside a writer").isLessThan(files / 3);
      hours(config, 2);
      awaitArchive(config);
      String savepoint =
          first
              .stopWithSavepoint(false, folder.toUri() + "sp", SavepointFormatType.CANONICAL)
              .get();
      Snapshot streamed = IcebergTables.load(config, Tables.EXPOSURES).currentSnapshot();

      MaintainJob.run(config, System.currentTimeMillis());
      Table exposures = IcebergTables.load(config, Tables.EXPOSURES);
      assertThat(files(config, Tables.EXPOSURES)).isEqualTo(2);
      assertThat(snapshots(config)).isLessThan(25);
      assertThat(exposures.snapshot(streamed.snapshotId()))
          .as("a restore looks for it")
          .isNotNull();
      assertThat(rows(config, null)).containsAll(rows).hasSize(rows.size() + 2 * UNITS_AN_HOUR);
      assertThat(rows(config, result.stamp().exposuresSnapshotId())).isEqualTo(pinned);

      List<TableMaintenance.Done> again = MaintainJob.run(config, System.currentTimeMillis());
      assertThat(again).allMatch(done -> done.merged() == 0 && done.written() == 0);
      assertThat(files(config, Tables.EXPOSURES)).isEqualTo(2);

      JobClient second = ArchiveJob.environment(often(config, savepoint)).executeAsync("archive");
      try {
        hours(config, 2);
        awaitArchive(config);
      } finally {
        second.cancel().get();
      }
      assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
      ReplayOutcome replay = ReplayJob.run(config, Set.of("m"), false, note -> {}).get(0);
      assertThat(replay.boundaries()).isGreaterThanOrEqualTo(HOURS - 2);
      assertThat(replay.reproduces()).as("%s", replay).isTrue();
    }
  }

  /** Events hour by hour, each archived before the next so that each makes a commit. */
  private void hours(TidegateConfig config, int count) {
    Table exposures = IcebergTables.load(config, Tables.EXPOSURES);
    try (EventProducer producer = new EventProducer(config.kafka())) {
      for (int until = hour + count; hour < until; hour++) {
        long from = Rollouts.START_MS + hour * HOUR;
        for (RolloutEvent event : Rollouts.events("m")) {
          if (event.eventTimeMs() < from + HOUR && (hour == 0 || event.eventTimeMs() >= from)) {
            producer.rollout(defined(event));
          }
        }
        for (int i = 0; i < UNITS_AN_HOUR; i++) {
          String unit = "user-" + (hour * UNITS_AN_HOUR + i);
          long at = from + i * (HOUR / UNITS_AN_HOUR);
          String variant = i % 2 == 0 ? "off" : "on";
          producer.exposure(new Exposure("e" + unit, at, unit, "m", variant, "", "", Map.of()));
          producer.outcome(new Outcome("o" + unit, at, unit, "request", 0, false, Map.of()));
        }
        producer.rollout(RolloutEvent.tick("t" + hour, from + HOUR));
        producer.flush();
        long expected = (hour + 1L) * UNITS_AN_HOUR;
        await("hour " + hour)
            .atMost(PATIENCE)
            .pollInterval(Duration.ofMillis(50))
            .until(() -> archived(exposures) >= expected);
      }
    }
  }

  private static long archived(Table table) {
    table.refresh();
    return table.currentSnapshot() == null
        ? 0
        : Long.parseLong(table.currentSnapshot().summary().get("total-records"));
  }

  private static RolloutEvent defined(RolloutEvent event) {
    return event.kind() == RolloutEvent.Kind.DEFINED
        ? RolloutEvent.defined(
            event.eventId(),
            event.eventTimeMs(),
            "m",
            "test",
            RolloutSpecs.toJson(Rollouts.spec("m", Assignment.MATCHED)),
            "")
        : event;
  }

  private static void awaitArchive(TidegateConfig config) {
    await("archived")
        .atMost(PATIENCE)
        .until(() -> OffsetAudit.run(config).stream().allMatch(OffsetAudit.Partition::sound));
  }

  /** Commits several times a second, begun from a savepoint where one is given. */
  private static TidegateConfig often(TidegateConfig config, String savepoint) {
    Map<String, String> flink = new HashMap<>(config.runtime().flink());
    if (!savepoint.isEmpty()) {
      flink.put("execution.state-recovery.path", savepoint);
    }
    return config.withRuntime(new RuntimeConfig(false, 1, 200, flink));
  }

  private static int files(TidegateConfig config, String table) {
    return Integer.parseInt(
        IcebergTables.load(config, table).currentSnapshot().summary().get("total-data-files"));
  }

  private static int snapshots(TidegateConfig config) {
    return Lists.newArrayList(IcebergTables.load(config, Tables.EXPOSURES).snapshots()).size();
  }

  /** Every row of {@code exposures}, sorted; null for the newest snapshot. */
  private static List<String> rows(TidegateConfig config, Long snapshotId) {
    Table table = IcebergTables.load(config, Tables.EXPOSURES);
    IcebergGenerics.ScanBuilder scan = IcebergGenerics.read(table);
    try (CloseableIterable<Record> rows =
        (snapshotId == null ? scan : scan.useSnapshot(snapshotId)).build()) {
      return Lists.newArrayList(rows).stream().map(Record::toString).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
