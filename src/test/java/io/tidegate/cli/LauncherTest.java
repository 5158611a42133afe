package io.tidegate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher in a copy of the project with a java and an mvn that only say how they ran. */
class LauncherTest {

  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void projectWithFakeTools() throws IOException {
    Files.copy(Path.of("tidegate"), folder.resolve("tidegate"));
    script(folder.resolve("tidegate"), Files.readString(Path.of("tidegate")));
    Files.writeString(folder.resolve("pom.xml"), "<project/>");
    Files.createDirectories(folder.resolve("src/main"));
    Files.writeString(folder.resolve("src/main/A.java"), "class A {}");
    Path bin = Files.createDirectories(folder.resolve("jdk/bin"));
    script(
        bin.resolve("java"),
        """
        #!/bin/sh
        [ "$1" = -version ] && { echo 'openjdk version "17.0.1"' >&2; exit; }
        for a in "$@"; do echo "[$a]"; done
        """);
    script(
        bin.resolve("mvn"),
        """
        #!/bin/sh
        echo "mvn $*"
        mkdir -p FOLDER/target/local
        touch FOLDER/target/tidegate.jar
        """
            .replace("FOLDER", folder.toString()));
  }

  @Test
  void opens_are_those_of_the_pom() throws IOException {
    Matcher pom =
        Pattern.compile("<jvm.opens>([^<]*)</jvm.opens>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertThat(pom.find()).isTrue();
    List<String> launcher =
        Pattern.compile("--add-opens=\\S+=ALL-UNNAMED")
            .matcher(Files.readString(Path.of("tidegate")))
            .results()
            .map(MatchResult::group)
            .toList();
    assertThat(launcher).isEqualTo(List.of(pom.group(1).trim().split("\\s+")));
  }

  @Test
  void builds_a_missing_jar_and_forwards_every_argument() throws Exception {
    Ran ran = run("judge", "two words", "--alpha=0.1");
    assertThat(ran.code()).isZero();
    assertThat(ran.err()).contains("building target/tidegate.jar", "mvn -q -B -ntp -f");
    assertThat(ran.out())
        .contains("[io.tidegate.cli.Tidegate]\n[judge]\n[two words]\n[--alpha=0.1]\n")
        .contains("[--add-opens=java.base/java.lang=ALL-UNNAMED]")
        .doesNotContain("mvn");
  }

  @Test
  void only_a_bench_has_its_whole_heap_at_the_start() throws Exception {
    assertThat(run("bench", "--quick").out())
        .contains("[-XX:MaxRAMPercentage=50]\n[-XX:InitialRAMPercentage=50]\n");
    assertThat(run("run", "bench").out())
        .contains("[-XX:MaxRAMPercentage=50]")
        .doesNotContain("InitialRAMPercentage");
  }

  @Test
  void fresh_jar_is_not_built_again_until_a_source_changes() throws Exception {
    run("x");
    assertThat(run("x").err()).isEmpty();
    Files.setLastModifiedTime(
        folder.resolve("src/main/A.java"), FileTime.from(Instant.now().plusSeconds(60)));
    assertThat(run("x").err()).contains("building");
  }

  @Test
  void failed_build_says_so_with_exit_code_2() throws Exception {
    script(folder.resolve("jdk/bin/mvn"), "#!/bin/sh\nexit 1\n");
    Ran ran = run("x");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).endsWith("tidegate: the build failed, see above\n");
    assertThat(ran.out()).isEmpty();
  }

  @Test
  void old_java_is_refused_with_exit_code_2() throws Exception {
    script(folder.resolve("jdk/bin/java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n");
    Ran ran = run("x");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).isEqualTo("tidegate: java is version 11: JDK 17 or newer is needed\n");
  }

  @Test
  void test_runs_maven_and_then_the_notebooks() throws Exception {
    Files.createDirectories(folder.resolve("notebooks"));
    script(folder.resolve("notebooks/run.sh"), "#!/bin/sh\necho \"notebooks $*\"\n");
    assertThat(run("test").out()).isEqualTo("mvn -B -ntp verify\nnotebooks \n");
    assertThat(run("test", "--full").out())
        .isEqualTo(
            "mvn -B -ntp -Dtidegate.full=true verify\n"
                + "mvn -B -ntp -Pfull org.pitest:pitest-maven:mutationCoverage\n"
                + "notebooks \n");
    assertThat(run("test", "--fll").code()).isEqualTo(2);
  }

  private Ran run(String... args) throws IOException, InterruptedException {
    Path out = folder.resolve("out.txt");
    Path err = folder.resolve("err.txt");
    List<String> command =
        Stream.concat(Stream.of(folder.resolve("tidegate").toString()), Stream.of(args)).toList();
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", folder.resolve("jdk").toString());
    builder.environment().put("PATH", folder.resolve("jdk/bin") + ":" + System.getenv("PATH"));
    Process process = builder.start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private static void script(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
