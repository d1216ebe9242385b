/** Formats that are read, by IMM's list. */
export const IMAGE_FORMATS = ['jpeg', 'png', 'bmp', 'gif', 'webp'] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/** What is known of an image before any pixel of it is decoded. */
export interface ImageInfo {
  format: ImageFormat;
  /** As displayed, that is after rotation. */
  widthPx: number;
  /** As displayed, that is after rotation. */
  heightPx: number;
  /** Pictures of an animation; parts of a long image that is looked at part by part; else 1. */
  frameCount: number;
  kind: 'still' | 'animated' | 'long';
}
