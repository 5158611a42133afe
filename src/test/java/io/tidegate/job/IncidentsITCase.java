package io.tidegate.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.analysis.Rollouts;
import io.tidegate.analysis.alarm.AlarmWorld;
import io.tidegate.analysis.alarm.AlarmWorld.Planted;
import io.tidegate.codec.InputRows;
import io.tidegate.codec.Tables;
import io.tidegate.connector.BaselineConfig;
import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.FlinkDefaults;
import io.tidegate.connector.IcebergTables;
import io.tidegate.connector.OffsetAudit;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.Assignment;
import io.tidegate.model.HourlyCount;
import io.tidegate.model.Outcome;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import io.tidegate.spec.RolloutSpecs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hours in the catalog, a shift of a tenth in one segment: the job, the broker, the archive. */
class IncidentsITCase {

  private static final int WEEKS = 15;
  private static final int AT = 13 * AlarmWorld.WEEK + 34;
  private static final long NOW_MS =
      AlarmWorld.START_MS + (WEEKS * AlarmWorld.WEEK) * AlarmWorld.HOUR_MS + 15 * 60_000;

  @TempDir private Path folder;

  @Test
  void shift_in_one_segment_is_one_incident_told_once() throws Exception {
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      AlarmWorld world =
          new AlarmWorld(
              5,
              WEEKS,
              0.01,
              List.of(
                  new Planted(
                      "session_start", "device", "mobile", AT, Integer.MAX_VALUE, 0.9, false)));
      TidegateConfig config =
          platform
              .config()
              .withBounded(true)
              .withBaseline(new BaselineConfig(AlarmWorld.ZONE.getId(), "", world.holidays()));
      assertThatThrownBy(() -> IncidentsJob.run(config, NOW_MS))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("metric_hourly");
      archive(config, world.parts());
      begin(config, "checkout", AlarmWorld.START_MS + (AT - 10) * AlarmWorld.HOUR_MS);
      ArchiveJob.environment(config).execute("archive");
      uidsAreTheGoldenOnes(config);

      IncidentsJob.run(config, NOW_MS);
      IncidentsJob.run(config, NOW_MS);
      ArchiveJob.environment(config).execute("archive");
      IncidentsJob.run(config, NOW_MS);
      ArchiveJob.environment(config).execute("archive");

      List<Record> states = rows(config);
      Map<Object, Long> byState =
          states.stream()
              .collect(
                  Collectors.groupingBy(
                      r -> r.getField("incident_id") + "@" + r.getField("event_time"),
                      Collectors.counting()));
      assertThat(byState.values()).as("each state is told once").containsOnly(1L);
      assertThat(states.stream().map(r -> r.getField("incident_id")).distinct()).hasSize(1);
      Record last = states.get(states.size() - 1);
      assertThat(last.getField("kind")).isEqualTo("LEVEL_SHIFT");
      assertThat(last.getField("common_cause")).isEqualTo(Map.of("device", "mobile"));
      assertThat(last.getField("metrics").toString()).contains("session_start");
      assertThat(last.getField("sentence").toString())
          .contains("session_start of device=mobile", "rollouts running: checkout");
      assertThat(last.getField("blames_rollout")).isEqualTo(false);
      assertThat(last.getField("respond_by")).isNotNull();
      assertThat(last.getField("_topic")).isEqualTo(config.kafka().topics().incidents());
      assertThat(OffsetAudit.run(config)).allMatch(OffsetAudit.Partition::sound);
    }
  }

  @Test
  void hours_that_the_archive_has_not_reached_are_not_missing_data() throws Exception {
    int weeks = 5;
    long endMs = AlarmWorld.START_MS + AlarmWorld.HOUR_MS * AlarmWorld.WEEK * weeks;
    long nowMs = endMs + 3 * AlarmWorld.HOUR_MS + 15 * 60_000;
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      AlarmWorld world = new AlarmWorld(5, weeks + 1, 0.01, List.of());
      TidegateConfig config =
          platform
              .config()
              .withBounded(true)
              .withBaseline(new BaselineConfig(AlarmWorld.ZONE.getId(), "", world.holidays()));
      archive(config, between(world, AlarmWorld.START_MS, endMs));
      produce(config, endMs - 60_000);
      ArchiveJob.environment(config).execute("archive");
      produce(config, nowMs - 60_000);

      IncidentsJob.run(config, nowMs);
      ArchiveJob.environment(config).execute("archive");
      assertThat(rows(config)).noneMatch(r -> r.getField("kind").equals("MISSING_DATA"));

      IncidentsJob.run(config, nowMs);
      ArchiveJob.environment(config).execute("archive");
      assertThat(rows(config))
          .as("it is read, and there was nothing")
          .anyMatch(r -> r.getField("kind").equals("MISSING_DATA"));

      long laterMs = nowMs + AlarmWorld.HOUR_MS;
      archive(config, between(world, endMs, laterMs));
      IncidentsJob.run(config, laterMs);
      ArchiveJob.environment(config).execute("archive");
      assertThat(newest(rows(config)).values())
          .as("it came late; nobody is left with an open incident")
          .filteredOn(r -> r.getField("kind").equals("MISSING_DATA"))
          .isNotEmpty()
          .allMatch(r -> r.getField("closed_at") != null);
    }
  }

  private static List<HourlyCount> between(AlarmWorld world, long fromMs, long toMs) {
    return world.parts().stream()
        .filter(part -> part.hourStartMs() >= fromMs && part.hourStartMs() < toMs)
        .toList();
  }

  private static Map<Object, Record> newest(List<Record> rows) {
    return rows.stream()
        .collect(
            Collectors.toMap(r -> r.getField("incident_id"), r -> r, (earlier, later) -> later));
  }

  private static void produce(TidegateConfig config, long timeMs) {
    try (EventProducer producer = new EventProducer(config.kafka())) {
      producer.outcome(new Outcome("o" + timeMs, timeMs, "u", "ping", 0, false, Map.of()));
    }
  }

  private static void begin(TidegateConfig config, String rolloutId, long atMs) {
    String spec = RolloutSpecs.toJson(Rollouts.spec(rolloutId, Assignment.MATCHED));
    try (EventProducer producer = new EventProducer(config.kafka())) {
      producer.rollout(RolloutEvent.defined("d", atMs - 1, rolloutId, "ci", spec, ""));
      producer.rollout(
          RolloutEvent.bare("s", atMs, rolloutId, RolloutEvent.Kind.STAGE_ENTERED, "canary"));
      producer.rollout(RolloutEvent.tick("t", atMs + 1));
    }
  }

  private static void archive(TidegateConfig config, List<HourlyCount> parts) throws Exception {
    StreamExecutionEnvironment env = FlinkDefaults.environment(config.runtime());
    env.setRuntimeMode(RuntimeExecutionMode.BATCH);
    IcebergTables.append(
        env.fromData(parts, TypeInformation.of(HourlyCount.class)).uid("hours"),
        config,
        Tables.METRIC_HOURLY,
        InputRows::hourly,
        "hourly");
    env.execute("hours");
  }

  private static void uidsAreTheGoldenOnes(TidegateConfig config) throws Exception {
    List<String> uids =
        IncidentsJob.environment(config, NOW_MS).getStreamGraph().getStreamNodes().stream()
            .map(StreamNode::getTransformationUID)
            .filter(uid -> uid != null)
            .sorted()
            .toList();
    Path golden = Path.of("src/test/resources/uids/incidents.txt");
    if (Boolean.getBoolean("tidegate.update")) {
      Files.write(golden, uids);
    }
    assertThat(uids).doesNotHaveDuplicates().isEqualTo(Files.readAllLines(golden));
  }

  private static List<Record> rows(TidegateConfig config) {
    try (CloseableIterable<Record> rows =
        IcebergGenerics.read(IcebergTables.load(config, Tables.INCIDENTS)).build()) {
      return StreamSupport.stream(rows.spliterator(), false)
          .sorted((a, b) -> time(a).compareTo(time(b)))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String time(Record row) {
    return row.getField("event_time").toString();
  }
}
