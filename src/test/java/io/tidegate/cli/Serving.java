package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running {@code tidegate serve}. */
record Serving(Thread thread, CompletableFuture<Integer> code, URI address) {

  private static final Pattern LINE = Pattern.compile("tidegate serves on (http://\\S+)");
  private static final Duration LONG = Duration.ofSeconds(60);

  /** On any free port. */
  static Serving start(Path config) {
    return start(config, 0);
  }

  static Serving start(Path config, int port, String... more) {
    StringWriter err = new StringWriter();
    CompletableFuture<Integer> code = new CompletableFuture<>();
    List<String> args = new ArrayList<>();
    args.addAll(List.of("serve", "--port", "" + port, "--config", config.toString()));
    args.addAll(List.of(more));
    PrintWriter out = new PrintWriter(new StringWriter(), true);
    Thread thread =
        new Thread(
            () ->
                code.complete(
                    Tidegate.run(out, new PrintWriter(err, true), args.toArray(String[]::new))));
    thread.start();
    Matcher found =
        await()
            .atMost(LONG)
            .until(
                () -> {
                  assertThat(code).as(err.toString()).isNotDone();
                  return LINE.matcher(err.toString());
                },
                Matcher::find);
    return new Serving(thread, code, URI.create(found.group(1)));
  }

  void stop() {
    thread.interrupt();
    assertThat(code.orTimeout(30, TimeUnit.SECONDS).join()).isZero();
  }
}
