/** Thrown when a file is no image that IMM would take. Permanent. */
export class NotAnImageError extends Error {
  override name = 'NotAnImageError' as const;

  constructor(
    readonly path: string,
    /** What was found instead. */
    readonly detail: string,
    options?: ErrorOptions,
  ) {
    super(`${path} cannot be read as an image: expected JPEG, PNG, BMP, GIF or WebP, but ${detail}.`, options);
  }
}

/** Thrown when an image is larger than IMM takes. Permanent. */
export class ImageTooLargeError extends Error {
  override name = 'ImageTooLargeError' as const;

  constructor(
    readonly path: string,
    /** Number and unit. */
    readonly most: string,
    readonly received: string,
  ) {
    super(`${path} is too large: expected an image of at most ${most}, got ${received}. Shrink it.`);
  }
}
