package io.refreshd.testing;

import io.refreshd.rotation.RefusalKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The error answers of Entra, in the shape that they have on the wire. */
public final class EntraErrors {

  private static final Pattern SUBERROR = Pattern.compile("suberror ([a-z_]+)");
  private static final Pattern STATUS = Pattern.compile("HTTP ([0-9]{3})");
  private static final Pattern OF_V1 = Pattern.compile("v1: ([a-z_]+)");
  private static final Pattern ANY = Pattern.compile("(?:v2: )?([a-z_]{4,})");

  private EntraErrors() {}

  /**
   * A row of the table that the program decides by.
   *
   * @param code {@code 700082}, or {@code AADB2C90080}
   * @param kind by its class
   * @param oauthError which {@code error} it was seen with, in words; may be empty
   */
  public record Row(String code, RefusalKind kind, String oauthError) {

    /** What the endpoint of that version says in {@code error}. */
    public String error(int version) {
      Matcher ofV1 = OF_V1.matcher(oauthError);
      if (version == 1 && ofV1.find()) {
        return ofV1.group(1);
      }
      Matcher any = ANY.matcher(oauthError);
      return any.find() ? any.group(1) : "invalid_grant";
    }

    public @Nullable String suberror() {
      Matcher suberror = SUBERROR.matcher(oauthError);
      return suberror.find() ? suberror.group(1) : null;
    }

    public int status() {
      Matcher status = STATUS.matcher(oauthError);
      return status.find() ? Integer.parseInt(status.group(1)) : 400;
    }

    @Override
    public String toString() {
      return code;
    }
  }

  /** Every number of Entra that is known. */
  public static List<Row> table() {
    return rows("aadsts.tsv");
  }

  /** Every number of Azure AD B2C that is known. */
  public static List<Row> tableOfB2c() {
    return rows("aadb2c.tsv");
  }

  /**
   * An error as Entra writes it.
   *
   * @param suberror {@code null} for none
   */
  public static String json(String error, @Nullable String suberror, String code, String text) {
    String finer = suberror == null ? "" : ",\"suberror\":\"" + suberror + "\"";
    return """
    {"error":"%s","error_description":"AADSTS%s: %s Trace ID: 0a1b2c3d-0000-1111-2222-333344445555 \
    Correlation ID: 99998888-0000-1111-2222-333344445555 Timestamp: 2026-03-01 12:00:00Z",\
    "error_codes":[%s],"timestamp":"2026-03-01 12:00:00Z",\
    "trace_id":"0a1b2c3d-0000-1111-2222-333344445555",\
    "correlation_id":"99998888-0000-1111-2222-333344445555",\
    "error_uri":"https://login.microsoftonline.com/error?code=%s"%s}"""
        .formatted(error, code, text, code, code, finer);
  }

  /** An error as Azure AD B2C writes it: no numbers but in the text, and line ends of its own. */
  public static String b2cJson(String code, String text) {
    return "{\"error\":\"invalid_grant\",\"error_description\":\""
        + code
        + ": "
        + text
        + "\\r\\nCorrelation ID: 99998888-0000-1111-2222-333344445555\\r\\nTimestamp: 2026-03-01"
        + " 12:00:00Z\\r\\n\"}";
  }

  private static List<Row> rows(String file) {
    try (InputStream in = RefusalKind.class.getResourceAsStream("/io/refreshd/entra/" + file)) {
      String table = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return table.lines().skip(1).map(line -> line.split("\t", -1)).map(EntraErrors::row).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Row row(String[] columns) {
    String clazz = columns[2].equals("TOKEN_DEAD") ? "DEAD" : columns[2];
    return new Row(columns[0], RefusalKind.valueOf(clazz), columns[1]);
  }
}
