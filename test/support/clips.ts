import { join } from 'node:path';
import { ROOT } from './build.js';

/** Where the clips of the tests lie, see its README. */
export const CLIPS = join(ROOT, 'test', 'clips');
/** The parrot of the samples, small: what costs little to moderate and waits for a person then. */
export const PARROT = join(CLIPS, 'parrot.mp4');
