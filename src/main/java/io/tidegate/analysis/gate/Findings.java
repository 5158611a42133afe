package io.tidegate.analysis.gate;

import io.tidegate.model.Estimate;
import io.tidegate.model.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every test and check of one boundary, before the order of judgement is applied. Mutable while it
 * is filled.
 */
final class Findings {

  /** Tests that decide nothing. */
  final List<Tested> tests = new ArrayList<>();

  /** Harm beyond the rollback margin. */
  final List<Tested> harm = new ArrayList<>();

  /** Harm, or a success metric's loss, above nothing. */
  final List<Tested> worse = new ArrayList<>();

  /** Metric and treatment → whether harm beyond the stage's margin is ruled out. */
  final Map<String, Tested> proven = new LinkedHashMap<>();

  final List<Tested> success = new ArrayList<>();

  /** Metrics of a stage without control beside what history expects. */
  final List<Estimate> againstBaseline = new ArrayList<>();

  /** Of those that are judged, the metrics that were no worse, of every treatment. */
  final Set<String> asBaseline = new LinkedHashSet<>();

  /** Whether units that were held against history were given different versions of the flag. */
  boolean upgraded;

  /** Why history is of other units → the metrics that are judged and cannot be held against it. */
  final Map<String, List<String>> unlikeBaseline = new LinkedHashMap<>();

  final List<Reason> worseThanBaseline = new ArrayList<>();
  List<Reason> quality = List.of();
  List<Reason> shock = List.of();

  /** The rows of every test made. */
  List<Estimate> estimates() {
    return Stream.concat(
            Stream.of(harm, worse, List.copyOf(proven.values()), success, tests)
                .flatMap(List::stream)
                .map(Tested::estimate),
            againstBaseline.stream())
        .toList();
  }
}
