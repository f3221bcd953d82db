package io.refreshd.schedule;

import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.SchedulerException;

/**
 * Quartz's call when something in a partition is due: one daemon at a time works on it. The job's
 * name is the partition's number.
 */
@DisallowConcurrentExecution
public final class PartitionJob implements Job {

  static final String TURNS = "turns";

  @Override
  public void execute(JobExecutionContext context) throws JobExecutionException {
    try {
      int number = Integer.parseInt(context.getJobDetail().getKey().getName());
      if (context.getScheduler().getContext().get(TURNS) instanceof Turns turns) {
        turns.take(number);
      }
    } catch (SchedulerException e) {
      throw new JobExecutionException(e);
    }
  }
}
