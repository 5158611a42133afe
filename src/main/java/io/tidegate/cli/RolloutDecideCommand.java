package io.tidegate.cli;

import io.tidegate.model.RolloutEvent.Decided;
import io.tidegate.model.RolloutEvent.Kind;
import io.tidegate.model.UserError;
import io.tidegate.model.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Records a person's decision: approval of reason codes or sign-offs, or another verdict. */
@Command(
    name = "decide",
    mixinStandardHelpOptions = true,
    description = {
      "A person decides.",
      "approve: the named reason codes no longer stop this stage; sign-offs are given by name.",
      "override VERDICT: this is the stage's verdict; the only thing that clears ROLLBACK."
    })
final class RolloutDecideCommand implements Callable<Integer> {

  /** What a person can decide. */
  enum Action {
    APPROVE,
    OVERRIDE
  }

  @Mixin private RolloutMessage message;

  @Parameters(index = "0", paramLabel = "ROLLOUT", description = "Id of the rollout.")
  private String rolloutId;

  @Parameters(index = "1", paramLabel = "approve|override", description = "What is decided.")
  private Action action;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "VERDICT",
      description = "With override: ${COMPLETION-CANDIDATES}.")
  private @Nullable Verdict verdict;

  @Option(
      names = "--code",
      paramLabel = "CODE",
      split = ",",
      description = "With approve: a reason code of the signal, such as LATE_SHARE.")
  private List<String> codes = new ArrayList<>();

  @Option(
      names = "--sign-off",
      paramLabel = "NAME",
      defaultValue = "",
      description = "With approve: a sign-off of the spec that is given.")
  private String signOff;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      defaultValue = "",
      description = "Stage it is about (default: the current one).")
  private String stage;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RolloutDecideCommand() {}

  @Override
  public Integer call() {
    check();
    boolean approve = action == Action.APPROVE;
    String given = verdict == null ? "" : verdict.name();
    Decided decided = new Decided(approve ? "approve" : "override", codes, given, signOff);
    message.send(message.event(rolloutId, Kind.DECISION).stage(stage).decision(decided).build());
    return Tidegate.OK;
  }

  private void check() {
    boolean named = !codes.isEmpty() || !signOff.isEmpty();
    if (action == Action.APPROVE && (!named || verdict != null)) {
      throw new UserError("decide approve", "", "", "--code or --sign-off, and no verdict");
    }
    if (action == Action.OVERRIDE && (named || verdict == null)) {
      throw new UserError(
          "decide override", "", "", "a verdict, and neither --code nor --sign-off");
    }
  }
}
