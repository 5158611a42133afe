package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.analysis.Rollouts;
import io.tidegate.model.Estimate;
import io.tidegate.model.Evaluation;
import io.tidegate.model.Purpose;
import io.tidegate.model.Reason;
import io.tidegate.model.Verdict;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DataHashTest {

  /** An estimate in which one component, or none, has another value. */
  private static Estimate estimate(int other) throws ReflectiveOperationException {
    RecordComponent[] components = Estimate.class.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(components[i].getType(), i == other);
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return Estimate.class.getDeclaredConstructor(types).newInstance(values);
  }

  private static Object value(Class<?> type, boolean other) {
    if (type == String.class) {
      return other ? "b" : "a";
    } else if (type == int.class) {
      return other ? 1 : 0;
    } else if (type == long.class) {
      return other ? 1L : 0L;
    } else if (type == Purpose.class) {
      return other ? Purpose.HARM : Purpose.SUCCESS;
    }
    assertThat(type).isIn(double.class, Double.class);
    return other ? 0.1 : 0.1 + Math.ulp(0.1);
  }

  private static String hash(Estimate... estimates) {
    return DataHash.of(
        new Judgement(Verdict.HOLD, false, List.of(), List.of(), List.of(), 0, Set.of()),
        List.of(estimates));
  }

  @Test
  void every_component_of_an_estimate_is_in_the_hash() throws ReflectiveOperationException {
    Set<String> hashes = new HashSet<>();
    int components = Estimate.class.getRecordComponents().length;
    for (int i = -1; i < components; i++) {
      hashes.add(hash(estimate(i)));
    }
    assertThat(hashes).hasSize(components + 1);
    assertThat(hash(estimate(-1))).isEqualTo(hash(estimate(-1)));
  }

  @Test
  void the_verdict_and_the_order_of_estimates_are_in_the_hash()
      throws ReflectiveOperationException {
    Set<String> hashes = new HashSet<>();
    hashes.add(hash(estimate(0), estimate(1)));
    hashes.add(hash(estimate(1), estimate(0)));
    hashes.add(hash(estimate(0)));
    hashes.add(
        DataHash.of(
            new Judgement(Verdict.ADVANCE, false, List.of(), List.of(), List.of(), 0, Set.of()),
            List.of(estimate(0))));
    assertThat(hashes).hasSize(4);
  }

  /** Replays compare their hashes with those of signals that were sent long ago. */
  @Test
  void hashes_are_those_of_earlier_versions() throws ReflectiveOperationException {
    assertThat(hash(estimate(-1), estimate(15)))
        .isEqualTo("f43e05949d60d6aa2fca55eb97c9b050e0d9985e70f781be0bb03ee6489f74e1");
    assertThat(
            DataHash.of(
                new Judgement(
                    Verdict.ROLLBACK,
                    false,
                    List.of(new Reason("HARM", "größer als 10 %", "log e 7.1", "log e 6.9")),
                    List.of(),
                    List.of(),
                    0,
                    Set.of()),
                List.of()))
        .isEqualTo("186ec6167986d4f0dd4a2028051a4c2ae4af185eadbcf6b2006ccfb25ee2968a");
  }

  /** Bounds are found by iteration; another way to the same root may end a bit beside it. */
  @Test
  void estimates_are_those_of_earlier_versions_to_the_last_bit() {
    GateFixture gate = new GateFixture().stage(0, 1).enter(0, 20_000, 900, 450, 0);
    gate.enter(1, 20_100, 940, 430, 1);
    List<Estimate> estimates = new ArrayList<>();
    for (int hour = 2; hour <= 12; hour++) {
      gate.hour(hour - 1).alike(100 * hour);
      long boundaryMs = Rollouts.START_MS + hour * Rollouts.HOUR_MS;
      Evaluation evaluation = Gate.evaluate(gate.state, gate.timeline(), boundaryMs);
      assertThat(evaluation).isNotNull();
      estimates.addAll(evaluation.estimates());
    }
    assertThat(estimates.stream().filter(e -> e.effectSizeLower() != null).count())
        .isGreaterThan(50);
    assertThat(hash(estimates.toArray(new Estimate[0])))
        .isEqualTo("3762f74076b91223d2185eb8f7e2d2470411eccceac2211939b04926c7c090e8");
  }
}
