package io.refreshd.schedule;

import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.Properties;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SimpleScheduleBuilder;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.quartz.TriggerKey;
import org.quartz.impl.StdSchedulerFactory;

/** One Quartz job per tenant, each with one trigger at the time that its earliest grant is due. */
final class TenantTriggers {

  private final Scheduler quartz;

  TenantTriggers(RotationScheduler owner, String name) {
    try {
      Properties properties = new Properties();
      properties.setProperty("org.quartz.scheduler.instanceName", name);
      properties.setProperty("org.quartz.scheduler.skipUpdateCheck", "true");
      properties.setProperty("org.quartz.threadPool.threadCount", "2"); // jobs only fill the queue
      properties.setProperty("org.quartz.threadPool.class", "org.quartz.simpl.SimpleThreadPool");
      properties.setProperty("org.quartz.jobStore.class", "org.quartz.simpl.RAMJobStore");
      quartz = new StdSchedulerFactory(properties).getScheduler();
      quartz.getContext().put(TenantRotationJob.SCHEDULER, owner);
    } catch (SchedulerException e) {
      throw new IllegalStateException("quartz does not start", e);
    }
  }

  void start(Collection<String> tenants) {
    try {
      for (String tenant : tenants) {
        JobDetail job =
            JobBuilder.newJob(TenantRotationJob.class).withIdentity(tenant).storeDurably().build();
        quartz.addJob(job, true);
      }
      quartz.start();
    } catch (SchedulerException e) {
      throw new IllegalStateException("quartz does not start", e);
    }
  }

  /**
   * Fires the tenant's job at the instant, or at once if it has passed; an earlier time stands. A
   * rotation that ends after the stop arms nothing: its time is in the store.
   */
  synchronized void armNoLaterThan(String tenant, Instant at) {
    try {
      if (quartz.isShutdown()) {
        return;
      }
      Trigger armed = quartz.getTrigger(TriggerKey.triggerKey(tenant));
      if (armed == null) {
        quartz.scheduleJob(trigger(tenant, at));
      } else if (armed.getNextFireTime() == null
          || armed.getNextFireTime().toInstant().isAfter(at)) {
        quartz.rescheduleJob(armed.getKey(), trigger(tenant, at));
      }
    } catch (SchedulerException e) {
      throw new IllegalStateException(tenant + ": quartz does not take the next rotation", e);
    }
  }

  synchronized void stop() {
    try {
      quartz.shutdown(false);
    } catch (SchedulerException e) {
      throw new IllegalStateException("quartz does not stop", e);
    }
  }

  private static Trigger trigger(String tenant, Instant at) {
    return TriggerBuilder.newTrigger()
        .withIdentity(tenant)
        .forJob(tenant)
        .startAt(Date.from(at))
        .withSchedule(
            SimpleScheduleBuilder.simpleSchedule().withMisfireHandlingInstructionFireNow())
        .build();
  }
}
