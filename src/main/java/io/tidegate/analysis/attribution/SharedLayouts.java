package io.tidegate.analysis.attribution;

import java.util.HashMap;
import java.util.Map;

/**
 * Layouts that rollouts have in common, each held once: rollouts that count the same cost few cache
 * misses. Mutable.
 */
public final class SharedLayouts {

  private final Map<Layout, Layout> known = new HashMap<>();

  Layout of(Layout own) {
    Layout before = known.putIfAbsent(own, own);
    return before == null ? own : before;
  }
}
