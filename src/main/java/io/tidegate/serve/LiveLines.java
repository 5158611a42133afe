package io.tidegate.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The newest line of every rollout as JSON; one that cannot be made says so. Not thread-safe. */
final class LiveLines {

  private static final Logger LOG = LoggerFactory.getLogger(LiveLines.class);

  private final Function<String, @Nullable ObjectNode> make;
  private final Map<String, String> all = new LinkedHashMap<>();
  private final Set<String> broken = new LinkedHashSet<>();

  /**
   * No line yet.
   *
   * @param make a rollout's line, or null where there is no such rollout
   */
  LiveLines(Function<String, @Nullable ObjectNode> make) {
    this.make = make;
  }

  /** Makes lines anew; by id. */
  Map<String, String> renew(Collection<String> ids) {
    Map<String, String> changed = new LinkedHashMap<>();
    for (String id : ids) {
      ObjectNode line = line(id);
      if (line != null) {
        changed.put(id, line.toString());
      }
    }
    all.putAll(changed);
    return changed;
  }

  private @Nullable ObjectNode line(String id) {
    try {
      ObjectNode line = make.apply(id);
      broken.remove(id);
      return line;
    } catch (RuntimeException e) {
      if (broken.add(id)) {
        LOG.error("{} cannot be shown on the live board", Text.plain(id), e);
      }
      return LiveRollouts.brokenLine(id);
    }
  }

  Map<String, String> all() {
    return Collections.unmodifiableMap(all);
  }

  /** Rollouts whose line could not be made when it was last tried. */
  List<String> broken() {
    return List.copyOf(broken);
  }
}
