package io.tidegate.cli;

import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Nearest;
import io.tidegate.model.Reason;
import io.tidegate.model.Stage;
import io.tidegate.model.UserError;
import io.tidegate.serve.Ageing;
import io.tidegate.serve.Answer;
import io.tidegate.serve.Board;
import io.tidegate.serve.RolloutState;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints the newest verdict of a rollout; the exit code is for a pipeline. */
@Command(
    name = "verdict",
    mixinStandardHelpOptions = true,
    description = {
      "Print the newest verdict of a rollout with its reasons.",
      "Exit code 0: advance, or complete; 3: roll back; 4: hold, review, or no verdict to act on."
    })
final class VerdictCommand implements Callable<Integer> {

  static final int ROLLBACK = 3;
  static final int WAIT = 4;

  private static final Duration READ_WITHIN = Duration.ofMinutes(5);

  @Mixin private ConfigOption config;
  @Mixin private OutputOption output;

  @Parameters(paramLabel = "ROLLOUT", description = "Id of the rollout.")
  private String rolloutId;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      defaultValue = "",
      description = "Stage the verdict must be about (default: the one in force).")
  private String stage;

  @Option(
      names = "--wait",
      paramLabel = "DURATION",
      defaultValue = "PT0S",
      description =
          "Wait so long for a verdict other than HOLD, such as PT10M (default: do not wait).")
  private Duration patience;

  @Option(
      names = "--stale-after",
      paramLabel = "DURATION",
      defaultValue = "PT5M",
      description =
          "How far the gate may be behind, beyond one look, before its ADVANCE no longer counts"
              + " (default: ${DEFAULT-VALUE}).")
  private Duration staleAfter;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  VerdictCommand() {}

  @Override
  public Integer call() throws InterruptedException, TimeoutException {
    TidegateConfig loaded = TidegateConfig.load(config.file());
    Ageing ageing = BoardFeed.ageing(loaded, staleAfter);
    try (BoardFeed feed = BoardFeed.follow(loaded)) {
      Board board = feed.board();
      if (!board.await(feed::ready, READ_WITHIN)) {
        throw new TimeoutException("the topics could not be read within " + READ_WITHIN);
      }
      check(board);
      board.await(() -> decided(answer(board, ageing)), patience);
      RolloutState state = state(board);
      Answer answer = answer(board, ageing);
      print(state, answer);
      if (answer.code().equals(Answer.NOT_JUDGED) || answer.code().equals(Answer.STALE)) {
        sayWhetherTheGateRuns(state, ageing);
      }
      return switch (answer.outcome()) {
        case PASS -> Tidegate.OK;
        case FAIL -> ROLLBACK;
        case INCONCLUSIVE -> WAIT;
      };
    }
  }

  private void check(Board board) {
    RolloutState state = board.state(rolloutId);
    if (state == null || state.definition() == null) {
      String expected = "a defined rollout; tidegate rollout define SPEC defines one";
      throw new UserError(
          "ROLLOUT", "", rolloutId, Nearest.suggest(expected, rolloutId, board.ids()));
    }
    List<String> stages = state.definition().spec().stages().stream().map(Stage::name).toList();
    if (!stage.isEmpty() && !stages.contains(stage)) {
      String expected = "one of the stages " + String.join(", ", stages);
      throw new UserError("--stage", "", stage, Nearest.suggest(expected, stage, stages));
    }
  }

  private RolloutState state(Board board) {
    return java.util.Objects.requireNonNull(board.state(rolloutId));
  }

  private Answer answer(Board board, Ageing ageing) {
    return Answer.of(state(board), stage, ageing, System.currentTimeMillis());
  }

  /** A REVIEW waits for a person, so waiting longer here helps nobody. */
  private static boolean decided(Answer answer) {
    return answer.outcome() != Answer.Outcome.INCONCLUSIVE || answer.code().equals("REVIEW");
  }

  private void sayWhetherTheGateRuns(RolloutState state, Ageing ageing) {
    Ageing.Age age = ageing.of(state, System.currentTimeMillis());
    boolean ticked = state.frontierMs() != Long.MIN_VALUE;
    String tick =
        ticked
            ? Instant.ofEpochMilli(state.frontierMs()) + ago(" (", age.secondsSinceTick(), " ago)")
            : "none";
    GateSignal newest = state.signal();
    String verdict =
        newest == null
            ? "none"
            : newest.verdict()
                + " at stage "
                + newest.stage()
                + " (attempt "
                + newest.attempt()
                + ") of "
                + Instant.ofEpochMilli(newest.boundaryMs())
                + ago(", written ", age.secondsSinceSignal(), " ago");
    PrintWriter err = output.err();
    err.println("newest tick of the clock: " + tick + "; newest verdict: " + verdict);
    if (!age.stale().isEmpty()) {
      err.println("where no gate runs, tidegate run gate --config " + config.file() + " starts it");
    }
  }

  private static String ago(String before, @Nullable Double seconds, String after) {
    return seconds == null ? "" : before + Ageing.words(seconds) + after;
  }

  private void print(RolloutState state, Answer answer) {
    GateSignal signal = state.currentSignal();
    List<Reason> reasons = signal == null ? List.of() : Answer.reasons(state.phase(), signal);
    if (output.format() == OutputOption.Format.TEXT) {
      output.out().println(answer.outcome() + ": " + answer.sentence());
      ResultTable table = new ResultTable("code", "sentence", "observed", "threshold");
      reasons.forEach(
          reason ->
              table.row(
                  reason.code(),
                  reason.sentence(),
                  orNull(reason.observed()),
                  orNull(reason.threshold())));
      if (table.size() > 0) {
        output.print(table);
      }
      output.out().flush();
      return;
    }
    output.print(rows(state, answer, signal, reasons));
  }

  private static ResultTable rows(
      RolloutState state, Answer answer, @Nullable GateSignal signal, List<Reason> reasons) {
    ResultTable table =
        new ResultTable(
            "rollout_id",
            "attempt",
            "stage",
            "verdict",
            "boundary",
            "next_percent",
            "answer",
            "answer_code",
            "answer_sentence",
            "code",
            "sentence",
            "observed",
            "threshold");
    List<@Nullable Reason> each = new java.util.ArrayList<>(reasons);
    if (each.isEmpty()) {
      each.add(null);
    }
    for (Reason reason : each) {
      table.row(
          state.id(),
          signal == null ? null : signal.attempt(),
          signal == null ? null : signal.stage(),
          signal == null ? null : signal.verdict().name(),
          signal == null ? null : Instant.ofEpochMilli(signal.boundaryMs()).toString(),
          signal == null ? null : signal.nextPercent(),
          answer.outcome().name(),
          answer.code(),
          answer.sentence(),
          reason == null ? null : reason.code(),
          reason == null ? null : reason.sentence(),
          reason == null ? null : orNull(reason.observed()),
          reason == null ? null : orNull(reason.threshold()));
    }
    return table;
  }

  private static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
