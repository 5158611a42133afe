package io.tidegate.serve;

import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for every write and every attempt at one. */
final class Audit {

  private static final Logger LOG = LoggerFactory.getLogger("io.tidegate.serve.audit");

  private final Consumer<String> out;

  Audit() {
    this(LOG::info);
  }

  Audit(Consumer<String> out) {
    this.out = out;
  }

  /**
   * Writes the line.
   *
   * @param caller name of the caller's token, {@code -} where it showed none
   * @param what the event, or the path that was asked for
   * @param result {@code written} or why not
   */
  void line(String caller, String from, String rollout, String what, String result) {
    out.accept(
        "caller=%s from=%s rollout=%s what=\"%s\" result=\"%s\""
            .formatted(
                Text.plain(caller),
                Text.plain(from),
                Text.plain(rollout),
                Text.plain(what).replace('"', '\''),
                Text.plain(result).replace('"', '\'')));
  }
}
