package io.tidegate.cli;

import io.tidegate.cli.world.WorldOutput;
import io.tidegate.codec.EventEncoder;
import io.tidegate.codec.RolloutEventCodec;
import io.tidegate.model.RolloutEvent;
import io.tidegate.model.UserError;
import io.tidegate.simulate.Arrival;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes a simulation as JSON lines: exposures.jsonl, outcomes.jsonl, rollouts.jsonl. */
final class FileWorldOutput implements WorldOutput {

  private final OutputStream exposures;
  private final OutputStream outcomes;
  private final OutputStream rollouts;
  private final EventEncoder encoder = new EventEncoder();

  FileWorldOutput(Path folder) {
    try {
      Files.createDirectories(folder);
      this.exposures = open(folder.resolve("exposures.jsonl"));
      this.outcomes = open(folder.resolve("outcomes.jsonl"));
      this.rollouts = open(folder.resolve("rollouts.jsonl"));
    } catch (IOException e) {
      throw new UserError("--dir", "", folder.toString(), "a folder that can be written");
    }
  }

  @Override
  public void arrival(Arrival arrival) {
    if (arrival instanceof Arrival.Exposed exposed) {
      line(exposures, encoder.exposure(exposed.event()));
    } else if (arrival instanceof Arrival.Happened happened) {
      line(outcomes, encoder.outcome(happened.event()));
    } else if (arrival instanceof Arrival.Broken broken) {
      byte[] payload = broken.payload().getBytes(StandardCharsets.UTF_8);
      line(broken.exposure() ? exposures : outcomes, payload);
    }
  }

  @Override
  public void rollout(RolloutEvent event) {
    line(rollouts, RolloutEventCodec.encode(event));
  }

  @Override
  public void flush() {
    try {
      exposures.flush();
      outcomes.flush();
      rollouts.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (exposures;
        outcomes;
        rollouts) {
      flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static OutputStream open(Path file) throws IOException {
    return new BufferedOutputStream(Files.newOutputStream(file), 1 << 16);
  }

  private static void line(OutputStream out, byte[] json) {
    try {
      out.write(json);
      out.write('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
