package io.refreshd.fuzz;

import io.refreshd.config.ConfigFuzz;
import io.refreshd.config.ValueFuzz;
import io.refreshd.entra.AnswerFuzz;
import io.refreshd.entra.CertificateFuzz;
import io.refreshd.entra.ErrorFuzz;
import io.refreshd.entra.WireFuzz;
import io.refreshd.report.LogFileFuzz;
import io.refreshd.sandbox.TokenRequestFuzz;
import io.refreshd.store.CodecFuzz;
import io.refreshd.store.StoredFileFuzz;
import java.util.Locale;

/** What is fed with hostile input. */
enum Target {
  /** A token endpoint's answer, to the reader of answers. */
  ANSWER(AnswerFuzz.class, AnswerFuzz::fuzzerTestOneInput),
  /** The fields of an error, to the classifier and the reader of texts. */
  ERROR(ErrorFuzz.class, ErrorFuzz::fuzzerTestOneInput),
  /** The bytes that a server sends, over a socket, to the whole client. */
  WIRE(WireFuzz.class, WireFuzz::fuzzerTestOneInput),
  /** A client's certificate, PEM or PFX. */
  CERTIFICATE(CertificateFuzz.class, CertificateFuzz::fuzzerTestOneInput),
  /** A configuration: main file, included file, token lifetime policy. */
  CONFIG(ConfigFuzz.class, ConfigFuzz::fuzzerTestOneInput),
  /** Durations, dates, names and selectors. */
  VALUE(ValueFuzz.class, ValueFuzz::fuzzerTestOneInput),
  /** A request to the sandbox. */
  TOKEN_REQUEST(TokenRequestFuzz.class, TokenRequestFuzz::fuzzerTestOneInput),
  /** Commits and alerts as bytes. */
  CODEC(CodecFuzz.class, CodecFuzz::fuzzerTestOneInput),
  /** Spool, key file and the log's head. */
  STORED_FILE(StoredFileFuzz.class, StoredFileFuzz::fuzzerTestOneInput),
  /** The rolling file of the rotation log. */
  LOG_FILE(LogFileFuzz.class, LogFileFuzz::fuzzerTestOneInput);

  /** Takes one input; throws if something that must hold does not. */
  @FunctionalInterface
  interface Feed {
    void take(byte[] input);
  }

  private final Class<?> type;

  @SuppressWarnings("ImmutableEnumChecker") // each is a method without state
  private final Feed feed;

  Target(Class<?> type, Feed feed) {
    this.type = type;
    this.feed = feed;
  }

  /** The class that Jazzer is told. */
  String className() {
    return type.getName();
  }

  void take(byte[] input) {
    feed.take(input);
  }

  /** The name of its folder of inputs. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
