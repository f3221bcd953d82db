package io.refreshd.cli;

import picocli.CommandLine.Model.OptionSpec;

/** An option that says yes by being there. */
final class Flag extends Argument<Boolean> {

  Flag(String name, String... description) {
    super(
        OptionSpec.builder(name)
            .type(boolean.class)
            .initialValue(false)
            .description(description)
            .build());
  }

  boolean isGiven() {
    return get();
  }
}
