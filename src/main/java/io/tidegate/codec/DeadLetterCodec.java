package io.tidegate.codec;

import io.tidegate.model.DeadLetter;
import io.tidegate.model.Origin;
import io.tidegate.model.OutRecord;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** Writes dead letters as JSON. Not thread-safe. */
public final class DeadLetterCodec {

  private final JsonBytes json = new JsonBytes();

  public byte[] encode(DeadLetter letter) {
    json.reset();
    return json.field("{\"topic\":", letter.topic())
        .field(",\"partition\":", letter.partition())
        .field(",\"offset\":", letter.offset())
        .field(",\"record_time\":", letter.recordTimeMs())
        .field(",\"reason\":", letter.reason().name())
        .field(",\"detail\":", letter.detail())
        .field(",\"payload\":", letter.payload())
        .raw("}")
        .toBytes();
  }

  /** Key of the message: where the record was, so that a repeated letter is seen as one. */
  public static String key(DeadLetter letter) {
    return String.format(
        Locale.ROOT, "%s-%d-%d", letter.topic(), letter.partition(), letter.offset());
  }

  /** Where the record was that a letter with this key is about. */
  public static Origin origin(byte[] key, long recordTimeMs) {
    String text = new String(key, StandardCharsets.UTF_8);
    int offset = text.lastIndexOf('-');
    int partition = text.lastIndexOf('-', offset - 1);
    if (partition < 1) {
      throw new IllegalArgumentException(text + " is not the key of a dead letter");
    }
    return new Origin(
        text.substring(0, partition),
        Integer.parseInt(text.substring(partition + 1, offset)),
        Long.parseLong(text.substring(offset + 1)),
        recordTimeMs);
  }

  /** The message of a dead letter. */
  public OutRecord message(DeadLetter letter, String topic) {
    return new OutRecord(topic, key(letter), Map.of(), encode(letter), -1);
  }
}
