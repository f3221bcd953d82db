package io.refreshd.entra;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hc.client5.http.DnsResolver;

/**
 * Looks names up within a time limit. The JDK's own look-up can neither be interrupted nor limited,
 * and a dead resolver would hold an exchange beyond its deadline.
 */
final class NameLookup implements DnsResolver, AutoCloseable {

  private final ExecutorService threads = Executors.newCachedThreadPool(NameLookup::thread);
  private final Map<Thread, Future<InetAddress[]>> awaited = new ConcurrentHashMap<>();
  private final Duration limit;
  private final Resolver resolver;

  /** Who knows the addresses. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  NameLookup(Duration limit) {
    this(limit, InetAddress::getAllByName);
  }

  NameLookup(Duration limit, Resolver resolver) {
    this.limit = limit;
    this.resolver = resolver;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    Future<InetAddress[]> answer = threads.submit(() -> resolver.addresses(host));
    awaited.put(Thread.currentThread(), answer);
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | CancellationException e) {
      throw unknown(host, e);
    } catch (ExecutionException e) {
      throw unknown(host, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unknown(host, e);
    } finally {
      awaited.remove(Thread.currentThread());
    }
  }

  /** Nobody waits any more for what is being looked up. */
  void giveUpAll() {
    awaited.values().forEach(answer -> answer.cancel(true));
  }

  @Override
  public String resolveCanonicalHostname(String host) throws UnknownHostException {
    return resolve(host)[0].getCanonicalHostName();
  }

  private static UnknownHostException unknown(String host, Throwable cause) {
    UnknownHostException unknown = new UnknownHostException(host);
    unknown.initCause(cause);
    return unknown;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "refreshd-name-lookup");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() {
    giveUpAll();
    threads.shutdownNow();
  }
}
