package io.tidegate.report;

import io.tidegate.model.Censoring;
import io.tidegate.model.GateSignal;
import io.tidegate.model.Maturity;
import io.tidegate.model.Metric;
import io.tidegate.model.ReportData;
import io.tidegate.model.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What the report cannot say, in sentences. */
final class Uncertainty {

  private static final double MENTIONED_LATE_SHARE = 0.001;

  private final ReportData data;
  private final Findings findings;

  Uncertainty(ReportData data, Findings findings) {
    this.data = data;
    this.findings = findings;
  }

  List<String> sentences(Map<String, Set<String>> hidden) {
    List<String> sentences = new ArrayList<>();
    metrics(sentences);
    arrivals(sentences);
    long provisional =
        data.retention().stream().filter(p -> p.maturity() == Maturity.PROVISIONAL).count();
    if (provisional > 0) {
      sentences.add("Some retention figures are provisional: not all units are old enough yet.");
    }
    if (data.retention().stream().anyMatch(p -> p.censoring() == Censoring.NEXT_STAGE)) {
      sentences.add(
          "Stage cohorts are followed only until the next stage gives the change to their"
              + " control.");
    }
    Map<String, Integer> notShown = findings.notShown(hidden);
    if (!notShown.isEmpty()) {
      sentences.add(
          "Segments with too few units are not shown ("
              + notShown.entrySet().stream()
                  .map(e -> e.getValue() + " of " + e.getKey())
                  .collect(Collectors.joining(", "))
              + "); harm is still tested in them.");
    }
    if (sentences.isEmpty()) {
      sentences.add("Nothing beyond the ranges given with every figure.");
    }
    return sentences;
  }

  private void metrics(List<String> sentences) {
    List<String> unclear = new ArrayList<>();
    List<String> unsaid = new ArrayList<>();
    for (Metric metric : data.spec().metrics()) {
      List<Contrast> overall = findings.overall(metric);
      if (overall.isEmpty()) {
        unsaid.add(metric.name());
      }
      for (Contrast found : overall) {
        if (found.direction() == Contrast.Direction.UNSAID) {
          unsaid.add(found.what());
        } else if (found.direction() == Contrast.Direction.UNCLEAR
            && metric.role() != Role.GUARDRAIL) {
          unclear.add(found.what());
        }
      }
    }
    if (!unclear.isEmpty()) {
      sentences.add(
          "Whether " + and(unclear) + " changed at all: no difference is still plausible.");
    }
    if (!unsaid.isEmpty()) {
      sentences.add("Nothing can be said yet about " + and(unsaid) + ".");
    }
  }

  private void arrivals(List<String> sentences) {
    GateSignal last = data.lastSignal();
    if (last == null) {
      return;
    }
    GateSignal.Arrivals a = last.arrivals();
    double late = a.used() == 0 ? 0 : a.late() / (double) a.used();
    if (late >= MENTIONED_LATE_SHARE) {
      sentences.add(
          Figures.share(late)
              + " of the events came late; what came after a verdict was added to the next one.");
    }
    if (a.mixed() > 0) {
      sentences.add(
          Figures.count(a.mixed())
              + " units were seen in a second variant; they stay with their first, which makes"
              + " effects look slightly smaller.");
    }
  }

  private static String and(List<String> names) {
    int last = names.size() - 1;
    return last == 0
        ? names.get(0)
        : String.join(", ", names.subList(0, last)) + " and " + names.get(last);
  }
}
