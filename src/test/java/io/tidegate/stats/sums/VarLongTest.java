package io.tidegate.stats.sums;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarLongTest {

  /** Signs alternate, so that 0, −1, 1, −2, … are 0, 1, 2, 3, …; a byte holds 7 bits. */
  @ParameterizedTest
  @CsvSource({
    "0, 1",
    "-1, 1",
    "63, 1",
    "-64, 1",
    "64, 2",
    "-65, 2",
    "8191, 2",
    "8192, 3",
    "1000000, 3",
    "2147483647, 5",
    "-2147483648, 5",
    "9223372036854775807, 10",
    "-9223372036854775808, 10"
  })
  void numbers_takeTheBytesTheyNeed_andComeBack(long value, int length) throws IOException {
    ByteArrayOutputStream written = new ByteArrayOutputStream();
    VarLong.write(new DataOutputStream(written), value);
    byte[] array = new byte[2 + VarLong.MOST_BYTES];
    int end = VarLong.put(array, 2, value);
    assertThat(end - 2).isEqualTo(length).isEqualTo(VarLong.length(value));
    assertThat(VarLong.single(array[2])).isEqualTo(length == 1 && value >= 0 ? value : -1);
    assertThat(Arrays.copyOfRange(array, 2, end)).isEqualTo(written.toByteArray());
    assertThat(VarLong.read(in(written.toByteArray()))).isEqualTo(value);
    if (value == (int) value) {
      assertThat(VarLong.readInt(in(written.toByteArray()))).isEqualTo((int) value);
    } else {
      assertThatThrownBy(() -> VarLong.readInt(in(written.toByteArray())))
          .isInstanceOf(ArithmeticException.class);
    }
  }

  @Test
  void read_moreThanTenBytes_isRefused() {
    byte[] endless = new byte[11];
    Arrays.fill(endless, (byte) 0x80);
    assertThatThrownBy(() -> VarLong.read(in(endless))).isInstanceOf(IOException.class);
  }

  private static DataInputStream in(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
