/** Whether a file can have this key as its path: object keys are no paths, and one that a path would shorten (`a//b`, `../c`, `/d`) names none. */
export function isFilePath(key: string): boolean {
  return !key.includes('\0') && key.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}
