/**
 * Takes the steps one after another, each whatever became of those before it: what is let go of at the end must not depend on what went wrong.
 * Throws what the first of them that failed did.
 */
export async function everyStep(steps: readonly (() => unknown)[]): Promise<void> {
  const failures: { error: unknown }[] = [];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push({ error });
    }
  }
  const [first] = failures;
  if (first !== undefined) throw first.error;
}
