package io.refreshd.schedule;

import io.refreshd.rotation.Partition;
import io.refreshd.rotation.RotationPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobKey;
import org.quartz.JobPersistenceException;
import org.quartz.ObjectAlreadyExistsException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Quartz job per partition, each with one trigger at the time that its earliest grant is due.
 * In the memory of the one daemon, or in tables of the store that all daemons share.
 */
final class PartitionTriggers {

  private static final Logger LOG = LoggerFactory.getLogger(PartitionTriggers.class);

  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Of the ten seconds that a stop may take. */
  private static final Duration TO_END = Duration.ofMillis(300);

  private final Turns turns;
  private final @Nullable Sharing sharing;

  /** {@code null} while it calls for nothing. */
  private volatile @Nullable Scheduler quartz;

  private volatile boolean isStopped;
  private boolean isStarted;
  private boolean standsBack;

  /**
   * Starts nothing yet.
   *
   * @param sharing {@code null} where there is one daemon only
   */
  PartitionTriggers(Turns turns, @Nullable Sharing sharing) {
    this.turns = turns;
    this.sharing = sharing;
  }

  boolean isShared() {
    return sharing != null;
  }

  /** From now on it calls for what is armed, unless it stands back; writes nothing itself. */
  synchronized void start() {
    isStarted = true;
    begin();
  }

  private void begin() {
    if (!isStarted || isStopped || standsBack || quartz != null) {
      return;
    }
    try {
      Scheduler made = new StdSchedulerFactory(properties()).getScheduler();
      quartz = made;
      made.getContext().put(PartitionJob.TURNS, turns);
      made.start();
    } catch (SchedulerException e) {
      end();
      throw new IllegalStateException("quartz does not start: " + e.getMessage(), e);
    }
  }

  /** A partition whose daemon was killed goes to another one at once: it asks for recovery. */
  private static JobDetail job(Partition partition) {
    return JobBuilder.newJob(PartitionJob.class)
        .withIdentity(name(partition))
        .storeDurably()
        .requestRecovery()
        .build();
  }

  private Properties properties() {
    int number = COUNT.incrementAndGet();
    Properties properties = new Properties();
    // in this process each has its own: one that is ending must not be taken for the next one
    properties.setProperty("org.quartz.scheduler.instanceName", "refreshd-" + number);
    properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
    properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
    properties.setProperty("org.quartz.threadPool.makeThreadsDaemons", "true");
    properties.setProperty("org.quartz.scheduler.makeSchedulerThreadDaemon", "true");
    if (sharing == null) {
      properties.setProperty("org.quartz.threadPool.threadCount", "1"); // there is one partition
      properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
    } else {
      share(properties, sharing, number);
    }
    return properties;
  }

