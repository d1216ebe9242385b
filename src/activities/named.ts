/**
 * Does the work on a local copy of a source, and has what goes wrong speak of the source: where its copy lies is nobody's business, and helps nobody.
 * A `file:` source is known by its path.
 */
export async function named<T>(uri: string, path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Error && !uri.startsWith('file:')) error.message = error.message.replaceAll(path, uri);
    throw error;
  }
}
