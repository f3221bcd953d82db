package io.refreshd.schedule;

import org.quartz.impl.jdbcjobstore.JobStoreTX;

/**
 * The triggers in tables that all daemons share. Quartz finds them there by the name of its
 * scheduler, which must be the same for all; but within a process it also tells schedulers apart by
 * that name, and would take one that is still ending for the next one.
 */
@SuppressWarnings("unchecked") // one of JobStoreTX's own methods is not generic as it should be
public final class SharedJobStore extends JobStoreTX {

  private static final String NAME = "refreshd";

  @Override
  public void setInstanceName(String scheduler) {
    super.setInstanceName(NAME);
  }
}
