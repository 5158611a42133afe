package io.tidegate.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/** What one run of the command line wrote and how it ended. */
record Cli(int code, String out, String err) {

  static Cli run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Tidegate.run(new PrintWriter(out, true), new PrintWriter(err, true), args);
    return new Cli(code, out.toString(), err.toString());
  }
}
