package io.tidegate.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class PseudonymiserTest {

  private static final byte[] KEY = "0123456789abcdef".getBytes(StandardCharsets.UTF_8);

  @Test
  void is_the_keyed_hash_cut_to_128_bits() {
    // echo -n alice | openssl dgst -sha256 -hmac 0123456789abcdef
    assertThat(new Pseudonymiser(KEY).pseudonym("alice"))
        .isEqualTo("fdbf8b1cacd3d578e062d0e41104357d")
        .isEqualTo(new Pseudonymiser(KEY.clone()).pseudonym("alice"))
        .isNotEqualTo(new Pseudonymiser(KEY).pseudonym("bob"));
  }

  @Test
  void hashes_a_key_longer_than_a_block_first() {
    // RFC 4231, test case 6.
    byte[] key = new byte[131];
    Arrays.fill(key, (byte) 0xaa);
    assertThat(
            new Pseudonymiser(key)
                .pseudonym("Test Using Larger Than Block-Size Key - Hash Key First"))
        .isEqualTo("60e431591ee0b67f0d8a26aacbf5b77f");
  }

  @Test
  void agrees_with_the_library_for_every_length_of_key_and_id() throws Exception {
    Random random = new Random(7);
    for (int length = Pseudonymiser.MIN_KEY_BYTES; length < 140; length++) {
      byte[] key = new byte[length];
      random.nextBytes(key);
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      Pseudonymiser pseudonymiser = new Pseudonymiser(key);
      for (int bytes = 0; bytes < 140; bytes++) {
        byte[] id = new byte[bytes + 5];
        random.nextBytes(id);
        mac.update(id, 3, bytes);
        assertThat(pseudonymiser.pseudonym(id, 3, bytes))
            .isEqualTo(HexFormat.of().formatHex(mac.doFinal(), 0, 16));
      }
    }
  }

  @Test
  void refuses_a_short_key() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Pseudonymiser(new byte[Pseudonymiser.MIN_KEY_BYTES - 1]))
        .withMessage("a key of 15 bytes, below 16");
  }
}
