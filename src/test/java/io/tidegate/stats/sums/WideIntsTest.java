package io.tidegate.stats.sums;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Wide integers against BigInteger. */
class WideIntsTest {

  @Test
  void an_integer_takes_the_fewest_bytes_and_is_read_again() throws IOException {
    Random random = new Random(7);
    for (int n = 0; n < 20_000; n++) {
      int count = 2 + random.nextInt(2);
      long[] words = words(new BigInteger(random.nextInt(64 * count), random), count, random);
      BigInteger value = WideInts.toBigInteger(words, 1, count);
      byte[] bytes = new byte[1 + Long.BYTES * count];
      int end = WideInts.put(bytes, 0, words, 1, count);
      byte[] written = Arrays.copyOf(bytes, end);
      byte[] fewest = value.signum() == 0 ? new byte[0] : value.toByteArray();
      assertThat(written[0]).as(value.toString()).isEqualTo((byte) fewest.length);
      assertThat(Arrays.copyOfRange(written, 1, written.length)).isEqualTo(fewest);
      long[] read = new long[count + 1];
      WideInts.read(new DataInputStream(new ByteArrayInputStream(written)), read, 1, count);
      assertThat(WideInts.toBigInteger(read, 1, count)).isEqualTo(value);
      Arrays.fill(read, 1, read.length, random.nextLong());
      assertThat(WideInts.get(bytes, 0, read, 1, count)).isEqualTo(end);
      assertThat(WideInts.toBigInteger(read, 1, count)).isEqualTo(value);
    }
  }

  /** The number or its negative, after a word that is none of it. */
  private static long[] words(BigInteger size, int count, Random random) {
    BigInteger value = random.nextBoolean() ? size : size.negate();
    long[] words = new long[count + 1];
    words[0] = random.nextLong();
    for (int i = 0; i < count; i++) {
      words[i + 1] = value.shiftRight(64 * i).longValue();
    }
    assertThat(WideInts.toBigInteger(words, 1, count)).isEqualTo(value);
    return words;
  }
}
