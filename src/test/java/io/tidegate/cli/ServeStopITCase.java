package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.connector.EmbeddedPlatform;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/** {@code tidegate serve} in a process of its own, told to end while it is asked. */
class ServeStopITCase {

  private static final Pattern SERVES = Pattern.compile("tidegate serves on (http://\\S+)");
  private static final int PAGES = 5;
  private static final int CALLERS = 4;

  /** As the packaged settings, and in force until the process has ended. */
  private static final String LOG =
      """
      shutdownHook = disable
      rootLogger.level = WARN
      rootLogger.appenderRef.out.ref = Out
      appender.out.type = Console
      appender.out.name = Out
      appender.out.layout.type = PatternLayout
      appender.out.layout.pattern = %-5p %c{1} - %m%n%ex{6}
      """;

  @TempDir private static Path folder;
  private static EmbeddedPlatform platform;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    platform = EmbeddedPlatform.start(folder.resolve("platform"));
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  @RepeatedTest(3)
  void serve_told_to_end_lets_its_pages_go_and_says_nothing() throws Exception {
    Path out = Files.createTempFile(folder, "serve", ".txt");
    Process serve = serve(out);
    try {
      URI address = address(out);
      AtomicInteger begun = new AtomicInteger();
      List<CompletableFuture<Boolean>> pages =
          IntStream.range(0, PAGES).mapToObj(i -> page(address, begun)).toList();
      List<Thread> callers =
          IntStream.range(0, CALLERS).mapToObj(i -> new Thread(() -> ask(address))).toList();
      callers.forEach(Thread::start);
      await("pages open").atMost(Duration.ofSeconds(30)).until(() -> begun.get() == PAGES);
      serve.destroy();
      assertThat(serve.waitFor(30, TimeUnit.SECONDS)).as("ended by itself").isTrue();
      for (CompletableFuture<Boolean> page : pages) {
        assertThat(page.get(10, TimeUnit.SECONDS)).as("a page's stream was ended").isTrue();
      }
      for (Thread caller : callers) {
        caller.join(10_000);
      }
      assertThat(SERVES.matcher(Files.readString(out)).replaceFirst("").strip()).isEmpty();
    } finally {
      serve.destroyForcibly();
    }
  }

  private static Process serve(Path out) throws IOException {
    Path log = Files.writeString(folder.resolve("log4j2.properties"), LOG);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens"))
        .forEach(command::add);
    command.addAll(
        List.of(
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-Dlog4j2.configurationFile=" + log,
            "-cp",
            System.getProperty("java.class.path"),
            Tidegate.class.getName(),
            "serve",
            "--port",
            "0",
            "--rate",
            "100000",
            "--config",
            platform.configFile().toString()));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(out.toFile())
        .start();
  }

  private static URI address(Path out) {
    Matcher found =
        await()
            .atMost(Duration.ofSeconds(90))
            .until(() -> SERVES.matcher(Files.readString(out)), Matcher::find);
    return URI.create(found.group(1));
  }

  /** Whether the stream of a page comes to an end, and not to a broken connection. */
  private CompletableFuture<Boolean> page(URI address, AtomicInteger begun) {
    HttpRequest request = HttpRequest.newBuilder(address.resolve("/live/stream")).build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
        .thenApply(
            response -> {
              begun.incrementAndGet();
              try (Stream<String> lines = response.body()) {
                return lines.filter(line -> line.startsWith("event:")).count() > 0;
              } catch (UncheckedIOException e) {
                return false;
              }
            });
  }

  /** Asks without a pause, over connections that are kept, until nobody answers. */
  private void ask(URI address) {
    HttpRequest request = HttpRequest.newBuilder(address.resolve("/health")).build();
    try {
      while (true) {
        http.send(request, HttpResponse.BodyHandlers.discarding());
      }
    } catch (IOException e) {
      return; // it has ended
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
