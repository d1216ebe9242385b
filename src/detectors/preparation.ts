/** To be raised with every change that can alter a prepared input: it is part of the detectors' digests. */
export const PREPARATION_VERSION = 1;
