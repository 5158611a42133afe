package io.tidegate.cli;

import io.tidegate.codec.EventEncoder;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.KafkaConfig;
import io.tidegate.connector.Topics;
import io.tidegate.model.RolloutEvent;
import io.tidegate.simulate.Arrival;
import java.nio.charset.StandardCharsets;

/** Writes a simulation to the topics; a record's timestamp is the simulated time it arrives. */
final class KafkaWorldOutput implements WorldOutput {

  private final Topics topics;
  private final EventProducer producer;
  private final EventEncoder encoder = new EventEncoder();

  KafkaWorldOutput(KafkaConfig config) {
    this.topics = config.topics();
    this.producer = new EventProducer(config);
  }

  @Override
  public void arrival(Arrival arrival) {
    String topic = topics.outcomes();
    byte[] json;
    if (arrival instanceof Arrival.Exposed exposed) {
      topic = topics.exposures();
      json = encoder.exposure(exposed.event());
    } else if (arrival instanceof Arrival.Happened happened) {
      json = encoder.outcome(happened.event());
    } else {
      Arrival.Broken broken = (Arrival.Broken) arrival;
      topic = broken.exposure() ? topics.exposures() : topics.outcomes();
      json = broken.payload().getBytes(StandardCharsets.UTF_8);
    }
    producer.send(topic, arrival.arrivalMs(), arrival.unitId(), json);
  }

  @Override
  public void rollout(RolloutEvent event) {
    producer.rollout(event);
  }

  @Override
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
