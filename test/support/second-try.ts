/**
 * Tests of whole servers and commands share two busy cores, and the best of them may come too late once in thousands. In CI each has a second try, whose
 * reason is printed and which the last lines of the run name; elsewhere it fails at once, for somebody to look into.
 */
if (process.env['CI'] !== undefined) jest.retryTimes(1, { logErrorsBeforeRetry: true, retryImmediately: true });
