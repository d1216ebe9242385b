import { heartbeat } from '@temporalio/activity';

const EVERY_MS = 1000;

/** Heartbeats while the work goes on. For work that bounds its own standstills; elsewhere a heartbeat by the clock would hide them. */
export async function heartbeating<T>(work: Promise<T>): Promise<T> {
  const timer = setInterval(() => {
    heartbeat();
  }, EVERY_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}