  /** A daemon that has not checked in for 7.5 s and an interval is taken for dead by Quartz. */
  private static void share(Properties properties, Sharing sharing, int number) {
    String jobs = "org.quartz.jobStore.";
    properties.setProperty("org.quartz.scheduler.instanceId", sharing.node() + "-" + number);
    properties.setProperty("org.quartz.scheduler.dbFailureRetryInterval", "2000");
    properties.setProperty("org.quartz.threadPool.threadCount", "" + sharing.atOnce());
    properties.setProperty(jobs + "class", SharedJobStore.class.getName());
    properties.setProperty(
        jobs + "driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
    properties.setProperty(jobs + "dataSource", sharing.connections());
    properties.setProperty(jobs + "tablePrefix", "quartz_");
    properties.setProperty(jobs + "useProperties", "true");
    properties.setProperty(jobs + "isClustered", "true");
    properties.setProperty(jobs + "clusterCheckinInterval", "3000");
    properties.setProperty(jobs + "dbRetryInterval", "2000");
    properties.setProperty(jobs + "makeThreadsDaemons", "true");
  }

  /**
   * Calls for the partition at the instant, or at once if it has passed; an earlier time stands. A
   * rotation that ends after the stop arms nothing: its time is in the store.
   */
  synchronized void armNoLaterThan(Partition partition, Instant at) {
    Scheduler running = quartz;
    if (running == null || at.equals(RotationPolicy.NEVER)) {
      return;
    }
    try {
      if (!running.isShutdown()) {
        arm(running, partition, at);
      }
    } catch (ObjectAlreadyExistsException e) {
      LOG.debug("another daemon has armed partition {}", partition.number());
    } catch (JobPersistenceException e) {
      // the watchman comes by within the minute, and takes what is due without Quartz
      LOG.warn("the triggers cannot be written: {}", e.getMessage());
    } catch (SchedulerException e) {
      throw new IllegalStateException(
          "quartz does not take the next rotation of partition " + partition.number(), e);
    }
  }

  /** Asked of Quartz each time: another daemon may have changed what this one has armed. */
  private static void arm(Scheduler running, Partition partition, Instant at)
      throws SchedulerException {
    Trigger standing = running.getTrigger(TriggerKey.triggerKey(name(partition)));
    if (standing == null) {
      // its job is written here and not at the start, which must not fail for a database away
      if (!running.checkExists(JobKey.jobKey(name(partition)))) {
        running.addJob(job(partition), true);
      }
      running.scheduleJob(trigger(partition, at));
      return;
    }
    Date next = standing.getNextFireTime();
    if (next == null || next.toInstant().isAfter(at)) {
      running.rescheduleJob(standing.getKey(), trigger(partition, at));
    }
  }

  /**
   * Whether Quartz has left a time behind for so long that it will not come to it any more, on
   * whichever daemon; or has never taken one.
   */
  boolean isForgotten(Partition partition, Instant since) {
    Scheduler known = quartz;
    if (known == null) {
      return true;
    }
    try {
      TriggerKey key = TriggerKey.triggerKey(name(partition));
      Trigger armed = known.getTrigger(key);
      if (armed == null) {
        return !known.checkExists(JobKey.jobKey(name(partition)));
      }
      Date next = armed.getNextFireTime();
      return known.getTriggerState(key) == Trigger.TriggerState.ERROR
          || (next != null && next.toInstant().isBefore(since) && !turns.has(partition));
    } catch (SchedulerException e) {
      LOG.warn("the triggers cannot be read: {}", e.getMessage());
      return true;
    }
  }

  /**
   * Calls for nothing until told otherwise. Quartz's own standby is not enough: it goes on to look
   * for daemons that are dead, by a clock that may be why this one stands back, and to call for
   * their turns.
   */
  synchronized void standBack(boolean back) {
    standsBack = back;
    if (back) {
      end();
    } else {
      begin();
    }
  }

  /** Calls for nothing any more; a turn under way goes on. Waits no longer than a moment. */
  void stop() {
    isStopped = true;
    end();
  }

  private void end() {
    Scheduler known = quartz;
    quartz = null;
    if (known != null) {
      shutDown(known);
    }
  }

  /** Quartz waits for its own threads, and they wait for a database that hangs. */
  private static void shutDown(Scheduler known) {
    Thread thread = new Thread(() -> waitFor(known), "quartz-ending");
    thread.setDaemon(true);
    thread.start();
    try {
      thread.join(TO_END.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void waitFor(Scheduler known) {
    try {
      known.shutdown(false);
    } catch (SchedulerException e) {
      LOG.error("quartz does not stop: {}", e.getMessage());
    }
  }

  private static String name(Partition partition) {
    return Integer.toString(partition.number());
  }

  /** A time that was missed is made up for at once. */
  private static Trigger trigger(Partition partition, Instant at) {
    return TriggerBuilder.newTrigger()
        .withIdentity(name(partition))
        .forJob(name(partition))
        .startAt(Date.from(at))
        .withSchedule(
            SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionIgnoreMisfires())
        .build();
  }
}
