import fc from 'fast-check';
import type { PacketKind } from '../../src/media/nal-units.js';
import { neededPackets, wantedPictures } from '../../src/media/needed-packets.js';

/** I: IDR, P: others may refer to it, b: none may, S: as b with parameter sets. */
function kindsOf(letters: string): PacketKind[] {
  return Array.from(letters, (letter) => ({
    isIdr: letter === 'I',
    isReference: letter === 'I' || letter === 'P',
    isPinned: letter === 'S',
  }));
}

function needed(letters: string, wanted: number[]): number[] {
  return neededPackets(kindsOf(letters), (index) => wanted.includes(index));
}

describe('the packets needed', () => {
  test('are those before a wanted one that it can refer to', () => {
    expect(needed('IPbPbPb', [4])).toEqual([0, 1, 3, 4]);
  });

  test('are none behind the last one wanted before an IDR picture', () => {
    expect(needed('IPPPIPPP', [1, 5])).toEqual([0, 1, 4, 5]);
  });

  test('are none of a group of pictures of which none is wanted', () => {
    expect(needed('IPbIPbIPb', [0, 8])).toEqual([0, 6, 7, 8]);
  });

  test('are all with parameter sets, and what those pictures refer to', () => {
    expect(needed('IPbIPSIPb', [0])).toEqual([0, 3, 4, 5]);
  });

  test('hold with each picture all that it can refer to', () => {
    const letters = fc.array(fc.constantFrom('I', 'P', 'P', 'b', 'b', 'S'), { maxLength: 60 });
    fc.assert(
      fc.property(letters, fc.array(fc.nat(59)), (rest, wanted) => {
        const kinds = kindsOf(`I${rest.join('')}`);
        const kept = new Set(neededPackets(kinds, (index) => wanted.includes(index)));
        kinds.forEach((kind, index) => {
          if (wanted.includes(index) || kind.isPinned) expect(kept).toContain(index);
          if (!kept.has(index)) return;
          for (let before = index; kinds[before]?.isIdr !== true; before--) {
            if (kinds[before - 1]?.isReference === true) expect(kept).toContain(before - 1);
          }
        });
      }),
    );
  });
});

describe('the pictures wanted', () => {
  const video = { timeBase: { num: 1, den: 10 }, firstPts: 100 };
  const plan = { kind: 'grid' as const, spacing: { num: 1, den: 1 }, count: 5 };
  // At 0, 0.7, 1, 1.3, 3.2, 3.9 and 4.1 s.
  const packets = { shown: [100, 107, 110, 113, 132, 139, 141] };
  const whole = { index: 0, from: 0, to: 5, startPts: null, nextStartPts: null };

  test('are the last with pts ≤ t', () => {
    const { shown, wanted } = wantedPictures(video, plan, whole, 0, packets, 3);
    expect(shown).toEqual([100, 110, 113, 113, 139]);
    expect([...wanted]).toEqual([100, 110, 113, 139]);
  });

  test('begin with the first sample asked for', () => {
    expect(wantedPictures(video, plan, whole, 3, packets, 3).shown).toEqual([113, 139]);
  });

  test('are also those that prove the starts of a segment and of the next', () => {
    const segment = { index: 1, from: 1, to: 4, startPts: 7, nextStartPts: 32 };
    const { shown, wanted } = wantedPictures(video, plan, segment, 1, packets, 2);
    expect(shown).toEqual([110, 113, 113]);
    expect([...wanted].sort()).toEqual([107, 110, 113, 132, 139]);
  });

  test('are the first where none is at or before a sample', () => {
    expect(wantedPictures({ ...video, firstPts: 95 }, plan, whole, 0, { shown: [100] }, 3).shown[0]).toBe(100);
  });
});
