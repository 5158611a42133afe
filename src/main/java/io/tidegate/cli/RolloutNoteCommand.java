package io.tidegate.cli;

import io.tidegate.model.RolloutEvent.Kind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Keeps a remark and things to be done beside the evidence. */
@Command(
    name = "note",
    mixinStandardHelpOptions = true,
    description = "Keep a remark, and things to be done, beside the evidence.")
final class RolloutNoteCommand implements Callable<Integer> {

  @Mixin private RolloutMessage message;

  @Parameters(index = "0", paramLabel = "ROLLOUT", description = "Id of the rollout.")
  private String rolloutId;

  @Parameters(index = "1", paramLabel = "TEXT", description = "The remark.")
  private String text;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RolloutNoteCommand() {}

  @Override
  public Integer call() {
    message.send(message.event(rolloutId, Kind.NOTE).note(text).build());
    return Tidegate.OK;
  }
}
