import { useEffect, useRef, useState } from 'preact/hooks';
import type { ClaimUse } from '../../../src/schema/console/queue.js';
import type { Claim } from '../../../src/schema/review.js';
import { ConsoleFailure } from '../api.js';
import { useConsole } from '../console.js';

/** Renewals are at most one a minute. */
const RENEW_MS = 60_000;
const LOOK_MS = 10_000;
/** Who touched nothing for so long is away: the lease is left to end. */
const AWAY_MS = 180_000;

export interface Lease {
  /** Held by this member; `null`: not, or not any more. */
  claim: Claim | null;
  /** It was held and has been lost. */
  isLost: boolean;
  isBusy: boolean;
  take: () => Promise<void>;
  release: () => Promise<boolean>;
}

/** The right to decide a task: taken, renewed while the member is active, given back. `claim` is what the service last said. */
export function useLease(taskId: string, shown: Claim | null, reload: () => void): Lease {
  const { api, session, toast, explain } = useConsole();
  const path = `/tasks/${encodeURIComponent(taskId)}`;
  const [claim, setClaim] = useState<Claim | null>(null);
  const [isLost, setLost] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const touchedAt = useRef(Date.now());
  const renewedAt = useRef(Date.now());
  const mine = shown?.reviewer === session.member.name ? shown : null;
  useEffect(() => {
    setLost((before) => (mine === null ? before || claim !== null : false));
    setClaim(mine);
  }, [mine?.claimId, shown?.claimId]);
  useEffect(() => {
    const touched = () => {
      touchedAt.current = Date.now();
    };
    const events = ['pointerdown', 'pointermove', 'keydown', 'wheel'] as const;
    for (const event of events) addEventListener(event, touched, { passive: true });
    return () => {
      for (const event of events) removeEventListener(event, touched);
    };
  }, []);
  useEffect(() => {
    if (claim === null) return;
    const timer = setInterval(() => {
      const now = Date.now();
      if (now > Date.parse(claim.until)) {
        setClaim(null);
        setLost(true);
        reload();
        return;
      }
      const isAway = now - touchedAt.current > AWAY_MS || document.visibilityState !== 'visible';
      if (isAway || now - renewedAt.current < RENEW_MS) return;
      renewedAt.current = now;
      const body = { claimId: claim.claimId } satisfies ClaimUse;
      api.ask<Claim>('POST', `${path}/renew`, { body }).then(setClaim, (error: unknown) => {
        if (!(error instanceof ConsoleFailure) || error.code !== 'ClaimLost') return;
        setClaim(null);
        setLost(true);
        reload();
      });
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [claim]);
  return {
    claim,
    isLost,
    isBusy,
    async take() {
      setBusy(true);
      try {
        setClaim(await api.ask<Claim>('POST', `${path}/claim`));
        setLost(false);
        renewedAt.current = Date.now();
      } catch (error) {
        toast('warning', explain(error));
      } finally {
        setBusy(false);
        reload();
      }
    },
    async release() {
      if (claim === null) return false;
      setBusy(true);
      try {
        await api.ask('POST', `${path}/release`, { body: { claimId: claim.claimId } satisfies ClaimUse });
        // Given back, not lost.
        setClaim(null);
        return true;
      } catch (error) {
        toast('warning', explain(error));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}
