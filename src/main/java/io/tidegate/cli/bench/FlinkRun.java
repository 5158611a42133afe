package io.tidegate.cli.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TopicReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** Runs a Flink job to its end and reads what it wrote to topics. */
final class FlinkRun {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final URI cluster;
  private final KafkaConfig kafka;
  private final List<String> results;

  /**
   * @param results topics that the job writes and that are read afterwards
   */
  FlinkRun(URI cluster, KafkaConfig kafka, List<String> results) {
    this.cluster = cluster;
    this.kafka = kafka;
    this.results = List.copyOf(results);
  }

  /** What came of a job. */
  record Done(Stopwatch.Lap lap, long stateBytes) {}

  Done execute(
      StreamExecutionEnvironment env, String name, Consumer<ConsumerRecord<byte[], byte[]>> written)
      throws Exception {
    Map<TopicPartition, KafkaTopics.Range> before = ends();
    JobID job = env.execute(name).getJobID();
    Stopwatch.Lap lap = Stopwatch.lap();
    Map<TopicPartition, KafkaTopics.Range> fresh = new HashMap<>();
    ends()
        .forEach(
            (partition, range) -> {
              KafkaTopics.Range old = before.get(partition);
              fresh.put(
                  partition, new KafkaTopics.Range(old == null ? 0 : old.next(), range.next()));
            });
    TopicReader.read(kafka, fresh, written);
    return new Done(lap, stateBytes(job));
  }

  private Map<TopicPartition, KafkaTopics.Range> ends() {
    try (KafkaTopics topics = KafkaTopics.connect(kafka)) {
      Map<TopicPartition, KafkaTopics.Range> ranges = new HashMap<>();
      results.forEach(topic -> ranges.putAll(topics.ranges(topic)));
      return ranges;
    }
  }

  private long stateBytes(JobID job) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(cluster.resolve("/jobs/" + job + "/checkpoints")).build();
    HttpResponse<byte[]> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    return JSON.readTree(answer.body()).at("/latest/completed/state_size").asLong();
  }
}
