package io.tidegate.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidegate.codec.Tables;
import io.tidegate.model.UserError;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.iceberg.catalog.Namespace;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPlatformITCase {

  @TempDir Path folder;

  @Test
  void everything_runs_and_a_restart_takes_up_what_is_there() throws Exception {
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder)) {
      assertThatThrownBy(() -> EmbeddedPlatform.start(folder))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("in use by another running Tidegate");
      send(platform.bootstrapServers());
      HttpResponse<String> page =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(platform.webUi()).build(),
                  HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).isEqualTo(200);
      assertThat(page.body()).contains("Apache Flink");
      StreamExecutionEnvironment env = FlinkDefaults.environment(platform.config().runtime());
      env.fromSequence(1, 3).uid("numbers").print().uid("print");
      env.execute();
      assertThat(TidegateConfig.load(platform.configFile()).runtime().flink()).isNotEmpty();
    }
    assertThat(TidegateConfig.load(folder.resolve("tidegate.yaml")).runtime().flink()).isEmpty();
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(folder);
        KafkaTopics topics = KafkaTopics.connect(platform.config().kafka())) {
      assertThat(topics.ranges("exposures"))
          .hasSize(4)
          .containsEntry(new TopicPartition("exposures", 2), new KafkaTopics.Range(0, 1));
      assertThat(topics.ranges("rollouts")).hasSize(1);
      CatalogConfig catalog = platform.config().catalog();
      assertThat(Catalogs.open(catalog).listTables(Namespace.of("tidegate")))
          .hasSameSizeAs(Tables.ALL);
    }
  }

  @Test
  void clear_deletes_what_a_platform_left_and_nothing_else() throws Exception {
    EmbeddedPlatform.Options options =
        EmbeddedPlatform.Options.in(folder).withEvents(Map.of("clock", "events"));
    try (EmbeddedPlatform platform = EmbeddedPlatform.start(options)) {
      assertThat(platform.config().events().clock()).isEqualTo(EventsConfig.Clock.EVENTS);
      assertThatThrownBy(() -> EmbeddedPlatform.clear(folder))
          .isInstanceOf(UserError.class)
          .hasMessageContaining("in use by another running Tidegate");
    }
    Path own = Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThat(EmbeddedPlatform.isUsed(folder)).isTrue();
    EmbeddedPlatform.clear(folder);
    assertThat(EmbeddedPlatform.isUsed(folder)).isFalse();
    assertThat(own).exists();
  }

  @Test
  void port_in_use_is_a_clear_message() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      assertThatThrownBy(
              () -> EmbeddedPlatform.start(EmbeddedPlatform.Options.in(folder).withPorts(port, 0)))
          .isInstanceOf(UserError.class)
          .hasMessage(
              "--kafka-port: found %d: expected a free port, but it is in use; 0 takes any", port);
    }
  }

  @Test
  void unreachable_broker_and_catalog_are_clear_messages() {
    int port = Ports.free("", 0);
    KafkaConfig kafka = new KafkaConfig("127.0.0.1:" + port, Topics.DEFAULT, Map.of());
    assertThatThrownBy(() -> KafkaTopics.connect(kafka))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("kafka.bootstrap_servers: found 127.0.0.1:" + port)
        .hasMessageContaining("expected a reachable Kafka broker");
    CatalogConfig rest =
        new CatalogConfig(
            "tidegate",
            "tidegate",
            CatalogConfig.Type.REST,
            "http://127.0.0.1:" + port,
            "",
            Map.of());
    assertThatThrownBy(() -> Catalogs.open(rest))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("expected a reachable Iceberg catalog");
  }

  private static void send(String servers) throws Exception {
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>("exposures", 2, 0L, "k", "v")).get();
    }
  }
}
