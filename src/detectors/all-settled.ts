/** Like Promise.all, but a failure waits for the others: until then they, or the threads that they asked, may be reading frames, which are borrowed. */
export async function allSettled<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
