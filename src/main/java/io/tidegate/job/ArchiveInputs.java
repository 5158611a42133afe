package io.tidegate.job;

import io.tidegate.connector.ArchiveProgress;
import io.tidegate.connector.KafkaSources;
import io.tidegate.connector.RecordDecoder;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.Received;
import io.tidegate.pipeline.ArchivePipeline;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The topics that the archive reads, each from the first offset that may not be held. */
final class ArchiveInputs {

  private ArchiveInputs() {}

  static ArchivePipeline.Inputs of(
      StreamExecutionEnvironment environment, TidegateConfig config, ArchiveProgress progress) {
    Topics topics = config.kafka().topics();
    Reader reader = new Reader(environment, config, progress);
    return new ArchivePipeline.Inputs(
        reader.read(
            topics.exposures(),
            RecordDecoder.exposures(config).tellingUnrelated(),
            "archive/read-exposures"),
        reader.read(
            topics.outcomes(),
            RecordDecoder.outcomes(config).tellingUnrelated(),
            "archive/read-outcomes"),
        reader.read(topics.rollouts(), RecordDecoder.rollouts(config), "archive/read-rollouts"),
        reader.read(topics.gateSignals(), RecordDecoder.signals(), "archive/read-signals"),
        reader.read(topics.gateEvidence(), RecordDecoder.evidence(), "archive/read-evidence"),
        reader.read(topics.lateEvents(), RecordDecoder.lateEvents(), "archive/read-late-events"),
        reader.read(topics.incidents(), RecordDecoder.incidents(), "archive/read-incidents"));
  }

  private record Reader(
      StreamExecutionEnvironment environment, TidegateConfig config, ArchiveProgress progress) {

    <T extends Received> DataStream<T> read(String topic, RecordDecoder<T> decoder, String name) {
      return environment
          .fromSource(
              KafkaSources.of(config, ArchiveJob.NAME, topic, decoder, progress.start()),
              WatermarkStrategy.noWatermarks(),
              name)
          .uid(name);
    }
  }
}
