package io.tidegate.cli.demo;

import io.tidegate.connector.TidegateConfig;

/** Who watches a demo while its broker runs. */
public interface Audience {

  /** Nobody: the demo ends when it is done. */
  Audience NOBODY =
      new Audience() {
        @Override
        public AutoCloseable seated(TidegateConfig config) {
          return () -> {};
        }

        @Override
        public void done(DemoResult result) {}
      };

  /** Called once the broker runs; what it returns is closed before the broker is. */
  AutoCloseable seated(TidegateConfig config);

  /** Called when everything was shown; the broker runs until this returns. */
  void done(DemoResult result) throws Exception;
}
