package io.refreshd.store;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The sealing keys of a key file: AES-256-GCM by Tink, each with a number that stands in front of
 * everything it sealed.
 */
final class Keyring {

  private static final Configuration AEAD = AeadConfig2026.get();

  private final KeysetHandle keys;
  private final Map<Integer, Aead> aeads;

  private final int primary;

  private Keyring(KeysetHandle keys) throws GeneralSecurityException {
    this.keys = keys;
    this.aeads = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      KeysetHandle.Entry entry = keys.getAt(i);
      if (entry.getStatus() == KeyStatus.ENABLED) {
        aeads.put(entry.getId(), alone(entry).getPrimitive(AEAD, Aead.class));
      }
    }
    this.primary = keys.getPrimary().getId();
  }

  /** One new key. */
  static Keyring generate() throws GeneralSecurityException {
    return new Keyring(empty().addEntry(newKey()).build());
  }

  /** Reads Tink's JSON format, in clear. */
  static Keyring parse(String json) throws GeneralSecurityException {
    return new Keyring(
        TinkJsonProtoKeysetFormat.parseKeyset(json, AEAD, InsecureSecretKeyAccess.get()));
  }

  String json() throws GeneralSecurityException {
    return TinkJsonProtoKeysetFormat.serializeKeyset(keys, AEAD, InsecureSecretKeyAccess.get());
  }

  /** These keys and a new one, which is primary. */
  Keyring withNewPrimary() throws GeneralSecurityException {
    KeysetHandle.Builder builder = empty();
    for (int i = 0; i < keys.size(); i++) {
      builder.addEntry(
          KeysetHandle.importKey(keys.getAt(i).getKey()).withFixedId(keys.getAt(i).getId()));
    }
    return new Keyring(builder.addEntry(newKey()).build());
  }

  /** The primary key alone. */
  Keyring primaryOnly() throws GeneralSecurityException {
    return new Keyring(alone(keys.getPrimary()));
  }

  int primary() {
    return primary;
  }

  Set<Integer> numbers() {
    return Set.copyOf(aeads.keySet());
  }

  boolean has(int number) {
    return aeads.containsKey(number);
  }

  Sealed seal(int number, byte[] clear, byte[] associated) throws GeneralSecurityException {
    return Sealed.of(aead(number).encrypt(clear, associated));
  }

  byte[] open(Sealed sealed, byte[] associated) throws GeneralSecurityException {
    return aead(sealed.key()).decrypt(sealed.bytes(), associated);
  }

  private Aead aead(int number) throws GeneralSecurityException {
    @Nullable Aead aead = aeads.get(number);
    if (aead == null) {
      throw new GeneralSecurityException("no key " + Integer.toUnsignedString(number));
    }
    return aead;
  }

  private static KeysetHandle.Builder empty() {
    return KeysetHandle.newBuilder().setConfiguration(AEAD);
  }

  private static KeysetHandle.Builder.Entry newKey() {
    return KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
        .withRandomId()
        .makePrimary();
  }

  private static KeysetHandle alone(KeysetHandle.Entry entry) throws GeneralSecurityException {
    return empty()
        .addEntry(KeysetHandle.importKey(entry.getKey()).withFixedId(entry.getId()).makePrimary())
        .build();
  }
}
