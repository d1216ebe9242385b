import { disputedSpans } from '../../src/domain/disputed-spans.js';
import type { Scene } from '../../src/schema/scene.js';
import type { BlockFrame } from '../../src/schema/verdict.js';

const at = (timeS: number, rate: number, scene: Scene = 'porn'): BlockFrame => ({
  sample: timeS,
  offset: Math.floor(timeS),
  timeS,
  rate,
  label: scene,
  scene,
  detectors: [],
});

describe('disputed spans', () => {
  it('begin with the one of the highest rate, each some seconds longer than its frames', () => {
    const spans = disputedSpans([at(10, 60), at(20, 70), at(90, 95), at(93, 80)], 100, []);
    expect(spans).toEqual([
      { scene: 'porn', startS: 87, endS: 96, rate: 95, clip: null },
      { scene: 'porn', startS: 7, endS: 23, rate: 70, clip: null },
    ]);
  });

  it('are told apart by scene, and end with the video', () => {
    const spans = disputedSpans([at(1, 60), at(2, 80, 'ad'), at(9, 60)], 10, []);
    expect(spans.map(({ scene, startS, endS }) => [scene, startS, endS])).toEqual([
      ['ad', 0, 5],
      ['porn', 0, 10],
    ]);
  });

  it('name the clip that shows most of them', () => {
    const clips = [
      { startS: 0, endS: 8 },
      { startS: 7, endS: 20 },
    ];
    expect(disputedSpans([at(8, 60)], 100, clips).map(({ clip }) => clip)).toEqual([1]);
    expect(disputedSpans([at(50, 60)], 100, clips).map(({ clip }) => clip)).toEqual([null]);
  });
});
