package io.tidegate.analysis.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.model.Estimate;
import io.tidegate.model.Purpose;
import io.tidegate.model.Verdict;
import java.lang.reflect.RecordComponent;
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
}
