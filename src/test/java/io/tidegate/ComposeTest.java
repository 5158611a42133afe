package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docker-compose.yml against the pom, the jobs' configuration and the rules of the house. */
class ComposeTest {

  private static final Path FILE = Path.of("docker-compose.yml");
  private static final Map<String, Object> COMPOSE = Yamls.read(FILE);
  private static final Map<String, Object> SERVICES = Yamls.map(COMPOSE.get("services"));

  /** Services that do one thing and end. */
  private static final Set<String> ENDING = Set.of("checkpoints", "init", "submit");

  @Test
  void images_are_the_versions_of_the_pom() {
    assertThat(image("kafka")).isEqualTo("apache/kafka:" + Poms.property("kafka.version"));
    String flink = "flink:" + Poms.property("flink.version") + "-scala_2.12-java17";
    for (String service : Set.of("jobmanager", "taskmanager", "checkpoints", "init", "submit")) {
      assertThat(image(service)).as(service).isEqualTo(flink);
    }
    String bundle = "iceberg-aws-bundle-" + Poms.property("iceberg.version") + ".jar";
    assertThat(Yamls.strings(Yamls.at(SERVICES, "jobmanager", "volumes")))
        .contains("./target/s3/" + bundle + ":/opt/flink/lib/iceberg-aws-bundle.jar:ro");
  }

  @Test
  void every_image_has_a_pinned_tag() {
    SERVICES
        .keySet()
        .forEach(
            service ->
                assertThat(image(service))
                    .as(service)
                    .matches("[a-z0-9./-]+:[0-9][A-Za-z0-9._-]*")
                    .doesNotContain("latest"));
  }

  @Test
  void every_lasting_service_has_a_health_check() {
    SERVICES.forEach(
        (name, service) -> {
          if (!ENDING.contains(name)) {
            assertThat(Yamls.map(service)).as(name).containsKey("healthcheck");
          }
        });
    assertThat(SERVICES.keySet()).containsAll(ENDING);
  }

  @Test
  void ports_are_bound_to_loopback() {
    SERVICES.forEach(
        (name, service) ->
            Yamls.strings(Yamls.map(service).getOrDefault("ports", java.util.List.of()))
                .forEach(port -> assertThat(port).as(name).matches("127[.]0[.]0[.]1:\\d+:\\d+")));
  }

  @Test
  void analysts_tools_start_only_when_asked_for() {
    assertThat(Yamls.at(SERVICES, "trino", "profiles")).asString().isEqualTo("[trino]");
    assertThat(Yamls.at(SERVICES, "jupyter", "profiles")).asString().isEqualTo("[jupyter]");
  }

  @Test
  void no_secret_is_written_down() throws Exception {
    String text = Files.readString(FILE);
    assertThat(text).doesNotContainPattern("://[^/\\s]*:[^/\\s]*@");
    for (String line : text.lines().toList()) {
      if (line.matches("(?i) *(aws_secret|aws_access|tidegate_unit|.*password|.*token).*: .*")) {
        assertThat(line).contains("${");
      }
    }
  }

  @Test
  void what_is_depended_on_and_mounted_is_there() {
    Set<String> volumes = Yamls.map(COMPOSE.get("volumes")).keySet();
    SERVICES.forEach(
        (name, service) -> {
          Map<String, Object> fields = Yamls.map(service);
          if (fields.containsKey("depends_on")) {
            assertThat(SERVICES.keySet())
                .as(name)
                .containsAll(Yamls.map(fields.get("depends_on")).keySet());
          }
          for (String volume : Yamls.strings(fields.getOrDefault("volumes", java.util.List.of()))) {
            String source = volume.substring(0, volume.indexOf(':'));
            assertThat(
                    source.startsWith("./target/")
                        || volumes.contains(source)
                        || Files.exists(Path.of(source)))
                .as("%s of %s", source, name)
                .isTrue();
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "gate", "baseline", "impact"})
  void jobs_are_configured_for_these_services(String job) {
    Map<String, Object> config = Yamls.read(Path.of("jobs", job, "config.yaml"));
    String broker = (String) Yamls.at(config, "kafka", "bootstrap_servers");
    assertThat(broker).isEqualTo("kafka:9092");
    assertThat(Yamls.at(SERVICES, "kafka", "environment", "KAFKA_ADVERTISED_LISTENERS"))
        .asString()
        .contains("INSIDE://" + broker);
    URI catalog = URI.create((String) Yamls.at(config, "catalog", "uri"));
    assertThat(catalog).isEqualTo(URI.create("http://iceberg-rest:8181"));
    Map<String, Object> server = Yamls.map(Yamls.at(SERVICES, "iceberg-rest", "environment"));
    assertThat(Yamls.at(config, "catalog", "warehouse")).isEqualTo(server.get("CATALOG_WAREHOUSE"));
    Object store = Yamls.at(config, "catalog", "properties", "s3.endpoint");
    assertThat(store).isEqualTo(server.get("CATALOG_S3_ENDPOINT"));
    assertThat(SERVICES.keySet()).contains(catalog.getHost(), URI.create((String) store).getHost());
    assertThat(Yamls.at(config, "catalog", "warehouse"))
        .asString()
        .startsWith("s3://" + Yamls.at(SERVICES, "object-store", "environment", "S3_BUCKET") + "/");
    assertThat(Yamls.strings(Yamls.at(SERVICES, "submit", "entrypoint")).get(2))
        .contains(job + ") main=");
    assertThat(Yamls.strings(Yamls.at(SERVICES, "init", "command")).get(2))
        .isEqualTo("/opt/flink/jobs/archive/config.yaml");
    assertThat(
            Yamls.strings(Yamls.at(SERVICES, "jobmanager", "volumes")).stream()
                .collect(Collectors.joining(" ")))
        .contains("./jobs:/opt/flink/jobs:ro");
  }

  private static String image(String service) {
    return (String) Yamls.at(SERVICES, service, "image");
  }
}
