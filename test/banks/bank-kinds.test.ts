import { KINDS } from '../../src/banks/bank-kinds.js';
import { detectorInfos } from '../../src/detectors/registry.js';
import { BANK_KINDS, type BankRef } from '../../src/schema/bank.js';
import { SCENES } from '../../src/schema/scene.js';

const BANK = { name: 'x', atMost: 'block', version: 1, digest: '0'.repeat(64), entries: 1 } as const;

const pairs = BANK_KINDS.flatMap((kind) => SCENES.map((scene) => ({ kind, scene })));

test.each(pairs)(
  'a bank of $kind can be made for $scene just where something looks for it with one',
  async ({ kind, scene }) => {
    const bank: BankRef = { ...BANK, kind, scene };
    const [without, having] = await Promise.all([detectorInfos([scene]), detectorInfos([scene], [bank])]);
    expect(JSON.stringify(having) !== JSON.stringify(without)).toBe(KINDS[kind].scenes.includes(scene));
  },
);
