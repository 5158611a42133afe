package io.tidegate.cli;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.tidegate.connector.EmbeddedPlatform;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user did wrong or cannot reach: one clear line, exit code 2, soon. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorPathsITCase {

  /** More than the ten seconds that brokers and catalogs are given to answer. */
  private static final Duration SOON = Duration.ofSeconds(15);

  private static final Pattern PROGRESS = Pattern.compile("running job |no history: ");
  private static final String SPEC = "src/test/resources/specs/design.yaml";
  private static final String MAPPING = "jobs/examples/cookie_cats/mapping.yaml";

  private Path folder;
  private EmbeddedPlatform platform;

  /** Takes connections and never answers. */
  private ServerSocket silent;

  @BeforeAll
  void start(@TempDir Path shared) throws IOException {
    folder = shared;
    platform = EmbeddedPlatform.start(folder.resolve("data"));
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterAll
  void stop() throws IOException {
    silent.close();
    platform.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run archive",
        "run gate",
        "init",
        "rollout pause r",
        "rollout define " + SPEC,
        "simulate --spec " + SPEC + " --history-days 0 --days 1 --to kafka",
        "import " + MAPPING + " --mapping " + MAPPING + " --to kafka",
      })
  void unreachable_broker(String command) throws Exception {
    Path config = config("no-broker.yaml", platform.bootstrapServers(), "127.0.0.1:1");
    assertOneLine(
        command, config, "kafka.bootstrap_servers: found 127.0.0.1:1: expected a reachable Kafka");
  }

  @Test
  void replay_that_fails_still_tells_what_history_it_rests_on() throws Exception {
    Path config = config("unasked.yaml", platform.bootstrapServers(), "127.0.0.1:1");
    Cli run = Cli.run("replay", "nothing", "--config", config.toString());
    assertThat(run.code()).as(run.err()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err())
        .contains("whether the archive has read everything is not known: ", "an archived rollout");
  }

  @Test
  void broker_that_never_answers() throws Exception {
    String address = "127.0.0.1:" + silent.getLocalPort();
    Path config = config("silent-broker.yaml", platform.bootstrapServers(), address);
    assertOneLine("rollout pause r", config, "found " + address + ": expected a reachable Kafka");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run archive",
        "run baseline",
        "run impact",
        "run replay",
        "init",
        "replay",
        "report r",
        "sql effect_by_stage",
        "export stage_estimates --out target/no-export.csv",
        "rollout define " + SPEC,
        "import " + MAPPING + " --mapping " + MAPPING + " --to iceberg",
      })
  void unreachable_catalog(String command) throws Exception {
    Path config =
        config("no-catalog.yaml", "(?m)^  uri: .*$", "  uri: \"jdbc:sqlite:/no/such/c.db\"");
    assertOneLine(
        command, config, "catalog.uri: found jdbc:sqlite:/no/such/c.db: expected a reach");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://127.0.0.1:1", "http://127.0.0.1:SILENT"})
  void unreachable_catalog_server(String uri) throws Exception {
    String address = uri.replace("SILENT", Integer.toString(silent.getLocalPort()));
    Path config = folder.resolve("rest.yaml");
    Files.writeString(
        config,
        """
        kafka: {bootstrap_servers: "%s"}
        catalog: {type: rest, uri: "%s"}
        """
            .formatted(platform.bootstrapServers(), address));
    assertOneLine("report r", config, "catalog.uri: found " + address + ": expected a reachable");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run gate", "run archive", "run replay"})
  void unreachable_flink_cluster(String command) throws Exception {
    Path config = config("no-flink.yaml", "(?m)rest.port: .*$", "rest.port: \"1\"");
    assertOneLine(
        command, config, "flink.rest.address: found 127.0.0.1:1: expected a reachable Flink");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run archive",
        "run gate",
        "run replay",
        "init",
        "replay",
        "report r",
        "sql effect_by_stage",
        "export stage_estimates --out target/no-export.csv",
        "rollout pause r",
        "simulate --spec " + SPEC + " --days 1 --to kafka",
        "import " + MAPPING + " --mapping " + MAPPING + " --to kafka",
      })
  void missing_configuration(String command) {
    assertOneLine(
        command,
        Path.of("no/such.yaml"),
        "no/such.yaml: expected a configuration file, but there is none");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "validate no-such.yaml",
        "rollout define no-such.yaml --config CONFIG",
        "simulate --spec no-such.yaml",
        "import x.csv --mapping no-such.yaml --to kafka --config CONFIG",
      })
  void missing_file(String command) {
    Cli run = Cli.run(command.replace("CONFIG", platform.configFile().toString()).split(" "));
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).startsWith("no-such.yaml: expected ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"validate WRONG", "rollout define WRONG", "simulate --spec WRONG"})
  void wrong_spec(String command) throws Exception {
    Path wrong = folder.resolve("wrong.yaml");
    Files.writeString(
        wrong,
        Files.readString(Path.of(SPEC)).replace("assignment: matched", "assignment: mached"));
    Cli run = Cli.run(command.replace("WRONG", wrong.toString()).split(" "));
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains(wrong + ":", "found mached", "did you mean matched?");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--kafka-port", "--web-port"})
  void port_in_use(String option) {
    String port = Integer.toString(silent.getLocalPort());
    Cli run = Cli.run("up", "--dir", folder.resolve("up").toString(), option, port);
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err().lines().filter(line -> !line.startsWith("starting ")))
        .containsExactly(
            option + ": found " + port + ": expected a free port, but it is in use; 0 takes any");
  }

  @Test
  void folder_in_use() {
    Cli run = Cli.run("up", "--dir", platform.folder().toString());
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err()).contains("a folder in use by another running Tidegate");
  }

  @Test
  void topic_that_does_not_exist() throws Exception {
    Path config = config("no-topic.yaml", "(?m)^kafka:", "kafka:\n  topics: {incidents: nowhere}");
    assertOneLine(
        "run gate", config, "kafka.topics: found nowhere: expected a topic that exists; tidegate");
  }

  @Test
  void job_that_does_not_exist() {
    Cli run = Cli.run("run", "archiv");
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err()).contains("archiv").doesNotContain("\tat ");
  }

  private void assertOneLine(String command, Path config, String expected) {
    String[] words = command.split(" ");
    String[] args = Arrays.copyOf(words, words.length + 2);
    args[words.length] = "--config";
    args[words.length + 1] = config.toString();
    long begun = System.nanoTime();
    Cli run = Cli.run(args);
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(SOON);
    assertThat(run.code()).as(run.err()).isEqualTo(Tidegate.USAGE);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().filter(line -> !PROGRESS.matcher(line).lookingAt()))
        .singleElement(as(STRING))
        .contains(expected);
  }

  private Path config(String name, String what, String instead) throws IOException {
    Path file = folder.resolve(name);
    String text = Files.readString(platform.configFile());
    String changed = text.replaceAll(what, instead);
    assertThat(changed).as("a changed configuration").isNotEqualTo(text);
    return Files.writeString(file, changed);
  }
}
