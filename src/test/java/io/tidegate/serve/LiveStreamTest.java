package io.tidegate.serve;

import static org.assertj.core.api.Assertions.assertThat;

import io.undertow.Undertow;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LiveStreamTest {

  @Test
  void viewer_that_comes_after_the_stream_was_closed_is_let_go() throws Exception {
    Situation situation =
        new Situation(
            Topic.defined().board,
            new Ageing(true, Duration.ofMinutes(5)),
            () -> true,
            Map::of,
            () -> Topic.START_MS);
    LiveStream stream = new LiveStream(situation, new LiveRollouts(situation), () -> true, () -> 0);
    stream.close();
    Access.Caller caller = new Access.Caller("ana", Set.of(), Access.Vouching.TOKEN);
    Undertow undertow =
        Undertow.builder()
            .addHttpListener(0, "127.0.0.1")
            .setHandler(exchange -> stream.open(exchange, caller))
            .build();
    undertow.start();
    try {
      InetSocketAddress at = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + at.getPort())).build();
      assertThat(
              HttpClient.newHttpClient()
                  .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                  .handle((response, failure) -> true)
                  .get(30, TimeUnit.SECONDS))
          .isTrue();
      assertThat(stream.viewers()).isZero();
    } finally {
      undertow.stop();
    }
  }
}
