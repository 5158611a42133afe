package io.tidegate.analysis.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnitTableTest {

  /**
   * @param shift keys are small numbers moved up by so many bits: with none all are apart, with
   *     many they share their places and probes are long
   */
  @ParameterizedTest
  @ValueSource(ints = {0, 20, 48})
  void it_holds_what_a_map_holds(int shift) {
    Random random = new Random(shift);
    UnitTable table = new UnitTable();
    Map<Long, UnitState> expected = new HashMap<>();
    for (int step = 0; step < 60_000; step++) {
      // More are put than removed, then fewer.
      boolean put = random.nextInt(10) < (step < 30_000 ? 7 : 3);
      long key = (long) random.nextInt(8_000) << shift;
      if (put) {
        UnitState state = new UnitState();
        table.put(key, state);
        expected.put(key, state);
      } else {
        table.remove(key);
        expected.remove(key);
      }
      assertThat(table.get(key)).isSameAs(expected.get(key));
      table.readAhead(key);
    }
    for (int n = 0; n < 8_000; n++) {
      long key = (long) n << shift;
      assertThat(table.get(key)).as("key %d", key).isSameAs(expected.get(key));
    }
    long[] keys = table.keys();
    Arrays.sort(keys);
    assertThat(keys)
        .isEqualTo(expected.keySet().stream().mapToLong(key -> key).sorted().toArray())
        .hasSize(table.size());
  }
}
