package io.tidegate.serve;

import static io.tidegate.serve.Topic.MINUTE_MS;
import static io.tidegate.serve.Topic.START_MS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.model.RolloutEvent;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventDeskTest {

  private static final int CALLERS = 16;

  private final HttpClient client = HttpClient.newHttpClient();
  private final Topic topic = Topic.defined();
  private final AtomicLong nowMs = new AtomicLong(START_MS + MINUTE_MS);

  private Server start(Consumer<RolloutEvent> write) {
    return start(write, new ArrayList<>());
  }

  private Server start(Consumer<RolloutEvent> write, List<String> audit) {
    return Server.start(
        new Server.Listen("127.0.0.1", 0, 1_000),
        Access.open(),
        new Server.Feed(
            topic.board,
            new Ageing(true, Duration.ofMinutes(5)),
            () -> true,
            () -> true,
            Map::of,
            () -> 0,
            Topic.NO_TABLES,
            write,
            audit::add),
        () -> Instant.ofEpochMilli(nowMs.get()));
  }

  private CompletableFuture<HttpResponse<String>> note(Server server) {
    return post(server, "{\"kind\": \"NOTE\"}");
  }

  private CompletableFuture<HttpResponse<String>> post(Server server, String body) {
    return client.sendAsync(
        HttpRequest.newBuilder(server.address().resolve("/api/rollouts/checkout-v2/events"))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void verdicts_are_answered_while_the_broker_takes_no_event() throws Exception {
    CountDownLatch back = new CountDownLatch(1);
    try (Server server =
        start(
            event -> {
              await().forever().until(() -> back.getCount() == 0);
              topic.rollout(event);
            })) {
      List<CompletableFuture<HttpResponse<String>>> notes = new ArrayList<>();
      for (int i = 0; i < CALLERS; i++) {
        notes.add(note(server));
      }
      try {
        await()
            .atMost(Duration.ofSeconds(5))
            .until(
                () ->
                    notes.stream().filter(CompletableFuture::isDone).count()
                        == CALLERS - EventDesk.MOST_WAITING);
        HttpRequest ask =
            HttpRequest.newBuilder(server.address().resolve("/argo/checkout-v2"))
                .timeout(Duration.ofSeconds(5))
                .build();
        assertThat(client.send(ask, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isEqualTo(200);
      } finally {
        back.countDown();
      }
      List<HttpResponse<String>> replies = notes.stream().map(CompletableFuture::join).toList();
      assertThat(replies.stream().filter(reply -> reply.statusCode() == 201))
          .hasSize(EventDesk.MOST_WAITING);
      assertThat(replies.stream().filter(reply -> reply.statusCode() == 503))
          .hasSize(CALLERS - EventDesk.MOST_WAITING)
          .allSatisfy(reply -> assertThat(reply.body()).contains("\"BUSY\""));
    }
  }

  @Test
  void event_of_which_it_is_not_known_whether_it_was_written_can_be_sent_again_under_its_id() {
    List<String> ids = new ArrayList<>();
    try (Server server =
        start(
            event -> {
              ids.add(event.eventId());
              throw new IllegalStateException("no broker");
            })) {
      HttpResponse<String> reply = note(server).join();
      assertThat(reply.statusCode()).isEqualTo(503);
      assertThat(reply.body()).contains("NOT_WRITTEN", "event_id " + ids.get(0));
    }
  }

  @Test
  void stage_that_goes_past_another_is_taken_with_a_warning() {
    List<String> audit = new ArrayList<>();
    try (Server server = start(topic::rollout, audit)) {
      String enter = "{\"kind\": \"STAGE_ENTERED\", \"stage\": \"%s\"}";
      HttpResponse<String> first = post(server, enter.formatted("canary")).join();
      assertThat(first.statusCode()).isEqualTo(201);
      assertThat(first.body()).doesNotContain("warning");
      HttpResponse<String> past = post(server, enter.formatted("half")).join();
      assertThat(past.statusCode()).isEqualTo(201);
      assertThat(past.body()).contains("\"warning\":\"stage early is skipped");
      assertThat(audit).anySatisfy(line -> assertThat(line).contains("stage early is skipped"));
      assertThat(post(server, enter.formatted("full")).join().body()).doesNotContain("warning");
    }
  }

  @Test
  void request_under_way_is_answered_before_the_server_stops() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch back = new CountDownLatch(1);
    Server server =
        start(
            event -> {
              asked.countDown();
              await().forever().until(() -> back.getCount() == 0);
              topic.rollout(event);
            });
    CompletableFuture<HttpResponse<String>> note = note(server);
    asked.await();
    CompletableFuture<Void> closed = CompletableFuture.runAsync(server::close);
    await().forever().until(() -> health(server) == 503);
    assertThat(closed).isNotDone();
    back.countDown();
    assertThat(note.join().statusCode()).isEqualTo(201);
    closed.join();
  }

  /** 503 once the server takes no further request. */
  private int health(Server server) throws Exception {
    return client
        .send(
            HttpRequest.newBuilder(server.address().resolve("/health")).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void written_event_that_is_not_back_yet_is_answered_when_the_server_stops() throws Exception {
    CountDownLatch written = new CountDownLatch(1);
    Server server = start(event -> written.countDown());
    CompletableFuture<HttpResponse<String>> note = note(server);
    written.await();
    server.close();
    assertThat(note.join().statusCode()).isEqualTo(202);
  }

  @Test
  void known_id_with_the_same_content_counts_once_and_with_another_is_refused() {
    AtomicInteger written = new AtomicInteger();
    try (Server server =
        start(
            event -> {
              written.incrementAndGet();
              topic.rollout(event);
              nowMs.addAndGet(1_000);
            })) {
      String note = "{\"kind\": \"NOTE\", \"event_id\": \"n-1\", \"note\": \"seen\"}";
      assertThat(post(server, note).join().statusCode()).isEqualTo(201);
      assertThat(post(server, note).join().statusCode()).isEqualTo(200);
      HttpResponse<String> other = post(server, note.replace("seen", "stop")).join();
      assertThat(other.statusCode()).isEqualTo(409);
      assertThat(other.body()).contains("EVENT_ID_TAKEN", "n-1");
      String timed = note.replace("}", ", \"event_time\": \"2026-01-04T00:00:00Z\"}");
      assertThat(post(server, timed).join().statusCode()).isEqualTo(409);
      assertThat(written).hasValue(1);
    }
  }
}
