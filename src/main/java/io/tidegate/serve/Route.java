package io.tidegate.serve;

/**
 * One thing that can be asked for.
 *
 * @param method HTTP method
 * @param template path with {@code {names}}
 * @param right what a caller must be allowed
 */
record Route(String method, String template, Right right, Handler handler) {

  /** Answers a request. */
  @FunctionalInterface
  interface Handler {
    Reply handle(Request request) throws InterruptedException;
  }

  static Route get(String template, Handler handler) {
    return new Route("GET", template, Right.READ, handler);
  }

  /** Changes nothing, although the tool that calls it must POST. */
  static Route ask(String template, Handler handler) {
    return new Route("POST", template, Right.READ, handler);
  }

  static Route decide(String template, Handler handler) {
    return new Route("POST", template, Right.DECIDE, handler);
  }
}
