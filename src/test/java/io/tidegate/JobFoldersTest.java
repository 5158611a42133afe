package io.tidegate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.TidegateConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator deploys: jobs/NAME/ with its configuration, manifest and page. */
class JobFoldersTest {

  /** Settings that have no default, or that the parts of docker-compose.yml need otherwise. */
  private static final Set<String> OF_THE_PLACE =
      Set.of("kafka.bootstrap_servers", "catalog.type", "catalog.uri", "catalog.warehouse");

  /** What a FlinkDeployment's spec may hold, by the operator's custom resource definition. */
  private static final Set<String> SPEC =
      Set.of(
          "image",
          "imagePullPolicy",
          "flinkVersion",
          "serviceAccount",
          "mode",
          "flinkConfiguration",
          "podTemplate",
          "jobManager",
          "taskManager",
          "job",
          "restartNonce",
          "logConfiguration",
          "ingress");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"archive", "gate", "baseline", "impact", "incidents", "maintain"})
  void configuration_names_every_key_with_its_default(String job) throws IOException {
    TidegateConfig written = TidegateConfig.load(Path.of("jobs", job, "config.yaml"), Map.of());
    Path least = folder.resolve("least.yaml");
    Files.writeString(
        least,
        """
        kafka: {bootstrap_servers: "b:1"}
        catalog: {uri: "jdbc:sqlite:/c", warehouse: "file:///w"}
        """);
    Map<String, String> defaults = values(TidegateConfig.load(least, Map.of()), "(default)");
    Map<String, String> given = values(written, "(file)");
    assertThat(given.keySet()).containsAll(defaults.keySet()).containsAll(OF_THE_PLACE);
    defaults.forEach(
        (path, value) -> {
          if (job.equals("gate") && path.equals("runtime.checkpoint_interval")) {
            assertThat(given).as("signals wait for it").containsEntry(path, "PT10S");
          } else if (!OF_THE_PLACE.contains(path)) {
            assertThat(given).as(path).containsEntry(path, value);
          }
        });
    assertThat(written.describe()).doesNotContain("(default)");
    String text = Files.readString(Path.of("jobs", job, "config.yaml"));
    assertThat(text).contains("`" + job + "`").contains("properties:").contains("flink:");
  }

  /** Settings that come from there, without saying so. */
  private static Map<String, String> values(TidegateConfig config, String origin) {
    Map<String, String> values = new TreeMap<>();
    config
        .effective()
        .forEach(
            (path, value) -> {
              if (value.endsWith(origin)) {
                values.put(path, value.substring(0, value.length() - origin.length()).strip());
              }
            });
    return values;
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "gate", "baseline", "impact"})
  void manifest_runs_the_packaged_jar_on_the_poms_flink(String job) throws Exception {
    Map<String, Object> manifest = Yamls.read(Path.of("jobs", job, "deployment.yaml"));
    assertThat(manifest)
        .containsEntry("apiVersion", "flink.apache.org/v1beta1")
        .containsEntry("kind", "FlinkDeployment")
        .containsOnlyKeys("apiVersion", "kind", "metadata", "spec");
    Map<String, Object> spec = Yamls.map(manifest.get("spec"));
    assertThat(SPEC).containsAll(spec.keySet());
    assertThat(spec).containsEntry("image", "tidegate:" + Poms.version());
    String[] flink = Poms.property("flink.version").split("[.]", -1);
    assertThat(spec).containsEntry("flinkVersion", "v" + flink[0] + "_" + flink[1]);
    Map<String, Object> settings = Yamls.map(spec.get("flinkConfiguration"));
    assertThat(settings.values()).allMatch(String.class::isInstance);
    assertThat(settings).containsEntry("env.java.opts.all", Poms.property("jvm.opens"));
    Map<String, Object> run = Yamls.map(spec.get("job"));
    Class<?> main = Class.forName((String) run.get("entryClass"));
    assertThat(main.getMethod("main", String[].class)).isNotNull();
    assertThat(main.getSimpleName()).isEqualToIgnoringCase(job + "Job");
    boolean streaming = job.equals("archive") || job.equals("gate");
    assertThat(run)
        .containsEntry("upgradeMode", streaming ? "savepoint" : "stateless")
        .containsEntry("args", java.util.List.of("--config", "/etc/tidegate/config.yaml"))
        .containsEntry("jarURI", "local:///opt/flink/usrlib/tidegate.jar");
    assertThat(Files.readString(Path.of("jobs", job, "deployment.yaml")))
        .contains("configmap tidegate-" + job + " --from-file=config.yaml=jobs/" + job);
  }

  @ParameterizedTest
  @ValueSource(strings = {"incidents", "maintain"})
  void scheduled_job_runs_the_packaged_jar(String name) throws Exception {
    Path manifest = Path.of("jobs", name, "cronjob.yaml");
    Map<String, Object> job = Yamls.read(manifest);
    assertThat(job).containsEntry("apiVersion", "batch/v1").containsEntry("kind", "CronJob");
    assertThat(Yamls.at(job, "spec", "concurrencyPolicy")).isEqualTo("Forbid");
    Object containers =
        Yamls.at(job, "spec", "jobTemplate", "spec", "template", "spec", "containers");
    Map<String, Object> container = Yamls.map(((java.util.List<?>) containers).get(0));
    assertThat(container).containsEntry("image", "tidegate:" + Poms.version());
    java.util.List<String> args = Yamls.strings(container.get("args"));
    assertThat(args).contains("/opt/flink/usrlib/tidegate.jar:/opt/flink/lib/*");
    Class<?> main = Class.forName(args.get(args.indexOf("--config") - 1));
    assertThat(main.getMethod("main", String[].class)).isNotNull();
    assertThat(main.getSimpleName()).isEqualToIgnoringCase(name + "Job");
    assertThat(args).endsWith("--config", "/etc/tidegate/config.yaml");
    Map<String, Object> options =
        Yamls.map(
            ((java.util.List<?>) java.util.Objects.requireNonNull(container.get("env"))).get(0));
    assertThat(options).containsEntry("value", Poms.property("jvm.opens"));
    assertThat(Files.readString(manifest))
        .contains("configmap tidegate-" + name + " --from-file=config.yaml=jobs/" + name);
    assertThat(Files.readString(Path.of("jobs", name, "README.md")))
        .contains("## Topology", "## Inputs", "## Outputs", "## Uids", "## Upgrading");
  }

  @ParameterizedTest
  @ValueSource(strings = {"archive", "gate", "baseline", "impact", "incidents"})
  void page_names_every_uid_and_says_how_to_upgrade(String job) throws IOException {
    String page = Files.readString(Path.of("jobs", job, "README.md"));
    for (String uid : Files.readAllLines(Path.of("src/test/resources/uids", job + ".txt"))) {
      String own = uid.replaceFirst("^Sink [^:]*: ", "").replaceFirst(": Sink .*$", "");
      assertThat(page).as(uid).contains("`" + own + "`");
    }
    assertThat(page).contains("## Topology", "## Inputs", "## Outputs", "## Uids", "## Upgrading");
  }

  @Test
  void image_is_built_on_the_poms_flink_and_iceberg() throws IOException {
    String image = Files.readString(Path.of("jobs/Dockerfile"));
    assertThat(image)
        .contains("FROM flink:" + Poms.property("flink.version") + "-scala_2.12-java17")
        .contains("flink-s3-fs-presto-" + Poms.property("flink.version") + ".jar")
        .contains("iceberg-aws-bundle-" + Poms.property("iceberg.version") + ".jar")
        .contains("tidegate:" + Poms.version());
  }
}
