package io.tidegate.model;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something the user gave cannot be used; holds every problem found, is shown without a stack
 * trace, exit code 2.
 */
public final class UserError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  public UserError(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("a UserError needs at least one problem");
    }
    this.problems = List.copyOf(problems);
  }

  public UserError(String file, String path, String value, String expected) {
    this(List.of(new Problem(file, path, value, expected)));
  }

  public List<Problem> problems() {
    return problems;
  }
}
