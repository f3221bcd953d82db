package io.refreshd.entra;

import static org.assertj.core.api.Assertions.assertThat;

import io.refreshd.bench.SelfSigned;
import io.refreshd.grant.Client;
import io.refreshd.grant.Grant;
import io.refreshd.grant.Secret;
import io.refreshd.grant.TokenEndpoint;
import io.refreshd.rotation.Redemption;
import io.refreshd.rotation.Redemption.Redeemed;
import io.refreshd.rotation.Redemption.Refused;
import io.refreshd.rotation.RefusalKind;
import io.refreshd.testing.Grants;
import io.refreshd.testing.MutableClock;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Certificates of clients: which are good, what is wrong with the others, what they sign. */
class ClientCertificatesTest {

  private static final Secret PASSWORD = Secret.of(SelfSigned.PASSWORD);

  @TempDir static Path shared = Path.of("");
  private static SelfSigned good = new SelfSigned(Path.of(""));
  private static SelfSigned other = new SelfSigned(Path.of(""));

  @TempDir Path folder = Path.of("");
  private final MutableClock clock = new MutableClock(Instant.EPOCH);
  private final ClientCertificates certificates = new ClientCertificates(clock);

  @BeforeAll
  static void make() {
    good = SelfSigned.in(shared);
    other = SelfSigned.in(shared, "other", "-keyalg", "RSA", "-keysize", "2048");
  }

  @Test
  void aKeyAndItsChainInAnyOrderIsGood() throws Exception {
    Pem pem = new Pem(good);
    String stranger = new Pem(other).certificate();
    valid(pem);

    assertThat(problem("Bag Attributes\n" + pem.key() + "words\n" + pem.certificate())).isNull();
    assertThat(problem(stranger + pem.certificate() + pem.key())).isNull();
    assertThat(problem((pem.certificate() + pem.key()).replace("\n", "\r\n"))).isNull();
  }

  @Test
  void aPfxWithItsPasswordIsGood() throws Exception {
    valid(new Pem(good));

    assertThat(findProblem(good.keystore(), PASSWORD)).isEmpty();
  }

  @Test
  void whatIsWrongWithAPfxIsNamed() throws IOException {
    assertThat(findProblem(good.keystore(), Secret.of("wrong")))
        .contains(good.keystore() + ": its password is wrong");
    assertThat(findProblem(good.keystore(), null))
        .contains(good.keystore() + ": its password is missing");
    Path text = Pem.file(folder, "text.pfx", "no pfx");
    assertThat(findProblem(text, PASSWORD)).contains(text + ": it is no PFX file");
  }

  @Test
  void aPfxOfASecretKeyHoldsNoPrivateKey() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = SelfSigned.PASSWORD.toCharArray();
    store.setKeyEntry("aes", new SecretKeySpec(new byte[16], "AES"), password, null);
    Path file = folder.resolve("secret.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, password);
    }

