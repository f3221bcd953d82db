package io.refreshd.bench;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;

/** A success of 3.4 KB, head and body, in whose refresh token of 1.2 KB only a number changes. */
final class EndpointAnswer {

  private static final int REFRESH_TOKEN = 1_200;
  private static final int DIGITS = 19;
  private static final int PADDING = 860;
  private static final int SIGNATURE = 342;

  private final byte[] whole;
  private final int lastDigit;

  EndpointAnswer() {
    Random random = new Random(1);
    String token = text(random, REFRESH_TOKEN - DIGITS - 1) + ".";
    String before =
        "{\"token_type\":\"Bearer\",\"scope\":\"https://api.partnercenter.microsoft.com/"
            + "user_impersonation openid profile offline_access\",\"expires_in\":3599,"
            + "\"ext_expires_in\":3599,\"access_token\":\""
            + accessToken(random)
            + "\",\"refresh_token\":\""
            + token;
    String after = "\",\"foci\":\"\"}";
    String head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
            + "Cache-Control: no-store, no-cache\r\nPragma: no-cache\r\nContent-Length: "
            + (before.length() + DIGITS + after.length())
            + "\r\n\r\n";
    String text = head + before + "1" + "0".repeat(DIGITS - 1);
    lastDigit = text.length() - 1;
    whole = (text + after).getBytes(StandardCharsets.US_ASCII);
  }

  /** All of it, for one connection to write its numbers into. */
  byte[] bytes() {
    return whole.clone();
  }

  /** Makes its refresh token the one of that number. */
  void number(byte[] answer, long number) {
    int at = lastDigit;
    for (long rest = number; rest > 0; rest /= 10) {
      answer[at--] = (byte) ('0' + rest % 10);
    }
  }

  private static String accessToken(Random random) {
    String claims =
        "{\"aud\":\"https://api.partnercenter.microsoft.com\",\"amr\":[\"pwd\",\"mfa\"],"
            + "\"tid\":\"11111111-2222-3333-4444-555555555555\","
            + "\"oid\":\"66666666-7777-8888-9999-000000000000\",\"sub\":\"s\",\"x\":\""
            + text(random, PADDING)
            + "\"}";
    Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
    String header = base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8));
    String payload = base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
    return header + "." + payload + "." + text(random, SIGNATURE);
  }

  private static String text(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().encodeToString(bytes).substring(0, length);
  }
}
