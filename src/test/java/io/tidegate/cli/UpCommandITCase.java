package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidegate.connector.KafkaTopics;
import io.tidegate.connector.TidegateConfig;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpCommandITCase {

  @TempDir private Path folder;

  @Test
  void platform_runs_until_it_is_interrupted_and_run_uses_it() throws Exception {
    java.io.StringWriter out = new java.io.StringWriter();
    java.io.PrintWriter err = new java.io.PrintWriter(new java.io.StringWriter());
    AtomicInteger code = new AtomicInteger(-1);
    String[] args = {"up", "--dir", folder.toString(), "--output", "csv"};
    Thread up =
        new Thread(
            () -> code.set(Tidegate.run(new java.io.PrintWriter(out, true), err, args)), "up");
    up.start();
    await().atMost(Duration.ofSeconds(60)).until(() -> out.toString().lines().count() == 2);
    String[] row = out.toString().lines().toList().get(1).split(",", -1);
    assertThat(out.toString()).startsWith("broker,web_ui,config\n");
    assertThat(row[2]).isEqualTo(folder.resolve("tidegate.yaml").toString());
    TidegateConfig config = TidegateConfig.load(Path.of(row[2]));
    assertThat(config.kafka().bootstrapServers()).isEqualTo(row[0]);
    KafkaTopics.require(config.kafka());
    HttpURLConnection page = (HttpURLConnection) URI.create(row[1]).toURL().openConnection();
    assertThat(page.getResponseCode()).isEqualTo(200);

    java.nio.file.Files.writeString(
        Path.of(row[2]),
        java.nio.file.Files.readString(Path.of(row[2]))
            .replace("runtime:", "runtime:\n  bounded: true"));
    Cli run = Cli.run("run", "archive", "--config", row[2]);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("job archive finished");

    up.interrupt();
    up.join(30_000);
    assertThat(code).hasValue(Tidegate.OK);
  }
}
