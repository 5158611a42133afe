package io.tidegate.cli.demo;

import io.tidegate.model.RolloutSpec;
import io.tidegate.simulate.SimulationConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a demo is to do.
 *
 * @param folder where everything is kept
 * @param kafkaPort loopback port of the broker; 0 for any
 * @param webPort loopback port of Flink's web pages; 0 for any
 * @param specYaml the spec as it is written for people
 * @param historyDays days before the first stage
 * @param mostDays days after which a rollout that is not over is left as it is
 * @param afterDays days simulated after the rollout ended
 * @param poll simulated time from one reading of the newest verdict to the next
 */
public record DemoPlan(
    Path folder,
    int kafkaPort,
    int webPort,
    byte[] specYaml,
    SimulationConfig world,
    int historyDays,
    int mostDays,
    int afterDays,
    Duration poll) {

  public Path configFile() {
    return folder.resolve("tidegate.yaml");
  }

  public Path specFile() {
    return folder.resolve("rollout.yaml");
  }

  public Path truthFile() {
    return folder.resolve("truth.json");
  }

  public Path reportFile() {
    return folder.resolve("report.html");
  }

  RolloutSpec spec() {
    return world.spec();
  }

  long rolloutStartMs() {
    return world.startMs() + historyDays * SimulationConfig.DAY_MS;
  }
}
