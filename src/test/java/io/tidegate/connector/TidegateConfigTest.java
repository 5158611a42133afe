package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.codec.formats.EventFormat;
import io.tidegate.model.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TidegateConfigTest {

  private static final String SMALL =
      """
      kafka: {bootstrap_servers: "broker:9092", properties: {sasl.jaas.config: "user ${env:PW}"}}
      catalog: {uri: "jdbc:sqlite:/x/catalog.db", warehouse: "file:///x/warehouse"}
      """;

  @TempDir Path folder;

  @Test
  void defaults_fill_what_the_file_leaves_out() {
    TidegateConfig config = TidegateConfig.load(file(SMALL), Map.of("PW", "hunter2"));
    assertThat(config.kafka().topics()).isEqualTo(Topics.DEFAULT);
    assertThat(config.catalog().name()).isEqualTo("tidegate");
    assertThat(config.runtime().checkpointIntervalMs()).isEqualTo(60_000);
    assertThat(config.events().clock()).isEqualTo(EventsConfig.Clock.WALL);
    assertThat(config.runtime().bounded()).isFalse();
    assertThat(config.gate().signals()).isEqualTo(GateConfig.Delivery.EXACTLY_ONCE);
  }

  @Test
  void environment_wins_over_the_file() {
    TidegateConfig config =
        TidegateConfig.load(
            file(SMALL), Map.of("PW", "hunter2", "TIDEGATE_KAFKA_BOOTSTRAP_SERVERS", "other:1"));
    assertThat(config.kafka().bootstrapServers()).isEqualTo("other:1");
    assertThat(config.describe())
        .contains("kafka.bootstrap_servers = other:1 (TIDEGATE_KAFKA_BOOTSTRAP_SERVERS)");
  }

  @Test
  void describe_masks_secrets() {
    TidegateConfig config = TidegateConfig.load(file(SMALL), Map.of("PW", "hunter2"));
    assertThat(config.kafka().properties()).containsEntry("sasl.jaas.config", "user hunter2");
    assertThat(config.describe())
        .contains("kafka.properties.sasl.jaas.config = ****** (file)")
        .doesNotContain("hunter2");
  }

  @Test
  void every_problem_is_reported_at_once() {
    Path file =
        file(
            """
            kafka: {bootstrap_server: "broker:9092"}
            catalog: {type: jdcb, uri: "jdbc:sqlite:/x", warehouse: "file:///x"}
            runtime: {parallelism: many, checkpoint_interval: -PT1S, bounded: maybe}
            gate: {signals: at_most_once}
            """);
    assertThatThrownBy(() -> TidegateConfig.load(file, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("kafka.bootstrap_servers: expected a value here or in")
        .hasMessageContaining("kafka.bootstrap_server: found bootstrap_server")
        .hasMessageContaining("did you mean bootstrap_servers?")
        .hasMessageContaining("catalog.type: found jdcb")
        .hasMessageContaining("did you mean jdbc?")
        .hasMessageContaining("runtime.parallelism: found many")
        .hasMessageContaining("runtime.checkpoint_interval: found -PT1S")
        .hasMessageContaining("runtime.bounded: found maybe")
        .hasMessageContaining("gate.signals: found at_most_once")
        .hasMessageContaining("did you mean at_least_once?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1m", "-1", "0", "1.5", "99999999999999999999"})
  void times_of_kafka_that_jobs_read_are_positive_numbers(String value) {
    Path file =
        file(
            """
            kafka:
              bootstrap_servers: "broker:9092"
              properties: {partition.discovery.interval.ms: %1$s, delivery.timeout.ms: %1$s}
            catalog: {uri: "jdbc:sqlite:/x/catalog.db", warehouse: "file:///x/warehouse"}
            """
                .formatted(value));
    String found = ": found " + value + ": expected a whole number of milliseconds above 0";
    assertThatThrownBy(() -> TidegateConfig.load(file, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "tidegate.yaml: kafka.properties.partition.discovery.interval.ms" + found)
        .hasMessageContaining("kafka.properties.delivery.timeout.ms" + found);
  }

  @Test
  void each_stream_has_a_topic_of_its_own() {
    Path file =
        file(
            """
            kafka:
              bootstrap_servers: broker:9092
              topics: {exposures: track, outcomes: track, incidents: rollouts}
            catalog: {uri: "jdbc:sqlite:/x/catalog.db", warehouse: "file:///x/warehouse"}
            """);
    assertThatThrownBy(() -> TidegateConfig.load(file, Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "kafka.topics.outcomes: found track: expected a topic of its own: exposures has this one")
        .hasMessageContaining(
            "kafka.topics.incidents: found rollouts: expected a topic of its own: rollouts has this one");
  }

  @Test
  void clock_and_holidays_of_the_baseline_are_checked() {
    TidegateConfig config =
        TidegateConfig.load(
            file(
                SMALL
                    + "baseline: {time_zone: America/New_York, holidays: us-dc,"
                    + " events: [2026-11-27]}"),
            Map.of("PW", "hunter2"));
    assertThat(config.baseline())
        .isEqualTo(
            new BaselineConfig("America/New_York", "us-dc", Set.of(LocalDate.of(2026, 11, 27))));
    Path wrong =
        file(
            SMALL
                + "baseline: {time_zone: Europe/Berlim, holidays: atlantis, events: [friday]}\n"
                + "incidents: {false_alarm_every: never}");
    assertThatThrownBy(() -> TidegateConfig.load(wrong, Map.of("PW", "hunter2")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("baseline.time_zone: found Europe/Berlim")
        .hasMessageContaining("did you mean Europe/Berlin?")
        .hasMessageContaining("baseline.holidays: found atlantis")
        .hasMessageContaining("baseline.events: found friday")
        .hasMessageContaining("incidents.false_alarm_every: found never");
  }

  @Test
  void formats_are_chosen_by_topic() {
    TidegateConfig config =
        TidegateConfig.load(
            file(SMALL + "events: {formats: {exposures: opentelemetry, outcomes: segment}}"),
            Map.of("PW", "x"));
    assertThat(config.events().formats())
        .isEqualTo(
            new EventsConfig.Formats(
                EventFormat.OPENTELEMETRY, EventFormat.SEGMENT, List.of("split")));
    assertThatThrownBy(
            () ->
                TidegateConfig.load(
                    file(SMALL + "events: {formats: {exposures: snowplow, outcomes: segmnt}}"),
                    Map.of("PW", "x")))
        .isInstanceOf(UserError.class)
        .hasMessageContaining(
            "events.formats.exposures: found snowplow: expected a format that has exposures")
        .hasMessageContaining("did you mean segment?");
  }

  @Test
  void missing_file_is_one_message() {
    assertThatThrownBy(() -> TidegateConfig.load(folder.resolve("none.yaml"), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("none.yaml: expected a configuration file, but there is none");
  }

  @Test
  void broken_yaml_names_the_line() {
    assertThatThrownBy(() -> TidegateConfig.load(file("kafka: {a: 1\ncatalog: ]"), Map.of()))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("line ")
        .hasMessageContaining("expected valid YAML");
  }

  @Test
  void unset_variable_is_named() {
    assertThatThrownBy(() -> TidegateConfig.load(file(SMALL), Map.of()))
        .hasMessageContaining("expected the environment variable PW to be set");
  }

  private Path file(String text) {
    try {
      return Files.writeString(folder.resolve("tidegate.yaml"), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
