package io.tidegate.cli;

import io.tidegate.model.RolloutEvent.Kind;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells the gate what happens to a rollout, through topic {@code rollouts}. */
@Command(
    name = "rollout",
    mixinStandardHelpOptions = true,
    description = "Tell the gate what happens to a rollout.",
    subcommands = {
      RolloutDefineCommand.class,
      RolloutEnterCommand.class,
      RolloutCommand.Pause.class,
      RolloutCommand.Resume.class,
      RolloutCommand.Rollback.class,
      RolloutCommand.Complete.class,
      RolloutDecideCommand.class,
      RolloutNoteCommand.class,
    })
final class RolloutCommand implements Runnable {

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RolloutCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing subcommand");
  }

  /** An event that says no more than that it happened. */
  private abstract static class Bare implements Callable<Integer> {

    @Mixin private RolloutMessage message;

    @Parameters(paramLabel = "ROLLOUT", description = "Id of the rollout.")
    private String rolloutId;

    private final Kind kind;

    @SuppressWarnings("NullAway.Init") // picocli sets the fields
    Bare(Kind kind) {
      this.kind = kind;
    }

    @Override
    public Integer call() {
      message.send(message.event(rolloutId, kind).build());
      return Tidegate.OK;
    }
  }

  @Command(
      name = "pause",
      mixinStandardHelpOptions = true,
      description = "The ramp waits: judging goes on, but no ADVANCE until it is resumed.")
  static final class Pause extends Bare {
    Pause() {
      super(Kind.PAUSED);
    }
  }

  @Command(
      name = "resume",
      mixinStandardHelpOptions = true,
      description = "The ramp goes on after a pause.")
  static final class Resume extends Bare {
    Resume() {
      super(Kind.RESUMED);
    }
  }

  @Command(
      name = "rollback",
      mixinStandardHelpOptions = true,
      description = "The change was taken back; entering a stage again is a new attempt.")
  static final class Rollback extends Bare {
    Rollback() {
      super(Kind.ROLLED_BACK);
    }
  }

  @Command(
      name = "complete",
      mixinStandardHelpOptions = true,
      description = "The rollout has ended with everyone served the change.")
  static final class Complete extends Bare {
    Complete() {
      super(Kind.COMPLETED);
    }
  }
}
