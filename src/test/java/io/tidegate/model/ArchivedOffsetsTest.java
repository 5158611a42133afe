package io.tidegate.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ArchivedOffsetsTest {

  @Test
  void any_order_of_adding_agrees_with_a_plain_count() {
    SplittableRandom random = new SplittableRandom(1);
    for (int run = 0; run < 300; run++) {
      ArchivedOffsets offsets = new ArchivedOffsets();
      Map<Long, Integer> plain = new HashMap<>();
      for (int i = 0; i < 40; i++) {
        long offset = random.nextInt(50);
        offsets.add("a-b", 2, offset);
        plain.merge(offset, 1, Integer::sum);
      }
      for (long offset = -1; offset < 52; offset++) {
        assertThat(offsets.contains("a-b", 2, offset)).isEqualTo(plain.containsKey(offset));
      }
      assertThat(offsets.count("a-b", 2, 10, 30))
          .isEqualTo(plain.keySet().stream().filter(o -> o >= 10 && o < 30).count());
      assertThat(offsets.repeated("a-b", 2)).isEqualTo(40L - plain.size());
      long missing = 5;
      while (plain.containsKey(missing)) {
        missing++;
      }
      assertThat(offsets.firstMissing("a-b", 2, 5)).isEqualTo(missing);
      ArchivedOffsets twice = new ArchivedOffsets();
      twice.addAll(offsets);
      twice.addAll(offsets);
      assertThat(twice.repeated("a-b", 2)).isEqualTo(80L - plain.size());
    }
  }

  @Test
  void unknown_partition_holds_nothing() {
    ArchivedOffsets offsets = new ArchivedOffsets();
    assertThat(offsets.contains("a", 0, 0)).isFalse();
    assertThat(offsets.firstMissing("a", 0, 7)).isEqualTo(7);
    assertThat(offsets.count("a", 0, 0, 10)).isZero();
    assertThat(offsets.end("a", 0)).isZero();
  }
}
