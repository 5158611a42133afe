package io.tidegate.cli;

import io.tidegate.model.RolloutEvent.Environment;
import io.tidegate.model.RolloutEvent.Kind;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says that a stage of a rollout was entered, and what was deployed. */
@Command(
    name = "enter",
    mixinStandardHelpOptions = true,
    description = "A stage was entered: the flag serves its share from now on.")
final class RolloutEnterCommand implements Callable<Integer> {

  @Mixin private RolloutMessage message;

  @Parameters(index = "0", paramLabel = "ROLLOUT", description = "Id of the rollout.")
  private String rolloutId;

  @Parameters(index = "1", paramLabel = "STAGE", description = "Name of the stage.")
  private String stage;

  @Option(
      names = "--deployment-version",
      paramLabel = "VERSION",
      defaultValue = "",
      description = "What is deployed; a later ROLLBACK names it to be restored.")
  private String deploymentVersion;

  @Option(names = "--flag", paramLabel = "KEY=VALUE", description = "A flag's value.")
  private Map<String, String> flags = new LinkedHashMap<>();

  @Option(names = "--routing", paramLabel = "KEY=VALUE", description = "A routing rule.")
  private Map<String, String> routing = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RolloutEnterCommand() {}

  @Override
  public Integer call() {
    boolean nothing = deploymentVersion.isEmpty() && flags.isEmpty() && routing.isEmpty();
    Environment environment = nothing ? null : new Environment(deploymentVersion, flags, routing);
    message.send(
        message.event(rolloutId, Kind.STAGE_ENTERED).stage(stage).environment(environment).build());
    return Tidegate.OK;
  }
}
