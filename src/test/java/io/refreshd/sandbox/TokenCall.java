package io.refreshd.sandbox;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A redemption that a test puts together, over real HTTP. */
final class TokenCall {

  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI uri;
  private final Map<String, String> form = new LinkedHashMap<>();
  private final HttpRequest.Builder request;

  TokenCall(URI uri) {
    this.uri = uri;
    this.request = HttpRequest.newBuilder(uri);
    form.put("grant_type", "refresh_token");
  }

  TokenCall with(String name, String value) {
    form.put(name, value);
    return this;
  }

  TokenCall without(String name) {
    form.remove(name);
    return this;
  }

  TokenCall header(String name, String value) {
    request.header(name, value);
    return this;
  }

  TokenCall basic(String id, String secret) {
    String text = encoded(id) + ":" + encoded(secret);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return header("Authorization", "Basic " + Base64.getEncoder().encodeToString(bytes));
  }

  HttpResponse<String> send() throws IOException, InterruptedException {
    return send("POST", body());
  }

  HttpResponse<String> send(String verb, String body) throws IOException, InterruptedException {
    return HTTP.send(request(verb, body), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> sendAsync() {
    return HTTP.sendAsync(request("POST", body()), HttpResponse.BodyHandlers.ofString());
  }

  /** The answer as JSON. */
  JsonNode json() throws IOException, InterruptedException {
    return parse(send().body());
  }

  /** The refresh token of the answer. */
  String refreshToken() throws IOException, InterruptedException {
    return json().get("refresh_token").stringValue();
  }

  static JsonNode parse(String text) {
    return JSON.readTree(text);
  }

  /** The claims of a JWT. */
  static JsonNode claims(JsonNode jwt) {
    String[] parts = jwt.stringValue().split("\\.", -1);
    return parse(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return uri.toString();
  }

  private HttpRequest request(String verb, String body) {
    return request
        .copy()
        .header("Content-Type", "application/x-www-form-urlencoded")
        .method(verb, HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  private String body() {
    return form.entrySet().stream()
        .map(parameter -> parameter.getKey() + "=" + encoded(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
