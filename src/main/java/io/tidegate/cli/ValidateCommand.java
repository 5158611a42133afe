package io.tidegate.cli;

import io.tidegate.model.Problem;
import io.tidegate.model.RolloutSpec;
import io.tidegate.model.UserError;
import io.tidegate.spec.RolloutSpecs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks rollout specs and lists every problem of every file. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    description = "Check rollout specs; lists every problem of every file.")
final class ValidateCommand implements Callable<Integer> {

  @Mixin private OutputOption output;

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Rollout specs in YAML.")
  private List<Path> files;

  @SuppressWarnings("NullAway.Init") // picocli sets the fields
  ValidateCommand() {}

  @Override
  public Integer call() {
    List<Problem> problems = new ArrayList<>();
    ResultTable sound = new ResultTable("file", "rollout", "stages", "metrics", "spec_hash");
    for (Path file : files) {
      try {
        RolloutSpec spec = RolloutSpecs.read(file);
        sound.row(
            file.toString(),
            spec.id(),
            spec.stages().size(),
            spec.metrics().size(),
            RolloutSpecs.hash(spec));
      } catch (UserError e) {
        problems.addAll(e.problems());
      }
    }
    if (problems.isEmpty()) {
      output.print(sound);
      return Tidegate.OK;
    }
    if (output.format() == OutputOption.Format.TEXT) {
      throw new UserError(problems);
    }
    ResultTable table = new ResultTable("file", "line", "path", "value", "expected");
    for (Problem p : problems) {
      table.row(p.file(), p.line() == 0 ? null : p.line(), p.path(), p.value(), p.expected());
    }
    output.print(table);
    return Tidegate.USAGE;
  }
}
