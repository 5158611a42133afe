package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.connector.EmbeddedPlatform;
import io.tidegate.connector.RolloutLog;
import io.tidegate.model.Margin;
import io.tidegate.model.Resolved;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.spec.ResolvedJson;
import io.tidegate.spec.RolloutSpecs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The whole life of a rollout through the command line and a real broker. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RolloutCommandITCase {

  private static final String SPEC = "src/test/resources/specs/design.yaml";

  private Path folder;
  private EmbeddedPlatform platform;

  @BeforeAll
  void start(@TempDir Path shared) {
    folder = shared;
    platform = EmbeddedPlatform.start(folder.resolve("data"));
  }

  @AfterAll
  void stop() {
    platform.close();
  }

  private Cli rollout(String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "rollout";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "--config";
    all[args.length + 2] = platform.configFile().toString();
    return Cli.run(all);
  }

  @Test
  void life_of_a_rollout_is_on_the_topic() throws Exception {
    Cli unknown = rollout("enter", "checkout-v2", "canary");
    assertThat(unknown.code()).isEqualTo(Tidegate.USAGE);
    assertThat(unknown.err())
        .startsWith("tidegate rollout: rollout_id: found checkout-v2: expected a defined rollout");

    Cli dry = rollout("define", SPEC, "--dry-run", "--output", "csv");
    assertThat(dry.out()).contains("canary,1,errors,0.5", "half,50,revenue,0.1");
    assertThat(dry.err()).contains("no history");

    Cli defined = rollout("define", SPEC, "--at", "2026-01-05T00:00:00Z", "--actor", "ana");
    assertThat(defined.code()).as(defined.err()).isZero();
    Cli typo = rollout("enter", "checkout-v2", "canari");
    assertThat(typo.code()).isEqualTo(Tidegate.USAGE);
    assertThat(typo.err()).contains("did you mean canary?");
    String enter = "enter checkout-v2 canary --deployment-version v7 --flag checkout-v2=on";
    assertThat(rollout(enter.split(" ")).code()).isZero();
    for (String quiet : List.of("pause", "resume")) {
      assertThat(rollout(quiet, "checkout-v2").code()).isZero();
    }
    assertThat(rollout("enter", "checkout-v2", "canary").err()).contains("a stage above canary");
    assertThat(
            rollout("decide", "checkout-v2", "approve", "--code", "A,B", "--note", "seen").code())
        .isZero();
    Cli override =
        rollout(
            "decide", "checkout-v2", "override", "hold", "--action", "ask legal; ana; 2026-02-02");
    assertThat(override.code()).as(override.err()).isZero();
    assertThat(rollout("note", "checkout-v2", "odd", "--action", "look; ben; 2026-02-01").code())
        .isZero();
    assertThat(rollout("rollback", "checkout-v2").code()).isZero();
    Cli ended = rollout("complete", "checkout-v2");
    assertThat(ended.code()).isEqualTo(Tidegate.USAGE);
    assertThat(ended.err()).contains("a rollout of which a stage was entered");

    List<RolloutEvent> log = RolloutLog.read(platform.config(), "checkout-v2");
    assertThat(log)
        .extracting(RolloutEvent::kind)
        .containsExactly(
            Kind.DEFINED,
            Kind.STAGE_ENTERED,
            Kind.PAUSED,
            Kind.RESUMED,
            Kind.DECISION,
            Kind.DECISION,
            Kind.NOTE,
            Kind.ROLLED_BACK);
    assertThat(RolloutSpecs.fromJson("topic", log.get(0).spec()))
        .isEqualTo(RolloutSpecs.read(Path.of(SPEC)));
    Resolved resolved = ResolvedJson.read("topic", log.get(0).resolved());
    assertThat(resolved.stages().get(2).margins()).containsEntry("errors", Margin.relative(0.05));
    assertThat(log.get(0).actor()).isEqualTo("ana");
    assertThat(log.get(1).environment())
        .extracting(RolloutEvent.Environment::deploymentVersion)
        .isEqualTo("v7");
    assertThat(log.get(4).decision())
        .isEqualTo(new RolloutEvent.Decided("approve", List.of("A", "B"), "", ""));
    assertThat(log.get(5).actionItems())
        .containsExactly(new RolloutEvent.ActionItem("ask legal", "ana", "2026-02-02"));
    assertThat(log.get(6).actionItems())
        .containsExactly(new RolloutEvent.ActionItem("look", "ben", "2026-02-01"));

    stagesSkippedAndAChangeOfAFrozenRuleAreWarnedOf();
  }

  private void stagesSkippedAndAChangeOfAFrozenRuleAreWarnedOf() throws Exception {
    Cli past = rollout("enter", "checkout-v2", "half");
    assertThat(past.code()).as(past.err()).isZero();
    assertThat(past.err()).startsWith("warning: stage canary, early is skipped");
    Path changed = folder.resolve("changed.yaml");
    Files.writeString(
        changed, Files.readString(Path.of(SPEC)).replace("alpha: 0.05", "alpha: 0.06"));
    assertThat(rollout("define", changed.toString()).err()).contains("frozen");
  }

  @Test
  void unreachable_broker_is_one_message_with_exit_code_2() throws Exception {
    Path config = folder.resolve("unreachable.yaml");
    Files.writeString(
        config,
        Files.readString(platform.configFile())
            .replace(platform.bootstrapServers(), "127.0.0.1:1"));
    Cli run = Cli.run("rollout", "pause", "checkout-v2", "--config", config.toString());
    assertThat(run.code()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("127.0.0.1:1", "a reachable Kafka broker");
  }

  @Test
  void unreachable_catalog_is_one_message_with_exit_code_2() throws Exception {
    Path config = folder.resolve("no-catalog.yaml");
    Files.writeString(
        config,
        Files.readString(platform.configFile())
            .replaceAll("uri: .*", "uri: \"jdbc:sqlite:/no/such/folder/catalog.db\""));
    Cli run = Cli.run("rollout", "define", SPEC, "--config", config.toString());
    assertThat(run.code()).as(run.err()).isEqualTo(Tidegate.USAGE);
    assertThat(run.err().lines()).hasSize(1);
    assertThat(run.err()).contains("/no/such/folder/catalog.db");
  }
}
