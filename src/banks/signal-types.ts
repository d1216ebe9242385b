/** Sorts of hashes that a bank can hold. */
export type HashType = 'pdq' | 'vpdq' | 'md5' | 'sha256';

/** What Hasher-Matcher-Actioner (`signal_type`) and ThreatExchange (`type` of an indicator) call them, in lower case. */
const NAMES: Readonly<Record<string, HashType>> = {
  pdq: 'pdq',
  hash_pdq: 'pdq',
  pdq_hash: 'pdq',
  vpdq: 'vpdq',
  video_vpdq: 'vpdq',
  hash_vpdq: 'vpdq',
  md5: 'md5',
  video_md5: 'md5',
  photo_md5: 'md5',
  vmd5: 'md5',
  hash_md5: 'md5',
  hash_video_md5: 'md5',
  sha256: 'sha256',
  'sha-256': 'sha256',
  hash_sha256: 'sha256',
};

/** The sort of hashes that has this name; `null`: one that banks do not hold, such as TMK or PhotoDNA. */
export function hashTypeNamed(name: string): HashType | null {
  return NAMES[name.trim().toLowerCase()] ?? null;
}
