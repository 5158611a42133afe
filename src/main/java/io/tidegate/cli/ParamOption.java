package io.tidegate.cli;

import io.tidegate.cli.export.CellText;
import io.tidegate.model.Nearest;
import io.tidegate.model.UserError;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --param}: keeps the rows of an answer that have given values; use as a picocli mixin. */
final class ParamOption {

  private static final String ROLLOUT = "rollout";

  @Option(
      names = "--param",
      paramLabel = "COLUMN=VALUE",
      description = "Keep only rows with this value, such as rollout=checkout-v2; repeatable.")
  private Map<String, String> params = new TreeMap<>();

  /**
   * Whether a row, given as its cell by index, is kept; a {@link UserError} where a column is
   * unknown.
   */
  Predicate<IntFunction<@Nullable Object>> filter(List<String> columns) {
    Map<Integer, String> wanted = new TreeMap<>();
    params.forEach((name, value) -> wanted.put(index(name, columns), value));
    return row -> wanted.entrySet().stream().allMatch(w -> has(row.apply(w.getKey()), w));
  }

  private static boolean has(@Nullable Object cell, Map.Entry<Integer, String> wanted) {
    return cell != null && wanted.getValue().equals(CellText.of(cell));
  }

  private static int index(String param, List<String> columns) {
    int index = columns.indexOf(param.equals(ROLLOUT) ? "rollout_id" : param);
    if (index < 0) {
      throw new UserError(
          "--param",
          "",
          param,
          Nearest.suggest("a column of the answer: " + String.join(", ", columns), param, columns));
    }
    return index;
  }
}
