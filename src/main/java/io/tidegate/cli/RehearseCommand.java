package io.tidegate.cli;

import io.tidegate.cli.rehearse.DrillResult;
import io.tidegate.cli.rehearse.Rehearsal;
import io.tidegate.model.Nearest;
import io.tidegate.model.Problem;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.Stage;
import io.tidegate.model.UserError;
import io.tidegate.spec.RolloutSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Plants what can go wrong into a simulated world and shows how the gate reacts. */
@Command(
    name = "rehearse",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "See the gate react before it is needed: its real logic over a world made for the spec, with"
          + " harm, bad data and a shock planted one after the other.",
      "Needs no broker and writes nothing. Exit code 3: a drill was missed. See docs/rehearse.md."
    })
final class RehearseCommand implements Callable<Integer> {

  /** A drill was missed. */
  static final int MISSED = 3;

  private static final double MOST_UNITS_PER_DAY = 1_000_000;

  @Mixin private OutputOption output;

  @Parameters(paramLabel = "SPEC", description = "The rollout's spec in YAML.")
  private Path file;

  @Option(
      names = "--stage",
      paramLabel = "STAGE",
      description = "Stage to rehearse (default: the last one with a control).")
  private @Nullable String stageName;

  @Option(
      names = "--units-per-day",
      paramLabel = "N",
      defaultValue = "10000",
      description = "New units a day in all traffic (default: ${DEFAULT-VALUE}).")
  private double unitsPerDay;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  RehearseCommand() {}

  @Override
  public Integer call() {
    if (!(unitsPerDay >= 1 && unitsPerDay <= MOST_UNITS_PER_DAY)) {
      throw new UserError(
          "--units-per-day", "", Double.toString(unitsPerDay), "a number in [1, 1000000]");
    }
    RolloutSpec spec = RolloutSpecs.read(file);
    Stage stage = stage(spec);
    List<DrillResult> results = new ArrayList<>();
    new Rehearsal(spec, stage, unitsPerDay, seed)
        .results()
        .forEach(
            result -> {
              output.err().println(result.outcome() + "  " + result.name());
              results.add(result);
            });
    if (output.format() == OutputOption.Format.TEXT) {
      results.forEach(result -> output.out().print(text(result)));
      output.out().flush();
    } else {
      output.print(table(results));
    }
    return results.stream().anyMatch(r -> r.outcome() == DrillResult.Outcome.MISSED)
        ? MISSED
        : Tidegate.OK;
  }

  private Stage stage(RolloutSpec spec) {
    List<Stage> controlled = spec.stages().stream().filter(spec::hasControl).toList();
    List<String> names = controlled.stream().map(Stage::name).toList();
    if (stageName == null) {
      Stage last =
          controlled.stream().filter(s -> s.percent() < 100).reduce((a, b) -> b).orElse(null);
      if (last != null) {
        return last;
      }
    }
    for (Stage stage : controlled) {
      if (stage.name().equals(stageName)) {
        return stage;
      }
    }
    String found = stageName == null ? "" : stageName;
    String expected = "a stage with a control: " + String.join(", ", names);
    throw new UserError(
        List.of(
            new Problem(
                file.toString(), "stages", found, Nearest.suggest(expected, found, names))));
  }

  private static String text(DrillResult result) {
    StringBuilder text = new StringBuilder();
    text.append(result.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    text.append(": ").append(result.name());
    if (!result.planted().isEmpty()) {
      text.append(" (").append(result.planted()).append(')');
    }
    text.append("\n    ");
    if (result.verdict() != null) {
      text.append(result.verdict());
      if (result.minutes() != null) {
        text.append(" after ").append(result.minutes()).append(" minutes");
      }
      text.append(String.format(Locale.ROOT, ", %,d units: ", result.units()));
    }
    text.append(result.reason()).append('\n');
    if (!result.playbook().isEmpty()) {
      text.append("    now: ").append(result.playbook()).append('\n');
    }
    return text.toString();
  }

  private static ResultTable table(List<DrillResult> results) {
    ResultTable table =
        new ResultTable(
            "drill",
            "planted",
            "result",
            "verdict",
            "minutes",
            "units",
            "code",
            "reason",
            "playbook");
    for (DrillResult r : results) {
      table.row(
          r.name(),
          r.planted(),
          r.outcome().name().toLowerCase(Locale.ROOT),
          r.verdict() == null ? null : r.verdict().name(),
          r.minutes(),
          r.units(),
          r.code(),
          r.reason(),
          r.playbook());
    }
    return table;
  }
}
