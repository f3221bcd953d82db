package io.refreshd.daemon;

import io.refreshd.config.Config;
import io.refreshd.grant.Grant;
import io.refreshd.grant.GrantName;
import io.refreshd.report.DoctorDocument;
import io.refreshd.rotation.Advice;
import io.refreshd.rotation.CredentialStatus;
import io.refreshd.rotation.Finding;
import io.refreshd.rotation.Forecast;
import io.refreshd.rotation.GrantStatus;
import io.refreshd.rotation.Level;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.rotation.StoreException;
import java.io.Writer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks for what is wrong and says what to do: at the surroundings, at the way to each endpoint, at
 * each grant. It presents no token.
 */
public final class Doctor {

  /** Of the grants of a client, so that a finding stays a line. */
  private static final int NAMED = 5;

  private final Config config;
  private final Clock clock;
  private final Map<String, String> environment;

  public Doctor(Config config, Clock clock, Map<String, String> environment) {
    this.config = config;
    this.clock = clock;
    this.environment = environment;
  }

  /**
   * What the doctor found.
   *
   * @param findings in the order in which it looked: surroundings, endpoints, grants
   * @param forecast the grants that die if everything stays as it is, the first to die first
   */
  public record Diagnosis(List<Finding> findings, List<Forecast> forecast) {

    public Diagnosis {
      findings = List.copyOf(findings);
      forecast = List.copyOf(forecast);
    }

    /** Whether anything is not as it should be. */
    public boolean isWell() {
      return findings.stream().allMatch(finding -> finding.level() == Level.OK);
    }

    /** Writes it as a JSON document. */
    public void writeJson(Writer to, Instant at) {
      DoctorDocument.write(to, findings, forecast, at);
    }
  }

  /** Looks at everything that the grants that are meant need, and at them. */
  public Diagnosis examine(Predicate<GrantName> isMeant) throws InterruptedException {
    List<Grant> grants =
        config.grants().stream().filter(grant -> isMeant.test(grant.name())).toList();
    SurroundingsCheck surroundings = new SurroundingsCheck(config, clock);
    List<Finding> findings = new ArrayList<>(surroundings.findings());
    findings.addAll(new EndpointCheck(clock, environment).findings(grants));
    Map<GrantName, Grant> byName =
        grants.stream().collect(Collectors.toMap(Grant::name, Function.identity()));
    try (Assembly assembly = Assembly.reading(config, clock)) {
      List<Forecast> forecast = new ArrayList<>();
      FleetStatus fleet = assembly.status(isMeant);
      Instant now = clock.instant();
      fleet.credentials(now).stream()
          .filter(one -> one.level() != Level.OK)
          .forEach(one -> findings.add(finding(one, now)));
      assembly.held().forEach(grant -> findings.add(held(grant)));
      Set<GrantName> damaged =
          surroundings.isStoreWell() ? assembly.damaged(fleet) : Set.of(); // told of as a whole
      fleet.read(
          now,
          one -> {
            Grant grant = byName.get(one.grant());
            findings.add(
                damaged.contains(one.grant()) ? damaged(grant, one.grant()) : finding(grant, one));
            Forecast.find(one, grant).ifPresent(forecast::add);
          });
      forecast.sort(Forecast.FIRST_TO_DIE);
      return new Diagnosis(findings, forecast);
    } catch (StoreException e) {
      if (surroundings.isStoreWell()) { // else they told of it
        findings.add(unread(e));
      }
      return new Diagnosis(findings, List.of());
    }
  }

  private static Finding unread(StoreException e) {
    return new Finding(
        Level.CRITICAL,
        "store",
        String.valueOf(e.getMessage()),
        "until this is mended it is not known how every grant stands");
  }

  /** Without a credential no grant of its client is rotated, however well they all are. */
  private static Finding finding(CredentialStatus credential, Instant now) {
    Instant end = credential.expiresAt();
    String ends = end == null ? "" : (end.isAfter(now) ? ", ends " : ", has ended ") + end;
    String refused = credential.use() == CredentialStatus.Use.REFUSED ? ", is refused" : "";
    return new Finding(
        credential.level(),
        "client " + credential.client(),
        credential.label() + refused + ends + "; its grants: " + named(credential.grants()),
        "make a new one at the application's registration, name it in the YAML, and reload");
  }

  private static Finding held(GrantName grant) {
    return new Finding(
        Level.WARNING,
        grant.toString(),
        "its new token waits in the spool: the store could not take it",
        "see why in the journal; whoever writes to the store next stores it. leave the spool alone");
  }

  private static Finding damaged(@Nullable Grant grant, GrantName name) {
    return new Finding(
        Level.CRITICAL,
        name.toString(),
        "its token is damaged, no key opens it",
        (grant == null ? "refreshd forget " : "enrol anew: refreshd import ") + name);
  }

  private static String named(List<GrantName> grants) {
    String first =
        grants.stream().limit(NAMED).map(GrantName::toString).collect(Collectors.joining(", "));
    return grants.size() > NAMED ? first + " and " + (grants.size() - NAMED) + " more" : first;
  }

  private static Finding finding(@Nullable Grant grant, GrantStatus status) {
    String name = status.grant().toString();
    Advice advice = Advice.of(grant, status);
    if (advice == null) {
      return Finding.ok(name, status.state().word());
    }
    RefusalKind kind = status.reason().kind();
    String message = status.reason().message();
    String said = kind == null ? "" : " (" + kind.word() + ": " + message + ")";
    Level level = status.level() == Level.OK ? Level.WARNING : status.level();
    return new Finding(
        level, name, status.state().word() + ": " + advice.cause() + said, advice.next());
  }
}
