package io.tidegate.cli;

import io.tidegate.connector.EventsConfig;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.TopicFollower;
import io.tidegate.connector.Topics;
import io.tidegate.job.Definitions;
import io.tidegate.serve.Ageing;
import io.tidegate.serve.Board;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A board that follows the topics. */
final class BoardFeed implements AutoCloseable {

  private final Board board;
  private final TopicFollower follower;

  private BoardFeed(Board board, TopicFollower follower) {
    this.board = board;
    this.follower = follower;
  }

  /**
   * The newest verdicts alone. Throws a UserError where no broker answers or a topic does not
   * exist.
   */
  static BoardFeed follow(TidegateConfig config) {
    return follow(config, List.of());
  }

  /** The same, what the gate said before, and incidents. */
  static BoardFeed followHistory(TidegateConfig config) {
    Topics topics = config.kafka().topics();
    return follow(config, List.of(topics.gateSignals(), topics.gateEvidence(), topics.incidents()));
  }

  private static BoardFeed follow(TidegateConfig config, List<String> later) {
    Board board = new Board(Definitions.READER, config.events().limits());
    Topics topics = config.kafka().topics();
    return new BoardFeed(
        board,
        TopicFollower.start(
            config.kafka(),
            List.of(topics.rollouts(), topics.gateVerdicts()),
            later,
            record -> take(record, topics, board)));
  }

  private static void take(ConsumerRecord<byte[], byte[]> record, Topics topics, Board board) {
    if (record.topic().equals(topics.rollouts())) {
      board.rollout(record.value(), record.timestamp());
    } else if (record.topic().equals(topics.gateSignals())) {
      board.signal(record.value());
    } else if (record.topic().equals(topics.gateEvidence())) {
      board.evidence(record.value());
    } else if (record.topic().equals(topics.incidents())) {
      board.incident(record.value());
    } else {
      board.verdict(record.key(), record.value(), record.timestamp());
    }
  }

  static Ageing ageing(TidegateConfig config, Duration patience) {
    return new Ageing(config.events().clock() == EventsConfig.Clock.WALL, patience);
  }

  Board board() {
    return board;
  }

  /** Whether everything that was there at the start is on the board, but for the history. */
  boolean ready() {
    return follower.caughtUp();
  }

  /** The same, what the gate said before too. */
  boolean complete() {
    return follower.laterCaughtUp();
  }

  Map<String, Long> lag() {
    return follower.lag();
  }

  /** How long no broker has answered. */
  long silentMs() {
    return follower.silentMs();
  }

  @Override
  public void close() {
    follower.close();
  }
}
