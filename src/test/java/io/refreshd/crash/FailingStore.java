package io.refreshd.crash;

import io.refreshd.rotation.Attempt;
import io.refreshd.rotation.Commit;
import io.refreshd.rotation.LeaseTerms;
import io.refreshd.rotation.TokenStore;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A token store with failpoints around what a rotation asks of it. */
final class FailingStore implements InvocationHandler {

  private final TokenStore store;
  private final Failpoint failpoint;

  private FailingStore(TokenStore store, Failpoint failpoint) {
    this.store = store;
    this.failpoint = failpoint;
  }

  static TokenStore around(TokenStore store, Failpoint failpoint) {
    return (TokenStore)
        Proxy.newProxyInstance(
            TokenStore.class.getClassLoader(),
            new Class<?>[] {TokenStore.class},
            new FailingStore(store, failpoint));
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    Object last = arguments == null ? "" : arguments[arguments.length - 1];
    if (last instanceof LeaseTerms terms) {
      failpoint.reach(Step.BEFORE_LEASE, terms.grant());
    } else if (last instanceof Attempt attempt) {
      failpoint.reach(Step.BEFORE_RECORD, attempt.grant());
    }
    Object answer = ask(method, arguments);
    if (last instanceof LeaseTerms terms && answer instanceof Supplier<?> ahead) {
      return (Supplier<?>) () -> leased(terms, ahead.get());
    } else if (last instanceof LeaseTerms terms) {
      return leased(terms, answer);
    } else if (last instanceof Attempt attempt) {
      failpoint.reach(Step.AFTER_RECORD, attempt.grant());
    } else if (last instanceof Commit commit) {
      failpoint.reach(Step.AFTER_COMMIT, commit.grant());
      if (answer == TokenStore.Kept.HELD) {
        failpoint.reach(Step.AFTER_SPOOLING, commit.grant());
        failpoint.reach(Step.IN_SPOOLING, commit.grant());
      }
    }
    return answer;
  }

  private @Nullable Object leased(LeaseTerms terms, @Nullable Object answer) {
    if (answer instanceof Optional<?> leased && leased.isPresent()) {
      failpoint.reach(Step.AFTER_LEASE, terms.grant());
    }
    return answer;
  }

  private @Nullable Object ask(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
