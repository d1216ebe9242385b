import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RefObject } from 'preact';
import type { FrameView, TaskView } from '../../../src/schema/console/task.js';
import { createClock, type Clock } from '../clock.js';
import { clipAt, frameAt, neighbourSpan } from './timeline.js';

/** What the stage shows. */
export type Showing =
  { kind: 'clip'; index: number } | { kind: 'whole' } | { kind: 'frame'; frame: FrameView } | { kind: 'nothing' };

export interface Playback {
  /** Seconds from the first frame of the video, whatever plays. */
  clock: Clock;
  showing: Showing;
  isPlaying: boolean;
  isMuted: boolean;
  /** Whether the video cannot be played by this browser. */
  hasFailed: boolean;
  rate: number;
  video: RefObject<HTMLVideoElement | null>;
  /** Shows an instant: of the whole video, of the clip that has it, or as the nearest frame. */
  seek: (timeS: number) => void;
  showFrame: (frame: FrameView) => void;
  /** Plays the whole source, or the clips again. */
  setWhole: (isWhole: boolean) => void;
  toggle: () => void;
  toggleMuted: () => void;
  setRate: (rate: number) => void;
  stepSpan: (step: -1 | 1) => void;
}

/** Where the video begins at first: at what the machine could not settle. */
function firstShowing({ disputed, clips, frames, source }: TaskView): { showing: Showing; timeS: number } {
  const disputedFirst = disputed.find(({ clip }) => clip !== null && clips[clip]?.path != null);
  const index = disputedFirst?.clip ?? clips.findIndex(({ path }) => path !== null);
  const clip = clips[index];
  if (clip !== undefined && clip.path !== null) {
    return { showing: { kind: 'clip', index }, timeS: Math.max(clip.startS, disputedFirst?.startS ?? clip.startS) };
  }
  const startS = disputed[0]?.startS ?? frames[0]?.timeS ?? 0;
  const frame = frameAt(frames, startS);
  if (frame !== null) return { showing: { kind: 'frame', frame }, timeS: frame.timeS };
  if (source.isPlayable) return { showing: { kind: 'whole' }, timeS: startS };
  return { showing: { kind: 'nothing' }, timeS: 0 };
}

/** Plays clips, frames and the source of a task as one video. */
export function usePlayback(view: TaskView, startsMuted: boolean): Playback {
  const first = firstShowing(view);
  const clock = useMemo(createClock, [view.taskId]);
  const video = useRef<HTMLVideoElement>(null);
  const [showing, setShowing] = useState<Showing>(first.showing);
  const [isPlaying, setPlaying] = useState(false);
  const [isMuted, setMuted] = useState(startsMuted);
  const [hasFailed, setFailed] = useState(false);
  const [rate, setRate] = useState(1);
  // Where the next video is to begin once its length is known.
  const wanted = useRef({ timeS: first.timeS, plays: !matchMedia('(prefers-reduced-motion: reduce)').matches });
  const startS = showing.kind === 'clip' ? (view.clips[showing.index]?.startS ?? 0) : 0;
  const shown = showing.kind === 'clip' ? `clip ${showing.index}` : showing.kind;

  useEffect(() => {
    clock.set(first.timeS);
  }, []);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    setFailed(false);
    let frame = 0;
    const tick = () => {
      clock.set(startS + element.currentTime);
      frame = element.paused ? 0 : requestAnimationFrame(tick);
    };
    const follow = () => {
      setPlaying(!element.paused);
      cancelAnimationFrame(frame);
      tick();
    };
    const ready = () => {
      element.currentTime = Math.max(0, wanted.current.timeS - startS);
      if (wanted.current.plays) void element.play().catch(() => undefined);
    };
    const failed = () => {
      setFailed(true);
    };
    if (element.readyState >= HTMLMediaElement.HAVE_METADATA) ready();
    element.addEventListener('loadedmetadata', ready);
    element.addEventListener('play', follow);
    element.addEventListener('pause', follow);
    element.addEventListener('seeked', follow);
    element.addEventListener('error', failed);
    return () => {
      cancelAnimationFrame(frame);
      setPlaying(false);
      element.removeEventListener('loadedmetadata', ready);
      element.removeEventListener('play', follow);
      element.removeEventListener('pause', follow);
      element.removeEventListener('seeked', follow);
      element.removeEventListener('error', failed);
    };
  }, [shown, startS]);
  useEffect(() => {
    if (video.current !== null) video.current.playbackRate = rate;
  }, [rate, shown]);

  const change = (next: Showing, timeS: number, plays: boolean) => {
    wanted.current = { timeS, plays };
    clock.set(timeS);
    setShowing(next);
  };
  /** Whether the member has chosen what is shown. */
  const isChosen = useRef(false);
  const choose: typeof change = (...next) => {
    isChosen.current = true;
    change(...next);
  };
  // Of a task that ran when it was opened there is more to see as it goes on: nothing at first, then frames, then clips.
  useEffect(() => {
    const isLess = showing.kind === 'nothing' || showing.kind === 'frame';
    if (isLess && !isChosen.current && first.showing.kind !== showing.kind) change(first.showing, first.timeS, false);
  }, [showing.kind, first.showing.kind]);
  const seek = (timeS: number) => {
    const at = Math.min(Math.max(0, timeS), view.durationS ?? timeS);
    const index = clipAt(view.clips, at);
    const element = video.current;
    const isHere = showing.kind === 'whole' || (showing.kind === 'clip' && index === showing.index);
    if (isHere && element !== null) {
      wanted.current.timeS = at;
      element.currentTime = Math.max(0, at - startS);
      clock.set(at);
    } else if (index !== null) choose({ kind: 'clip', index }, at, isPlaying);
    else {
      const frame = frameAt(view.frames, at);
      if (frame !== null) choose({ kind: 'frame', frame }, at, false);
    }
  };
  return {
    clock,
    showing,
    isPlaying,
    isMuted,
    hasFailed,
    rate,
    video,
    seek,
    showFrame(frame) {
      choose({ kind: 'frame', frame }, frame.timeS, false);
    },
    setWhole(isWhole) {
      const now = clock.get();
      const index = clipAt(view.clips, now);
      if (isWhole) choose({ kind: 'whole' }, now, isPlaying);
      else if (index !== null) choose({ kind: 'clip', index }, now, isPlaying);
      else choose(first.showing, first.timeS, false);
    },
    toggle() {
      const element = video.current;
      if (element === null) {
        // From a frame on: the clip that has it, or what plays first.
        const index = clipAt(view.clips, clock.get());
        if (index !== null) choose({ kind: 'clip', index }, clock.get(), true);
        else if (first.showing.kind !== 'frame') choose(first.showing, first.timeS, true);
      } else if (element.paused) void element.play().catch(() => undefined);
      else element.pause();
    },
    toggleMuted() {
      setMuted((before) => !before);
    },
    setRate,
    stepSpan(step) {
      const span = neighbourSpan(view.disputed, clock.get(), step);
      if (span !== null) seek(span.startS);
    },
  };
}
