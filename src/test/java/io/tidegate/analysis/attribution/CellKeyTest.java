package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CellKeyTest {

  /** A key of zeros, in which one component, or none, is 1. */
  private static CellKey key(int other) throws ReflectiveOperationException {
    RecordComponent[] components = CellKey.class.getRecordComponents();
    Integer[] values = Collections.nCopies(components.length, 0).toArray(Integer[]::new);
    if (other >= 0) {
      values[other] = 1;
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Constructor<CellKey> constructor = CellKey.class.getDeclaredConstructor(types);
    return constructor.newInstance((Object[]) values);
  }

  @Test
  void every_component_tells_keys_apart() throws ReflectiveOperationException {
    Set<CellKey> keys = new HashSet<>();
    int components = CellKey.class.getRecordComponents().length;
    for (int i = -1; i < components; i++) {
      assertThat(key(i)).isEqualTo(key(i)).hasSameHashCodeAs(key(i)).isNotEqualTo("a key");
      keys.add(key(i));
    }
    assertThat(keys).hasSize(components + 1);
  }
}
