package io.tidegate.cli;

import io.tidegate.connector.CatalogConfig;
import io.tidegate.connector.Catalogs;
import io.tidegate.connector.EventProducer;
import io.tidegate.connector.TidegateConfig;
import io.tidegate.connector.results.ReportReader;
import io.tidegate.model.ReportData;
import io.tidegate.serve.Access;
import io.tidegate.serve.Server;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;

/** A server over the topics that it follows and writes to. */
final class TopicServer implements AutoCloseable {

  private final BoardFeed feed;
  private final EventProducer producer;
  private final Server server;

  private TopicServer(BoardFeed feed, EventProducer producer, Server server) {
    this.feed = feed;
    this.producer = producer;
    this.server = server;
  }

  /**
   * Starts to read and to listen. Throws a UserError where no broker answers, a topic does not
   * exist or the address cannot be listened on.
   */
  static TopicServer start(
      TidegateConfig config, Server.Listen listen, Access access, Duration patience) {
    BoardFeed feed = BoardFeed.followHistory(config);
    EventProducer producer = EventProducer.prompt(config.kafka());
    try {
      Server.Feed from =
          new Server.Feed(
              feed.board(),
              BoardFeed.ageing(config, patience),
              feed::ready,
              feed::complete,
              feed::lag,
              feed::silentMs,
              (rollout, attempt) -> archived(config.catalog(), rollout, attempt),
              producer::write,
              null);
      return new TopicServer(feed, producer, Server.start(listen, access, from, Clock.systemUTC()));
    } catch (RuntimeException e) {
      producer.close();
      feed.close();
      throw e;
    }
  }

  /** What the tables say of an attempt. */
  static ReportData archived(CatalogConfig catalog, String rollout, int attempt) {
    return new ReportReader(catalog, Catalogs.shared(catalog)).judged(rollout, attempt);
  }

  URI address() {
    return server.address();
  }

  @Override
  public void close() {
    server.close();
    producer.close();
    feed.close();
  }
}
