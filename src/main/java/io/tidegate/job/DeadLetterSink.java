package io.tidegate.job;

import io.tidegate.codec.DeadLetterCodec;
import io.tidegate.connector.KafkaSinks;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.model.DeadLetter;
import io.tidegate.model.OutRecord;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.api.datastream.DataStream;

/** Writes dead letters to their topic, in the transaction of the checkpoint. */
final class DeadLetterSink {

  private DeadLetterSink() {}

  static void write(DataStream<DeadLetter> letters, TidegateConfig config, String job, String uid) {
    String topic = config.kafka().topics().deadLetters();
    String step = uid + "-messages";
    KafkaSinks.write(
        letters
            .map(
                letter -> new DeadLetterCodec().message(letter, topic),
                TypeInformation.of(OutRecord.class))
            .name(step)
            .uid(step),
        config,
        job,
        uid);
  }
}
