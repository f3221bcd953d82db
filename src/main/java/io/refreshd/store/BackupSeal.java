package io.refreshd.store;

import com.google.crypto.tink.Configuration;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.StreamingAead;
import com.google.crypto.tink.TinkProtoKeysetFormat;
import com.google.crypto.tink.streamingaead.PredefinedStreamingAeadParameters;
import com.google.crypto.tink.streamingaead.StreamingAeadConfig2026;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;

/**
 * Seals a backup: its content by a key of its own (AES-256-GCM in segments, by Tink, which finds a
 * segment that is changed, moved or missing, and an end that is), and that key by the store's.
 */
final class BackupSeal {

  private static final Configuration STREAMING = StreamingAeadConfig2026.get();

  private final KeysetHandle key;

  private BackupSeal(KeysetHandle key) {
    this.key = key;
  }

  static BackupSeal generate() throws GeneralSecurityException {
    return new BackupSeal(
        KeysetHandle.newBuilder()
            .setConfiguration(STREAMING)
            .addEntry(
                KeysetHandle.generateEntryFromParameters(
                        PredefinedStreamingAeadParameters.AES256_GCM_HKDF_1MB)
                    .withRandomId()
                    .makePrimary())
            .build());
  }

  /** Opens the key that another one has sealed. */
  static BackupSeal open(Keyring keys, Sealed sealed, String lines)
      throws GeneralSecurityException {
    byte[] clear = keys.open(sealed, associated(lines));
    return new BackupSeal(
        TinkProtoKeysetFormat.parseKeyset(clear, InsecureSecretKeyAccess.get(), STREAMING));
  }

  /** This key, sealed by the store's and bound to the label's lines. */
  Sealed sealed(Keyring keys, int number, String lines) throws GeneralSecurityException {
    byte[] clear =
        TinkProtoKeysetFormat.serializeKeyset(key, InsecureSecretKeyAccess.get(), STREAMING);
    return keys.seal(number, clear, associated(lines));
  }

  /** What is written to it is sealed; it must be closed. */
  OutputStream seal(OutputStream out, String text) throws GeneralSecurityException, IOException {
    return aead().newEncryptingStream(out, BackupText.bytes(text));
  }

  /** What is read from it was sealed so; only its end shows that nothing is missing. */
  InputStream open(InputStream in, String text) throws GeneralSecurityException, IOException {
    return aead().newDecryptingStream(in, BackupText.bytes(text));
  }

  private StreamingAead aead() throws GeneralSecurityException {
    return key.getPrimitive(STREAMING, StreamingAead.class);
  }

  /** No grant is called so, nor anything else that is sealed. */
  private static byte[] associated(String lines) {
    return BackupText.bytes("backup#" + lines);
  }
}