    assertThat(findProblem(file, PASSWORD)).contains(file + ": it holds no private key");
  }

  @Test
  void whatIsWrongWithAPemIsNamed() throws Exception {
    Pem pem = new Pem(good);

    assertThat(problem("")).isEqualTo("it holds no private key");
    assertThat(problem(pem.certificate())).isEqualTo("it holds no private key");
    assertThat(problem(pem.key())).isEqualTo("it holds no certificate");
    assertThat(problem(pem.key() + new Pem(other).certificate()))
        .isEqualTo("its key does not belong to its certificate");
    assertThat(problem(pem.key() + Pem.block("CERTIFICATE", new byte[] {1, 2})))
        .isEqualTo("one of its certificates is damaged");
    assertThat(problem(Pem.block("PRIVATE KEY", new byte[] {1, 2}) + pem.certificate()))
        .isEqualTo("its private key is damaged, or of a kind that is not known; it must be RSA");
    String odd = "-----BEGIN X-----\nA=A=A\n-----END X-----\n";
    assertThat(problem(odd.replace("X", "PRIVATE KEY"))).contains("its private key is damaged");
    assertThat(problem(odd.replace("X", "CERTIFICATE"))).contains("is damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
  void keysOfOtherFormsComeWithTheCommandThatConvertsThem(String label) throws Exception {
    String problem = problem(Pem.block(label, new byte[] {1, 2}) + new Pem(good).certificate());

    assertThat(problem).contains("openssl pkey -in OLD.pem -out NEW.pem");
  }

  /** No conversion makes an RSA key of it. */
  @ParameterizedTest
  @CsvSource({"EC, EC", "Ed25519, EdDSA", "DSA, DSA"})
  void aPemOfAnotherKindOfKeyIsNotToBeConverted(String algorithm, String told) throws Exception {
    byte[] key =
        KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate().getEncoded();

    assertThat(problem(Pem.block("PRIVATE KEY", key) + new Pem(good).certificate()))
        .isEqualTo("its key is " + told + "; it must be RSA");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "DSA"})
  void aKeyInAFormOfItsOwnKindIsNotToBeConverted(String kind) throws Exception {
    String key = Pem.block(kind + " PRIVATE KEY", new byte[] {1, 2});

    assertThat(problem(key + new Pem(good).certificate()))
        .isEqualTo("its key is " + kind + "; it must be RSA");
  }

  /** OpenSSL's old way to encrypt puts headers with dashes into the block. */
  @Test
  void aKeyEncryptedTheOldWayComesWithTheCommandThatConvertsIt() throws Exception {
    String key =
        """
        -----BEGIN RSA PRIVATE KEY-----
        Proc-Type: 4,ENCRYPTED
        DEK-Info: AES-256-CBC,0A

        AAAA
        -----END RSA PRIVATE KEY-----
        """;

    assertThat(problem(key + new Pem(good).certificate())).contains("openssl pkey -in");
  }

  @Test
  void keysThatEntraDoesNotTakeAreRefused() {
    SelfSigned small = SelfSigned.in(folder, "small", "-keyalg", "RSA", "-keysize", "1024");
    SelfSigned curve = SelfSigned.in(folder, "curve", "-keyalg", "EC");

    assertThat(findProblem(small.keystore(), PASSWORD).orElse(""))
        .endsWith("its key has 1024 bits; it must have at least 2048");
    assertThat(findProblem(curve.keystore(), PASSWORD).orElse(""))
        .endsWith("its key is EC; it must be RSA");
  }

  @Test
  void aCertificateOutOfItsTimeSaysSinceWhen() throws Exception {
    Pem pem = new Pem(good);
    Instant from = pem.x509().getNotBefore().toInstant();
    Instant until = pem.x509().getNotAfter().toInstant();

    clock.set(from.minusSeconds(1));
    assertThat(problem(pem.key() + pem.certificate()))
        .isEqualTo("the certificate is valid only from " + from);
    clock.set(until);
    assertThat(problem(pem.key() + pem.certificate())).isNull();
    clock.advance(Duration.ofSeconds(1));
    assertThat(problem(pem.key() + pem.certificate()))
        .isEqualTo("the certificate expired at " + until);
  }

  @Test
  void theFactsAreThoseOfTheCertificateEvenIfItsTimeIsOver() throws Exception {
    Pem pem = new Pem(good);
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(pem.x509().getEncoded());
    Instant end = pem.x509().getNotAfter().toInstant();
    Client.Certificate facts =
        new Client.Certificate(good.keystore(), PASSWORD, HexFormat.of().formatHex(hash), end);

    valid(pem);
    assertThat(certificates.inspect(good.keystore(), PASSWORD, problem -> {}, warning -> {}))
        .isEqualTo(facts);
    clock.set(end.plusSeconds(1));
    assertThat(certificates.inspect(good.keystore(), PASSWORD, problem -> {}, warning -> {}))
        .isEqualTo(facts);
  }

  @Test
  void aReplacedFileIsAnotherCertificate() throws Exception {
    Pem pem = new Pem(good);
    Pem renewed = new Pem(other);
    Path file = Pem.file(folder, "client.pem", pem.key() + pem.certificate());
    Client.Certificate before = certificates.inspect(file, null, problem -> {}, warning -> {});

    Files.writeString(file, renewed.key() + renewed.certificate());
    Client.Certificate after = certificates.inspect(file, null, problem -> {}, warning -> {});

    assertThat(after).isNotEqualTo(before);
    assertThat(after.thumbprint()).matches("[0-9a-f]{64}").isNotEqualTo(before.thumbprint());
  }

  @Test
  void whatCannotBeReadHasNoFacts() {
    Path missing = folder.resolve("missing.pem");

    assertThat(certificates.inspect(missing, null, problem -> {}, warning -> {}))
        .isEqualTo(new Client.Certificate(missing, null));
  }

  @Test
  void aFileThatIsNotThereOrNotOneIsNamed() {
    Path missing = folder.resolve("missing.pem");

    assertThat(findProblem(missing, null)).contains(missing + ": there is no such file");
    assertThat(findProblem(folder, null)).contains(folder + ": it is no regular file");
  }

  /** To read it would wait for a writer for ever, and a device never ends. */
  @Test
  @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void aPipeOrADeviceInPlaceOfACertificateIsNotRead() throws Exception {
    Path pipe = folder.resolve("pipe.pem");
    new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
    Path link = Files.createSymbolicLink(folder.resolve("link.pem"), Path.of("/dev/zero"));

    assertThat(findProblem(pipe, null)).contains(pipe + ": it is no regular file");
    assertThat(findProblem(link, null)).contains(link + ": it is no regular file");
  }

  @Test
  void aFileThatIsNoCertificateForItsSizeIsNotReadWhole() throws IOException {
    Path file = Files.write(folder.resolve("large.pem"), new byte[1024 * 1024 + 1]);

    assertThat(findProblem(file, null)).contains(file + ": it is too large for a certificate");
  }

  @Test
  void theAssertionIsSignedByTheKeyForTheTrueAuthority() throws Exception {
    Pem pem = new Pem(good);
    Path file = Pem.file(folder, "client.pem", pem.key() + pem.certificate());
    String form =
        formFor(
            new TokenEndpoint.V2(
                URI.create("https://login.microsoftonline.com"), Endpoint.TENANT, List.of("x")),
            new Client.Certificate(file, null));

    assertThat(form)
        .contains(
            "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer")
        .doesNotContain("client_secret");
    String[] jwt = assertion(form);
    Signature signature = signature(jwt, pem);
    assertThat(signature.verify(Base64.getUrlDecoder().decode(jwt[2]))).isTrue();
    JsonNode claims = json(jwt[1]);
    String client = "66666666-7777-8888-9999-000000000000";
    assertThat(claims.get("iss").asString()).isEqualTo(client);
    assertThat(claims.get("sub").asString()).isEqualTo(client);
    assertThat(claims.get("aud").asString())
        .isEqualTo("https://login.microsoftonline.com/" + Endpoint.TENANT + "/oauth2/v2.0/token");
    assertThat(claims.get("exp").asLong()).isGreaterThan(claims.get("nbf").asLong());
    JsonNode header = json(jwt[0]);
    assertThat(header.get("x5c").get(0).asString())
        .isEqualTo(Base64.getEncoder().encodeToString(pem.x509().getEncoded()));
    assertThat(thumbprint(header, pem)).isTrue();
  }

  @Test
  void aPfxSignsAsWell() throws Exception {
    String form = formFor(Endpoint.v1(), new Client.Certificate(good.keystore(), PASSWORD));

    String[] jwt = assertion(form);
    assertThat(signature(jwt, new Pem(good)).verify(Base64.getUrlDecoder().decode(jwt[2])))
        .isTrue();
  }

  /** What msal4j knows has no http; but a server on this machine is not told another's name. */
  @Test
  void theAssertionForAServerOnThisMachineNamesThatServer() throws Exception {
    String form = formFor(Endpoint.v2("x"), new Client.Certificate(good.keystore(), PASSWORD));

    String https = Endpoint.base().toString().replace("http:", "https:");
    assertThat(json(assertion(form)[1]).get("aud").asString())
        .isEqualTo(https + "/" + Endpoint.TENANT + "/oauth2/v2.0/token");
  }

  @Test
  void whereMsalCannotMakeAnAssertionOutToNoneIsSent() {
    TokenEndpoint b2c =
        new TokenEndpoint.V2(
            URI.create("https://contoso.b2clogin.com"), "contoso.onmicrosoft.com", List.of("x"));

    Refused refused = refused(redeem(b2c, new Client.Certificate(good.keystore(), PASSWORD)));

    assertThat(refused.kind()).isEqualTo(RefusalKind.CONFIGURATION);
    assertThat(refused.carried()).isFalse();
    assertThat(refused.message()).startsWith("msal4j could not build the request");
  }

  @Test
  void aBadCertificateIsAnOutcomeThatCarriedNothing() throws IOException {
    Path file = Pem.file(folder, "bad.pem", "no pem");

    Refused refused = refused(redeem(Endpoint.v1(), new Client.Certificate(file, null)));

    assertThat(refused.kind()).isEqualTo(RefusalKind.CONFIGURATION);
    assertThat(refused.answered()).isFalse();
    assertThat(refused.carried()).isFalse();
    assertThat(refused.message())
        .isEqualTo("the client certificate cannot be used: " + file + ": it holds no private key");
  }

  @Test
  void aPlainServerIsNotSentAnAssertionMadeOutToEntra() {
    Client.Certificate certificate = new Client.Certificate(good.keystore(), PASSWORD);

    Refused refused = refused(redeem(Endpoint.plain(), certificate));

    assertThat(refused.kind()).isEqualTo(RefusalKind.CONFIGURATION);
    assertThat(refused.carried()).isFalse();
    assertThat(refused.message()).contains("give this client a secret");
  }

  @Test
  void aFileIsReadOnceUntilToldToReadAnew() throws Exception {
    Pem pem = new Pem(good);
    Path file = Pem.file(folder, "client.pem", pem.key() + pem.certificate());
    Client.Certificate certificate = new Client.Certificate(file, null);
    Endpoint.answers(200, Endpoint.SUCCESS);
    try (EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock)) {
      assertThat(redeemer.redeem(grant(Endpoint.v1(), certificate), Endpoint.TOKEN))
          .isInstanceOf(Redeemed.class);
      Files.delete(file);
      assertThat(redeemer.redeem(grant(Endpoint.v1(), certificate), Endpoint.TOKEN))
          .isInstanceOf(Redeemed.class);

      redeemer.forgetCertificates();

      assertThat(redeemer.redeem(grant(Endpoint.v1(), certificate), Endpoint.TOKEN))
          .isInstanceOf(Refused.class);
    }
  }

  private void valid(Pem pem) {
    clock.set(pem.x509().getNotBefore().toInstant().plusSeconds(1));
  }

  /** Of a PEM file with that text, without the file's name before it. */
  private @Nullable String problem(String text) throws IOException {
    Path file = Pem.file(folder, "client.pem", text);
    return findProblem(file, null).map(problem -> problem.replace(file + ": ", "")).orElse(null);
  }

  private Optional<String> findProblem(Path file, @Nullable Secret password) {
    List<String> problems = new ArrayList<>();
    certificates.inspect(file, password, problems::add, problems::add);
    assertThat(problems).hasSizeLessThan(2);
    return problems.stream().findFirst();
  }

  /** The form that msal4j builds, before it is sent anywhere. */
  private String formFor(TokenEndpoint endpoint, Client.Certificate certificate) throws Exception {
    return new Msal(certificates).build(grant(endpoint, certificate)).form();
  }

  /** Header, claims and signature of the assertion in a form. */
  private static String[] assertion(String form) {
    return form.replaceFirst(".*client_assertion=", "").replaceFirst("&.*", "").split("\\.", -1);
  }

  private Redemption redeem(TokenEndpoint endpoint, Client.Certificate certificate) {
    try (EntraTokenRedeemer redeemer = new EntraTokenRedeemer(clock)) {
      return redeemer.redeem(grant(endpoint, certificate), Endpoint.TOKEN);
    }
  }

  private static Refused refused(Redemption redemption) {
    assertThat(redemption).isInstanceOf(Refused.class);
    return (Refused) redemption;
  }

  private static Grant grant(TokenEndpoint endpoint, Client.Certificate certificate) {
    return Grants.named("a/b").endpoint(endpoint).credential(certificate).build();
  }

  private static JsonNode json(String base64) {
    return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(base64));
  }

  /** {@code x5t#S256} of RFC 7515; msal4j writes it in the alphabet with plus and slash. */
  private static boolean thumbprint(JsonNode header, Pem pem) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(pem.x509().getEncoded());
    String said = header.get("x5t#S256").asString();
    return said.equals(Base64.getEncoder().encodeToString(hash));
  }

  private static Signature signature(String[] jwt, Pem pem) throws GeneralSecurityException {
    assertThat(json(jwt[0]).get("alg").asString()).isEqualTo("RS256");
    Signature signature = Signature.getInstance("SHA256withRSA");
    signature.initVerify(pem.x509());
    signature.update((jwt[0] + "." + jwt[1]).getBytes(StandardCharsets.US_ASCII));
    return signature;
  }
}
