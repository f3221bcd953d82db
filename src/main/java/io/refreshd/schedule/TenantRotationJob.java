package io.refreshd.schedule;

import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.SchedulerException;

/**
 * Quartz's call at the time that a tenant's earliest grant is due. The job's name is the tenant.
 */
public final class TenantRotationJob implements Job {

  static final String SCHEDULER = "rotation-scheduler";

  @Override
  public void execute(JobExecutionContext context) throws JobExecutionException {
    try {
      String tenant = context.getJobDetail().getKey().getName();
      Object scheduler = context.getScheduler().getContext().get(SCHEDULER);
      if (scheduler instanceof RotationScheduler owner) {
        owner.fire(tenant);
      }
    } catch (SchedulerException e) {
      throw new JobExecutionException(e);
    }
  }
}
