package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidegate.Poms;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar through the launcher, in a process of its own. */
class LauncherITCase {

  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  @Test
  void packaged_jar_validates_specs_and_keeps_the_outputs_apart() throws Exception {
    Ran sound = run("validate", "jobs/templates/latency-canary.yaml", "--output", "csv");
    assertThat(sound.code()).as(sound.err()).isZero();
    assertThat(sound.out())
        .startsWith("file,rollout,stages,metrics,spec_hash\njobs/templates/latency-canary.yaml,");
    assertThat(sound.err()).isEmpty();

    Ran missing = run("validate", "no-such.yaml");
    assertThat(missing.code()).isEqualTo(Tidegate.USAGE);
    assertThat(missing.out()).isEmpty();
    assertThat(missing.err().lines()).hasSize(1);
  }

  @Test
  void packaged_jar_knows_its_version() throws Exception {
    Ran version = run("--version");
    assertThat(version.code()).as(version.err()).isZero();
    assertThat(version.out().strip()).isEqualTo("tidegate " + Poms.version());
  }

  private Ran run(String... args) throws Exception {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    String[] command = new String[args.length + 1];
    command[0] = "./tidegate";
    System.arraycopy(args, 0, command, 1, args.length);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("TIDEGATE_LOG", folder.resolve("tidegate.log").toString());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    Process process = builder.start();
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }
}
