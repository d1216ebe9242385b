import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { ExposureReport, ExposureView } from '../../../src/schema/console/session.js';
import { useConsole } from '../console.js';
import { createStopwatch } from './exposure.js';

const REPORT_MS = 15_000;
/** More is not taken in one report. */
const MOST_S = 120;

/** Reports how long material is seen: while `isSeen`, and only while the window is. */
export function useExposure(isSeen: boolean): void {
  const { api, session, changeSession, toast, t, format } = useConsole();
  const latest = useRef(session);
  latest.current = session;
  const watch = useMemo(createStopwatch, []);
  const report = (keepalive: boolean) => {
    const seconds = watch.take(performance.now(), MOST_S);
    if (seconds < 0.2) return;
    const body = { seconds } satisfies ExposureReport;
    api.ask<ExposureView>('POST', '/me/exposure', { body, keepalive }).then(
      (exposure) => {
        const { budgetSeconds } = exposure;
        const wasSpent = budgetSeconds !== null && latest.current.exposure.seconds >= budgetSeconds;
        if (budgetSeconds !== null && !wasSpent && exposure.seconds >= budgetSeconds)
          toast('warning', t('exposure.spent', { budget: format.duration(budgetSeconds) }));
        changeSession((before) => ({ ...before, exposure }));
      },
      () => undefined,
    );
  };
  useEffect(() => {
    const follow = () => {
      if (isSeen && document.visibilityState === 'visible') watch.start(performance.now());
      else watch.stop(performance.now());
    };
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      watch.stop(performance.now());
    };
  }, [isSeen]);
  useEffect(() => {
    const timer = setInterval(() => {
      report(false);
    }, REPORT_MS);
    return () => {
      clearInterval(timer);
    };
  });
  useEffect(() => {
    const leave = () => {
      watch.stop(performance.now());
      report(true);
    };
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leave();
    };
  }, []);
}
