package io.tidegate.analysis.gate;

import io.tidegate.model.Margin;
import io.tidegate.model.Metric;
import io.tidegate.model.Role;
import io.tidegate.model.RolloutSpec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes every test that a spec asks for at a boundary. */
final class Examination {

  private Examination() {}

  static Findings of(GateState state, StageProcess process, Budget budget, long boundaryMs) {
    Findings findings = new Findings();
    if (process.strata().isEmpty()) {
      findings.quality = Quality.fired(state, process, false, boundaryMs);
      AgainstBaseline.judge(process, findings, boundaryMs);
      return findings;
    }
    Examiner examiner = new Examiner(state, process, boundaryMs);
    RolloutSpec spec = process.attempt().definition().spec();
    for (int t = 1; t <= spec.flag().treatments().size(); t++) {
      for (int m = 0; m < spec.metrics().size(); m++) {
        overall(findings, examiner, process, budget, Subject.overall(t, m, spec.metrics().get(m)));
        for (Subject segment : segments(process, t, m, spec.metrics().get(m))) {
          inSegment(findings, examiner, budget, segment);
        }
      }
    }
    boolean harm = !state.rolledBack && findings.harm.stream().anyMatch(Tested::shown);
    findings.quality = Quality.fired(state, process, harm, boundaryMs);
    findings.shock = Shock.fired(state, process, boundaryMs);
    return findings;
  }

  private static void overall(
      Findings findings, Examiner examiner, StageProcess process, Budget budget, Subject subject) {
    Metric metric = subject.metric();
    Margin rollback = metric.rollbackMargin();
    if (rollback != null) {
      findings.harm.add(examiner.harm(subject, rollback, budget.harmOverall()));
    }
    if (metric.role() == Role.SUCCESS) {
      findings.worse.add(examiner.deterioration(subject, budget.deterioration()));
      findings.success.add(examiner.success(subject, budget.success()));
    } else if (metric.role() == Role.GUARDRAIL) {
      findings.worse.add(examiner.deterioration(subject, budget.harmOverall()));
    } else {
      findings.tests.add(examiner.deterioration(subject, budget.nonInferiority()));
    }
    Margin margin = stageMargin(process, metric);
    if (margin != null) {
      findings.proven.put(
          subject.treatment() + "/" + metric.name(),
          examiner.nonInferiority(subject, margin, budget.nonInferiority()));
    }
  }

  private static void inSegment(
      Findings findings, Examiner examiner, Budget budget, Subject subject) {
    Margin rollback = subject.rollbackMargin();
    if (rollback != null) {
      findings.harm.add(examiner.harm(subject, rollback, budget.harmSegment()));
    } else {
      findings.tests.add(examiner.deterioration(subject, budget.nonInferiority()));
    }
  }

  private static List<Subject> segments(
      StageProcess process, int treatment, int metricIndex, Metric metric) {
    List<Subject> subjects = new ArrayList<>();
    for (int d = 0; d < process.plan().dimensions().size(); d++) {
      for (int s = 0; s < process.plan().segmentCount(d); s++) {
        subjects.add(
            new Subject(
                treatment,
                metricIndex,
                metric,
                d,
                s,
                process.plan().dimensions().get(d).name(),
                process.plan().segmentName(d, s)));
      }
    }
    return subjects;
  }

  /** The margin to be shown in the process's stage. */
  static @Nullable Margin stageMargin(StageProcess process, Metric metric) {
    return process.attempt().definition().stageMargin(process.epoch().stage(), metric);
  }
}
