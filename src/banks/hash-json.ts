import { listedFrame, MINIMUM_QUALITY, type HashIntake, type ListedFrame, type Place } from './hash-intake.js';
import { ImportProblemError, shown } from './import-problem.js';
import { hashTypeNamed, type HashType } from './signal-types.js';

type Fields = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** A field as text; ids come as numbers, too. */
const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;

/**
 * Takes in one JSON value: an object, or a list of them, or a page of ThreatExchange's answers (`{"data": […]}`).
 * Objects are Hasher-Matcher-Actioner's (`{"id", "signals": {"pdq": …}}`, `{"signal_type", "signal_str"}`) or ThreatExchange's
 * (`{"id", "indicator", "type"}`); what is to be deleted there is left out.
 * @throws {ImportProblemError}
 */
export function addJson(value: unknown, as: Exclude<HashType, 'vpdq'> | null, place: Place, intake: HashIntake): void {
  if (Array.isArray(value)) for (const each of value) addJson(each, as, place, intake);
  else if (!isObject(value))
    throw new ImportProblemError(
      place.file,
      place.line,
      `Expected objects with hashes, found ${shown(JSON.stringify(value))}.`,
    );
  else if (Array.isArray(value['data'])) addJson(value['data'], as, place, intake);
  else addObject(value, as, place, intake);
}

function addObject(object: Fields, as: Exclude<HashType, 'vpdq'> | null, place: Place, intake: HashIntake): void {
  const entry = textOf(object['id'] ?? object['entry'] ?? object['name'] ?? object['content_id']);
  const quality = object['quality'];
  if (object['should_delete'] === true) {
    intake.leave('that are to be deleted');
    return;
  }
  if (typeof quality === 'number' && quality < MINIMUM_QUALITY) {
    intake.leave(`with a quality below ${MINIMUM_QUALITY}`);
    return;
  }
  const signals = signalsOf(object, as);
  if (signals.length === 0)
    throw new ImportProblemError(
      place.file,
      place.line,
      `Expected an object with "signals", or with "indicator" and "type", found ${shown(JSON.stringify(object))}.`,
    );
  for (const [name, hash] of signals) {
    const type = hashTypeNamed(name);
    if (type === null) intake.leave(`of type ${name}, which banks do not hold`);
    else if (type === 'vpdq') addVpdqJson(hash, entry, place, intake);
    else intake.add(type, textOf(hash) ?? JSON.stringify(hash), entry, place);
  }
}

/** Type and hash of each signal that an object holds. */
function signalsOf(object: Fields, as: string | null): (readonly [type: string, hash: unknown])[] {
  if (isObject(object['signals'])) return Object.entries(object['signals']);
  const hash = object['indicator'] ?? object['signal_str'] ?? object['signal'] ?? object['hash'];
  const type = textOf(object['type'] ?? object['signal_type'] ?? object['hash_type']) ?? as;
  if (hash !== undefined && type !== null) return [[type, hash]];
  return Object.entries(object).filter(([name, value]) => hashTypeNamed(name) !== null && value !== null);
}

/**
 * A vPDQ signal: a list of `hash,quality,timestamp` texts or of objects of these names, possibly as JSON text.
 * @param entry `null`: the video is called by its first hash
 * @throws {ImportProblemError}
 */
export function addVpdqJson(signal: unknown, entry: string | null, place: Place, intake: HashIntake): void {
  const list: unknown = typeof signal === 'string' ? parsed(signal) : signal;
  if (!Array.isArray(list) || list.length === 0)
    throw new ImportProblemError(
      place.file,
      place.line,
      `Expected vPDQ as a list of frames in JSON, found ${shown(String(signal))}.`,
    );
  const frames = list.map((each: unknown) => frameOf(each, place));
  intake.addVideo(entry ?? (frames[0] as ListedFrame).hash, frames, place);
}

function frameOf(value: unknown, place: Place): ListedFrame {
  if (typeof value === 'string') {
    const [hash = '', quality = '', timestamp = ''] = value.split(',');
    return listedFrame(['0', quality, hash, timestamp], place);
  }
  const { hash, quality, timestamp } = isObject(value) ? value : {};
  return listedFrame(['0', textOf(quality) ?? '', textOf(hash) ?? '', textOf(timestamp) ?? ''], place);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
